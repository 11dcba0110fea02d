"""By how much the meaning of a damaged file differs from that of the undamaged one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .contents import Contents, Values
from .power import Power
from .roles import WORDS, Layer, Role, role

# Of what no table says: how far the ends of a model may differ in units of their rms.
_END = 1e-3
# How much larger a fault has to be in a state that is not judged as the recorded h and c are. An initial
# state is seen through one step, which halves it or does worse. What was returned may be of another run than
# they: it is held against the certified bound of a step, where it is merged of the run from its start.
_SEEN_LESS = {"initial state": 10.0, "returned state": 10.0, "merged output": 100.0}


@dataclass(frozen=True)
class Difference:
    """size: in units of the smallest fault of its kind that is always found.

    Infinite where any change matters, 0 where none does.
    """

    path: str
    kind: str
    size: float
    words: str

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.kind}, {self.words}: {self.size:.3g} times the smallest fault that is found"
        )


@dataclass(frozen=True)
class Comparison:
    """changed: the numbers and attributes that differ.   gone, new: the paths that only one of the files has.

    unreadable: whether h5py gave up at some, or found nothing stored.
    """

    changed: tuple[Difference, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    unreadable: bool

    @property
    def is_none(self) -> bool:
        """Whether both files hold the same."""
        return not (self.changed or self.gone or self.new or self.unreadable)

    @property
    def silent(self) -> tuple[Difference, ...]:
        """What must not pass as a match."""
        return tuple(difference for difference in self.changed if difference.size >= 1)


def compare(old: Contents, new: Contents, power: Power, noise: float) -> Comparison:
    """The undamaged contents and the damaged ones.

    noise: how far honest arithmetic is off on these data, in units of what is usual; at least 1.
    """
    return Comparison(
        (*_attributes(old, new), *_arrays(old, new, power, noise)),
        tuple(
            sorted((old.arrays.keys() - new.arrays.keys()) | (old.attributes.keys() - new.attributes.keys()))
        ),
        tuple(
            sorted((new.arrays.keys() - old.arrays.keys()) | (new.attributes.keys() - old.attributes.keys()))
        ),
        bool((new.unreadable | new.unwritten) - (old.unreadable | old.unwritten)),
    )


def _attributes(old: Contents, new: Contents) -> Iterator[Difference]:
    for path in sorted(old.attributes.keys() & new.attributes.keys()):
        was, became = old.attributes[path], new.attributes[path]
        if was != became:
            size = 0.0 if path.rpartition("@")[2] in WORDS else float("inf")
            yield Difference(path, "attribute", size, f"{was} became {became}"[:200])


def _arrays(old: Contents, new: Contents, power: Power, noise: float) -> Iterator[Difference]:
    for path in sorted(old.arrays.keys() & new.arrays.keys()):
        was, became = old.arrays[path], new.arrays[path]
        if was.shape == became.shape and np.array_equal(was, became, equal_nan=was.dtype.kind == "f"):
            continue
        found = role(path, old)
        if found is None:
            yield Difference(path, "not judged", 0, "")
        elif was.shape != became.shape:
            yield Difference(path, found.kind, float("inf"), f"shape {was.shape} became {became.shape}")
        else:
            sizes = _sizes(path, found, was, became, old, power) / noise
            at = np.unravel_index(int(np.argmax(sizes)), sizes.shape)
            index = tuple(int(number) for number in at)
            yield Difference(
                path, found.kind, float(sizes[at]), f"{index}: {was[at]!s} became {became[at]!s}"
            )


def _sizes(
    path: str, found: Role, was: Values, became: Values, old: Contents, power: Power
) -> npt.NDArray[np.float64]:
    """Of each number its change, in units of the smallest that is found; shaped as they are."""
    with np.errstate(all="ignore"):
        change = np.abs(became.astype(np.float64) - was.astype(np.float64))
    change = np.where((became == was) | (np.isnan(became) & np.isnan(was)), 0, change)
    change = np.where(np.isfinite(change), change, np.inf)
    if found.kind == "end":
        # Only another reference can contradict it.
        pairs = len({path.split("/")[1] for path in old.arrays if "/model/" in path})
        limit = 0.0 if was.dtype.kind != "f" else _END * _rms(was)
        return _ratio(change, limit) if pairs > 1 else np.zeros_like(change)
    if found.kind == "steps" or found.layer is None:
        return _ratio(change, 0)
    layer = found.layer
    if found.kind == "state" or found.kind in _SEEN_LESS:
        largest = max(1.0, _rms(was)) * layer.roundoff * _SEEN_LESS.get(found.kind, 1.0)
        return _ratio(_of_valid(change, layer), power.limits["state", layer.cell] * largest)
    if found.kind == "input":
        return _of_input(change, was, layer, old, power)
    # Some are there and unused: any value will do.
    change = np.where(layer.unused(was.shape), 0, change)
    limit = power.limits[found.kind, layer.cell] * layer.roundoff
    drawn = 1 / np.sqrt(3 * layer.hidden_size)
    scale = max(_rms(was), drawn)
    if found.kind == "bias" or path.endswith(("/P", "/weight_hr")):
        return _ratio(change, limit * scale)
    # A weight matters by what it multiplies: its columns, or its rows in Keras and Flax, read one unit each.
    axis = 0 if path.endswith("kernel") else 1
    reach = _reach(path, found.kind, was.shape[axis], layer, old)
    reached = change * (reach[:, None] if axis == 0 else reach[None, :])
    return _ratio(reached, limit * scale * float(reach.max()))


def _of_input(
    change: npt.NDArray[np.float64], was: Values, layer: Layer, old: Contents, power: Power
) -> npt.NDArray[np.float64]:
    """An element of the input matters by the weights that read it."""
    readers = []
    for path, values in old.arrays.items():
        if path.startswith(f"{layer.path}/") and (found := role(path, old)) and found.kind == "input weight":
            columns = values if path.endswith("kernel") else values.T
            if columns.shape[0] == was.shape[-1]:
                readers.append(np.abs(columns).max(axis=1))
    reach = np.max(readers, axis=0) if readers else np.ones(was.shape[-1])
    valid = _of_valid(change, layer)
    largest = np.abs(np.where(_of_valid(np.ones_like(change), layer) > 0, was, 0)).max()
    limit = power.limits["input weight", layer.cell] * layer.roundoff * float(reach.max()) * float(largest)
    return _ratio(valid * reach, limit)


def _reach(path: str, kind: str, size: int, layer: Layer, old: Contents) -> npt.NDArray[np.float64]:
    """(size): the largest that each of the weights' rows or columns multiplies."""
    read: list[Values] = []
    if kind == "input weight":
        read = [layer.input] if layer.input is not None else []
    else:
        direction = path.partition("/weights/")[0]
        names = ("h", "initial_state/h")
        read = [old.arrays[f"{direction}/{name}"] for name in names if f"{direction}/{name}" in old.arrays]
    tables = [np.abs(values).reshape(-1, size).max(axis=0) for values in read if values.shape[-1:] == (size,)]
    largest = np.max(tables, axis=0).astype(np.float64) if tables else np.ones(size)
    return largest if largest.max() > 0 else np.ones(size)


def _of_valid(change: npt.NDArray[np.float64], layer: Layer) -> npt.NDArray[np.float64]:
    """Zero where a sequence (T, B, …) is padding."""
    if change.ndim != 3:
        return change
    valid = layer.valid(change.shape[0], change.shape[1])
    return np.where(valid[:, :, None], change, 0)


def _ratio(change: npt.NDArray[np.float64], limit: float) -> npt.NDArray[np.float64]:
    with np.errstate(all="ignore"):
        return np.where(change > 0, change / limit if limit > 0 else np.inf, 0.0)


def _rms(values: Values) -> float:
    finite = values[np.isfinite(values)].astype(np.float64)
    return float(np.sqrt(np.mean(finite**2))) if finite.size else 0.0

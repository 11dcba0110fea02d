"""How far rounding moves what lies between layers, where there is no formula to judge by.

A boundary is an array of one run. K more runs, each with everything moved by one unit in the last place
at random, give K arrays beside it; the spread is the root mean square of their differences to it, over
the whole array and over every slice of every axis. No slice is below one unit in the last place of its
own rms value: two honest frameworks round at least that differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

EPSILONS = {"bfloat16": 2.0**-7, "float16": 2.0**-10, "float32": 2.0**-23, "float64": 2.0**-52}


@dataclass(frozen=True, eq=False)
class BoundarySpread:
    """whole: over all elements.   axes: for each axis of length n, (n), over all other axes.

    moved: of an integer boundary, whether any run moved any element.
    """

    whole: float
    axes: tuple[Floats, ...]
    moved: bool | None = None


@dataclass(frozen=True, eq=False)
class Spread:
    """boundaries: by path (see `case.boundaries`).   pinned: reference and file of `given=`.

    held: the same over as many runs that were given the reference's own recurrent outputs, which is what
        another recording that is pinned to this one is judged by; empty where the runs were pinned.
    """

    runs: int
    seed: int
    boundaries: Mapping[str, BoundarySpread]
    pinned: str | None = None
    held: Mapping[str, BoundarySpread] = field(default_factory=dict)


@dataclass
class SpreadMeasurement:
    """Accumulates runs; holds one number a slice, whatever the number of runs.

    recorded: the boundaries of the recorded run, by path.
    valid: (T, B) masks of those that have invalid steps, which do not count.
    formats: the float formats of arrays that are stored in a wider one, as "bfloat16".
    """

    recorded: Mapping[str, Array]
    valid: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    runs: int = 0
    _sums: dict[str, tuple[float, list[Floats]]] = field(default_factory=dict)
    _moved: set[str] = field(default_factory=set)

    def add(self, perturbed: Mapping[str, Array]) -> None:
        """One more run's boundaries, of the same names and shapes."""
        if perturbed.keys() != self.recorded.keys():
            difference = sorted(perturbed.keys() ^ self.recorded.keys())
            raise ValueError(f"a perturbed run has other boundaries: {', '.join(difference)}")
        self.runs += 1
        for name, values in self.recorded.items():
            moved = perturbed[name]
            if moved.shape != values.shape:
                raise ValueError(f"{name}: a perturbed run has shape {moved.shape}, not {values.shape}")
            squares = self._squares(name, values, moved)
            if np.any(squares):
                self._moved.add(name)
            whole, axes = self._sums.get(name, (0.0, [np.zeros(n) for n in values.shape]))
            self._sums[name] = (
                whole + float(squares.sum()),
                [total + _over_others(squares, axis) for axis, total in enumerate(axes)],
            )

    def result(self, seed: int, pinned: str | None = None) -> Spread:
        """The spread of the runs so far."""
        return Spread(self.runs, seed, {name: self._boundary(name) for name in self._sums}, pinned)

    def result_of_bare(self, seed: int) -> Spread:
        """Of bare recurrent layers, each fed what the one before returned: also with those outputs held.

        That needs no run: the input of the first moves as it does anyway, and every other boundary is what a
        recurrent layer returned, which does not move.
        """
        free = self.result(seed)
        unmoved = SpreadMeasurement(self.recorded, self.valid, self.formats)
        unmoved.add(self.recorded)
        held = dict(unmoved.result(seed).boundaries)
        held["layers/0/input"] = free.boundaries["layers/0/input"]
        return replace(free, held=held)

    def _squares(self, name: str, values: Array, moved: Array) -> Floats:
        wide, other = values.astype(np.float64), moved.astype(np.float64)
        # Equal infinities and NaN are no movement; any other that is not finite is an infinite one.
        with np.errstate(invalid="ignore", over="ignore"):
            same = (wide == other) | (np.isnan(wide) & np.isnan(other))
            squares = np.where(same, 0.0, (other - wide) ** 2)
        squares[np.isnan(squares)] = np.inf
        mask = self._mask(name, values)
        return squares if mask is None else np.where(mask, squares, 0.0)

    def _mask(self, name: str, values: Array) -> npt.NDArray[np.bool_] | None:
        valid = self.valid.get(name)
        if valid is None:
            return None
        return np.broadcast_to(valid.reshape(valid.shape + (1,) * (values.ndim - valid.ndim)), values.shape)

    def _boundary(self, name: str) -> BoundarySpread:
        values = self.recorded[name]
        whole, axes = self._sums[name]
        mask = self._mask(name, values)
        counted = np.ones(values.shape) if mask is None else mask.astype(np.float64)
        if not np.issubdtype(values.dtype, np.inexact):
            return BoundarySpread(
                float(_rms(whole, counted.sum() * self.runs)),
                tuple(_rms(s, _over_others(counted, i) * self.runs) for i, s in enumerate(axes)),
                moved=name in self._moved,
            )
        wide = np.where(np.isfinite(values) & (counted > 0), values, 0).astype(np.float64) ** 2
        epsilon = EPSILONS[self.formats.get(name, values.dtype.name)]

        def floored(total: Any, count: Any, square: Any) -> Floats:
            return np.maximum(_rms(total, count * self.runs), _unit(_rms(square, count), epsilon))

        return BoundarySpread(
            float(floored(whole, counted.sum(), wide.sum())),
            tuple(
                floored(total, _over_others(counted, axis), _over_others(wide, axis))
                for axis, total in enumerate(axes)
            ),
        )


def with_held(free: Spread, held: Spread) -> Spread:
    """Both measurements of one run: with its recurrent outputs free, and held."""
    return replace(free, held=held.boundaries)


def _over_others(values: Floats, axis: int) -> Floats:
    """Sums over all axes but one: (n)."""
    sums: Floats = values.sum(axis=tuple(i for i in range(values.ndim) if i != axis))
    return sums


def _rms(square: Any, count: Any) -> Floats:
    rms: Floats = np.sqrt(np.asarray(square, np.float64) / np.maximum(count, 1))
    return rms


def _unit(values: Floats, epsilon: float) -> Floats:
    """One unit in the last place of each value, whose format has this distance from 1 to the next."""
    _, exponent = np.frexp(values)
    return np.where(values > 0, np.ldexp(epsilon, exponent - 1), np.finfo(np.float64).tiny)

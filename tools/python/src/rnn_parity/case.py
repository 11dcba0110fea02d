"""What a fixture holds, in memory: references, their recurrent layers, and the ends of the model.

Every sequence is time-major, (T, B, ·), and index t is input time in both directions. All values are
immutable: recorders build them, `dataclasses.replace` changes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .spread import Spread

Array = npt.NDArray[Any]
Direction = Literal["forward", "backward"]
Source = Literal["given", "computed", "carried"]


@dataclass(frozen=True)
class Activation:
    """A function of the format's list, with its parameters where it has any."""

    name: str
    alpha: float | None = None
    beta: float | None = None


@dataclass(frozen=True, eq=False)
class States:
    """h (B, S) and, for an lstm, c (B, H) of one direction. Absent means zeros."""

    h: Array | None = None
    c: Array | None = None


@dataclass(frozen=True)
class Calls:
    """How the calls of one module were put together.

    kind: "single"; "chained" along T (each was passed the state that the one before returned);
        "stacked" along B (each with its own initial state, or each a chain of its own).
    sizes: T of each call of a chain, or B of each of a stack.
    """

    kind: Literal["single", "chained", "stacked"] = "single"
    sizes: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """Number of calls, or of chains in a stack."""
        return max(len(self.sizes), 1)


@dataclass(frozen=True, eq=False, kw_only=True)
class RecordedPass:
    """One direction of one layer.

    weights: tensors by native name without suffixes, native shape; "ii/kernel" makes a group (flax).
        Empty where the layer has `weights_of`.
    h: (T, B, S); may be absent where the layer's output shows it.   c: (T, B, H), lstm.
    initial: absent means zeros.   final: what the framework returned.
    source: of `initial`; "given" where it shares storage with an input, parameter or buffer; "carried"
        where it is what another recorded call returned; else "computed".
    The activations override the layer's.
    """

    weights: Mapping[str, Array]
    h: Array | None = None
    c: Array | None = None
    initial: States | None = None
    final: States | None = None
    source: Source | None = None
    activation: Activation | None = None
    recurrent_activation: Activation | None = None
    output_activation: Activation | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class RecordedLayer:
    """One recurrent layer, as its own calls were fed and as they returned.

    name: path in the model; of a stack's layer k `path.l<k>` (see `layer_name`).   module: the path alone.
    passes: "forward", "backward" or both.
    input: (T, B, I).   output: (T, B, ·), merged, as returned.   lengths: (B), or mask: (T, B) bool.
    precision: overrides the reference's.   weights_of: the layer of this reference that stores the weights.
    pair: a label; layers of two references that have an equal one are one, whatever names and weights say.
    other_options: options that have no formula in the format.
    """

    name: str
    cell: Literal["rnn", "gru", "lstm"]
    hidden_size: int
    passes: Mapping[str, RecordedPass]
    input: Array | None = None
    output: Array | None = None
    lengths: Array | None = None
    mask: Array | None = None
    module: str | None = None
    calls: Calls = Calls()
    activation: Activation = Activation("tanh")
    recurrent_activation: Activation | None = None
    output_activation: Activation | None = None
    reset_after: bool | None = None
    projection_size: int | None = None
    merge_mode: Literal["concat", "sum", "mul", "ave"] | None = None
    precision: str | None = None
    weights_of: int | None = None
    pair: str | None = None
    empty_final: Literal["initial", "zeros"] | None = None
    clip: float | None = None
    input_forget: bool | None = None
    other_options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def direction(self) -> str:
        """`forward`, `backward` or `bidirectional`."""
        return "bidirectional" if len(self.passes) == 2 else next(iter(self.passes))

    @property
    def extent(self) -> tuple[int, int]:
        """(T, B) of what was recorded."""
        arrays = [self.input, self.output, *(direction.h for direction in self.passes.values())]
        for array in arrays:
            if array is not None:
                return int(array.shape[0]), int(array.shape[1])
        raise ValueError(f"{self.name}: neither input, output nor states are recorded")

    @property
    def valid(self) -> npt.NDArray[np.bool_] | None:
        """(T, B): true where a step is valid; None where all are."""
        if self.mask is not None:
            return self.mask.astype(bool)
        if self.lengths is not None:
            mask: npt.NDArray[np.bool_] = np.arange(self.extent[0])[:, None] < self.lengths[None, :]
            return mask
        return None


@dataclass(frozen=True)
class LeftOut:
    """A recurrent module that is not recorded. What the recorder left out makes a case inconclusive."""

    path: str
    class_name: str
    by: Literal["user", "recorder"]
    why: str


@dataclass(frozen=True)
class Repeated:
    """A module called again and again: a recurrence written by hand, which nothing here judges."""

    path: str
    class_name: str
    calls: int
    why: str = "called in a loop: a recurrence written by hand is not judged step by step"


@dataclass(frozen=True, eq=False, kw_only=True)
class ModelRecord:
    """The ends of the model, and what of it is not recorded.

    inputs, outputs: arrays of any rank by name.   unused: recurrent modules that were not called.
    spread: how far rounding moves each boundary.   trimmed: steps and sequences kept by `trim=`.
    """

    inputs: Mapping[str, Array] = field(default_factory=dict)
    outputs: Mapping[str, Array] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    unused: tuple[str, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    spread: Spread | None = None
    trimmed: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Reference:
    """What one framework computed. Layers are in the order of the data flow."""

    name: str
    framework: str
    framework_version: str
    convention: Literal["pytorch", "keras", "onnx", "flax", "mlx"]
    layers: tuple[RecordedLayer, ...]
    environment: Mapping[str, Any] = field(default_factory=dict)
    precision: str | None = None
    decimals: int | None = None
    model: ModelRecord | None = None


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Case:
    """One network and its references.

    input (T, B, I), with lengths (B) or mask (T, B): only where bare layers were recorded; the layers of
    a model hold their own.
    """

    case: str
    references: tuple[Reference, ...]
    input: Array | None = None
    lengths: Array | None = None
    mask: Array | None = None
    description: str | None = None
    seed: int | None = None

    def __repr__(self) -> str:
        names = ", ".join(reference.name for reference in self.references)
        return f"<Case {self.case}: {names}>"

    def save(self, path: str | Path, *, trim: tuple[int, int] | int | None = None) -> Path:
        """Write the fixture; it appears whole or not at all.

        trim: (steps, sequences) to keep of every layer, or the number of both, for a bug report.
        """
        from .hdf5_writer import write_case

        return write_case(path, self if trim is None else self.trimmed(trim))

    def trimmed(self, trim: tuple[int, int] | int) -> Case:
        """This case with at most the first (steps, sequences) of every layer; see `trimming`."""
        from .trimming import trimmed

        return trimmed(self, trim)

    def summary(self) -> str:
        """What was recorded, what was left out, and what is surprising about it."""
        from .summary import summary

        return summary(self)

    @classmethod
    def load(cls, path: str | Path) -> Case:
        """Read a fixture of version 1 or 2."""
        from .hdf5_reader import read_case

        return read_case(path)


def layer_name(path: str, index: int, count: int) -> str:
    """Name of layer `index` of a module at `path` that has `count` layers."""
    return path if count == 1 else f"{path}.l{index}"


def boundaries(reference: Reference) -> dict[str, Array]:
    """The arrays between layers, by the path that their spread has in the file.

    Layer inputs, initial states that the model made or carried on, and the model's outputs: what has no
    formula to judge it by, or was judged in another layer.
    """
    named: dict[str, Array] = {}
    for index, layer in enumerate(reference.layers):
        if layer.input is not None:
            named[f"layers/{index}/input"] = layer.input
        for direction, recorded in layer.passes.items():
            if recorded.source in ("computed", "carried") and recorded.initial is not None:
                for letter, values in (("h", recorded.initial.h), ("c", recorded.initial.c)):
                    if values is not None:
                        named[f"layers/{index}/{direction}/initial_state/{letter}"] = values
    if reference.model is not None:
        named.update({f"outputs/{name}": values for name, values in reference.model.outputs.items()})
    return named


def validity(reference: Reference) -> dict[str, npt.NDArray[np.bool_]]:
    """The masks (T, B) of those boundaries that have invalid steps."""
    masks = {f"layers/{index}/input": layer.valid for index, layer in enumerate(reference.layers)}
    return {name: mask for name, mask in masks.items() if mask is not None}


def unique_names(names: Sequence[str]) -> list[str]:
    """`names`, a repetition with -2, -3 … appended: pytorch, pytorch-2."""
    taken: set[str] = set()
    unique = []
    for name in names:
        candidate, count = name, 1
        while candidate in taken:
            count += 1
            candidate = f"{name}-{count}"
        taken.add(candidate)
        unique.append(candidate)
    return unique

"""How far rounding moves what lies between the layers: more runs, with everything moved."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import numpy as np

from ..case import Array, ModelRecord, RecordedLayer, Reference, boundaries, validity
from ..errors import RecordingError
from ..perturbation import moved_further
from ..spread import EPSILONS, Spread, SpreadMeasurement
from .ends import mapped
from .gathering import Plan, gathered
from .moving import Moving
from .network import Network
from .paths import Paths
from .pinning import Held
from .preserving import preserved, variables_of
from .returns import Returns

_BITS: dict[str, Any] = {"float64": np.int64, "float32": np.int32, "float16": np.int16}


class Moves:
    """One unit in the last place, up or down, at random."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)

    def moved(self, array: Array, dtype: str, magnitude: Any | None = None) -> Array:
        """`array`, which stands for values of type `dtype`, with every value moved.

        magnitude: of an activation's result what it is made of (see `made_of`), whose unit it is moved by.
        Left alone are integers, floats that are all integers or masks, zeros, and extreme values: one unit
        of a mask of -1e9 or finfo.min is no measurement.
        """
        bits: Any = _BITS.get(array.dtype.name)
        if bits is None or array.size == 0:
            return array
        ordinary = np.abs(array) < (1e4 if dtype == "float16" else 1e8)
        if magnitude is None and np.array_equal(array[ordinary], np.round(array[ordinary])):
            return array
        unit = 1 << 16 if dtype == "bfloat16" else 1
        signs = self._generator.integers(0, 2, array.shape, dtype=np.int8).astype(bits) * 2 - 1
        moves = np.where(ordinary & (array != 0), signs * bits(unit), bits(0)).astype(bits)
        moved: Array = (np.ascontiguousarray(array).view(bits) + moves).view(array.dtype)
        if magnitude is None:
            return moved
        return moved_further(array, moved, signs, magnitude * EPSILONS[dtype])


class _Moved(Returns):
    """Recurrent layers return what they compute, moved; inside of them nothing else is."""

    def __init__(self, moving: Moving) -> None:
        self._moving = moving

    def around(self, turn: int) -> AbstractContextManager[Any]:
        return self._moving.off()

    def after(self, turn: int, layer: Any, calls: list[RecordedLayer], returned: Any) -> Any:
        return self._moving.moved(returned)


def measured(
    target: Network,
    paths: Paths,
    plans: Sequence[Plan],
    reference: Reference,
    formats: dict[str, str],
    runs: int,
    seed: int,
    pins: Held | None,
    progress: bool,
    is_bare: bool = False,
) -> Spread:
    """The spread of every boundary of `reference` over `runs` runs, pinned as it was.

    is_bare: of bare layers alone, which also have a held spread then.
    """
    framework = target.framework
    measurement = SpreadMeasurement(
        recorded=boundaries(reference), valid=validity(reference), formats=_formats(reference, formats)
    )
    for index in range(runs):
        if progress:
            print(f"spread: run {index + 1} of {runs}", file=sys.stderr)
        moves = Moves(seed * 1_000_003 + index)

        def moved(value: Any, moves: Moves = moves) -> Any:
            dtype = framework.dtype(value)
            array = moves.moved(framework.to_array(value), dtype)
            return array if isinstance(value, np.ndarray) else framework.to_tensor(array, dtype)

        values = [
            (variable, moves.moved(framework.to_array(variable), framework.dtype(variable)))
            for variable in variables_of(framework, paths.layers)
            if "float" in framework.dtype(variable)
        ]
        moving = Moving(framework, moves.moved)
        with preserved(framework, paths.layers), framework.substituted(values), moving.operations():
            run = target.run(
                paths,
                inputs=mapped(target.inputs, moved),
                kwargs=mapped(target.kwargs, moved),
                stepping=False,
                returns=_Moved(moving) if pins is None else pins.again(),
            )
        try:
            layers = tuple(gathered(run.seen.turns, plans))
            ends = ModelRecord(outputs=run.outputs)
            measurement.add(boundaries(replace(reference, layers=layers, model=ends)))
        except (IndexError, ValueError) as error:
            raise RecordingError(
                "spread",
                expected="a run that makes the same calls when its values move in the last place; "
                "spread=0 records without",
                found=str(error),
            ) from error
    if is_bare and pins is None:
        return measurement.result_of_bare(seed)
    return measurement.result(seed, None if pins is None else pins.name)


def _formats(reference: Reference, formats: dict[str, str]) -> dict[str, str]:
    """The boundaries whose values are of bfloat16, though they are stored wider."""
    found = {f"outputs/{name}": dtype for name, dtype in formats.items()}
    for index, layer in enumerate(reference.layers):
        if layer.precision in ("bfloat16", "mixed-bfloat16"):
            found[f"layers/{index}/input"] = "bfloat16"
    return found

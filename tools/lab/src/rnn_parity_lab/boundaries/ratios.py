"""The program's ratios of every kind of slice, where it reports the largest of all only."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rnn_parity import BoundarySpread, Reference
from rnn_parity.case import boundaries

from ..case import Array

WHOLE, STEP, SEQUENCE, UNIT = "whole", "step", "sequence", "unit"
KINDS = (WHOLE, UNIT, STEP, SEQUENCE)


def ratios(first: Reference, second: Reference, pinned: bool) -> dict[str, dict[str, float]]:
    """By boundary of the first and kind of slice. Boundaries whose shapes differ are left out."""
    own, others = boundaries(first), boundaries(second)
    found = {}
    for name, values in own.items():
        other = name if name in others else _only_output(others)
        if values.shape != others[other].shape or values.dtype.kind != "f":
            continue
        movements = (_spread(second, other),) * 2
        if not pinned:
            movements = _spread(first, name), movements[0]
        found[name] = dict(_slices(name, values, others[other], *movements))
    return found


def _only_output(names: dict[str, Array]) -> str:
    (name,) = (name for name in names if name.startswith("outputs/"))
    return name


def _spread(reference: Reference, name: str) -> BoundarySpread:
    assert reference.model is not None and reference.model.spread is not None
    return reference.model.spread.boundaries[name]


def _slices(
    name: str, a: Array, b: Array, first: BoundarySpread, second: BoundarySpread
) -> Iterator[tuple[str, float]]:
    """The recorder has floored spreads at one unit in the last place, as the program does."""
    squares = (a.astype(np.float64) - b) ** 2
    yield WHOLE, _largest(squares.mean(), first.whole, second.whole)
    for axis, kind in enumerate(_kinds(name, a.ndim)):
        means = squares.mean(axis=tuple(i for i in range(a.ndim) if i != axis))
        yield kind, _largest(means, first.axes[axis], second.axes[axis])


def _largest(square: Array, first: Array | float, second: Array | float) -> float:
    return float(np.max(np.sqrt(square) / np.hypot(first, second)))


def _kinds(name: str, rank: int) -> tuple[str, ...]:
    """What the axes are: of layers (T, B, F), of outputs (B, T, F), of states (B, F)."""
    if rank == 2:
        return SEQUENCE, UNIT
    return (SEQUENCE, STEP, UNIT) if name.startswith("outputs/") else (STEP, SEQUENCE, UNIT)

"""The program's ratios of every kind of slice, where it reports the largest of all only."""

from __future__ import annotations

import numpy as np
from rnn_parity import Reference
from rnn_parity.case import boundaries

from ..case import Array

WHOLE, STEP, SEQUENCE, UNIT = "whole", "step", "sequence", "unit"
KINDS = (WHOLE, UNIT, STEP, SEQUENCE)


def ratios(first: Reference, second: Reference, pinned: bool) -> dict[str, dict[str, float]]:
    """By boundary of the first and kind of slice. Boundaries whose shapes differ are left out.

    pinned: whether the second was pinned to the first, which counts with its outputs held.
    """
    own, others = boundaries(first), boundaries(second)
    found = {}
    for name, values in own.items():
        other = name if name in others else _only_output(others)
        if values.shape != others[other].shape or values.dtype.kind != "f":
            continue
        original, port = _movements(first, name, held=pinned), _movements(second, other)
        squares = (values.astype(np.float64) - others[other]) ** 2
        kinds = (WHOLE, *_kinds(name, values.ndim))
        found[name] = {
            kind: float(np.max(np.sqrt(square) / np.hypot(ours, theirs)))
            for kind, square, ours, theirs in zip(kinds, _means(squares), original, port)
        }
    return found


def _only_output(names: dict[str, Array]) -> str:
    (name,) = (name for name in names if name.startswith("outputs/"))
    return name


def _movements(reference: Reference, name: str, held: bool = False) -> list[Array]:
    """What rounding moves the whole by, and every slice of each axis.

    The recorder has floored them at one unit in the last place of each, as the program does; which
    allows what flushing to zero loses, too.
    """
    assert reference.model is not None and reference.model.spread is not None
    measured = reference.model.spread
    spread = (measured.held if held else measured.boundaries)[name]
    least = np.finfo(np.float32).tiny
    return [np.maximum(np.asarray(each), least) for each in (spread.whole, *spread.axes)]


def _means(squares: Array) -> list[Array]:
    """Over all, and over all axes but one each."""
    axes = range(squares.ndim)
    others = [tuple(i for i in axes if i != axis) for axis in axes]
    return [squares.mean(), *(squares.mean(axis=rest) for rest in others)]


def _kinds(name: str, rank: int) -> tuple[str, ...]:
    """What the axes are: of layers (T, B, F), of outputs (B, T, F), of states (B, F)."""
    if rank == 2:
        return SEQUENCE, UNIT
    return (SEQUENCE, STEP, UNIT) if name.startswith("outputs/") else (STEP, SEQUENCE, UNIT)

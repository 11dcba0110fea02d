"""Faults between the layers of one model, behind a tame and behind a chaotic layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .drawing import GAIN, Draw
from .steps import Activation, Attention, Dense, Dropout, Flip, LayerNorm, Model, Residual, Scale, Shift, Step

Steps = tuple[Step, ...]

_FIRST, _NORM, _ATTENTION, _DENSE, _LAST = 1, 3, 4, 5, 7
_UPSTREAM, _SIZE = 64, 32


def model(draw: Draw, chaotic: bool, shift: float = 0.5) -> Model:
    """What the faults are in: the normalisation, the attention or the dense layer behind it."""
    first = draw.recurrent("rnn", 8, _UPSTREAM, gain=3.0 if chaotic else GAIN)
    return Model(
        (
            first,
            draw.dense(_UPSTREAM, _SIZE, "gelu"),
            Shift(shift),
            draw.layer_norm(_SIZE),
            Residual((draw.attention(_SIZE, mask=True),)),
            draw.dense(_SIZE, _SIZE),
            draw.recurrent("gru", _SIZE, 16),
            draw.dense(16, 10, "sigmoid"),
        ),
        (draw.sequence(2, 80 if chaotic else 20, 8),),
    )


def _with(steps: Steps, place: int, *instead: Step) -> Steps:
    return (*steps[:place], *instead, *steps[place + 1 :])


def _after(steps: Steps, place: int, step: Step) -> Steps:
    return _with(steps, place, steps[place], step)


def _normed(steps: Steps, **changes: Any) -> Steps:
    norm = steps[_NORM]
    assert isinstance(norm, LayerNorm)
    return _with(steps, _NORM, replace(norm, **changes))


def _bias(steps: Steps) -> Steps:
    dense = steps[_DENSE]
    assert isinstance(dense, Dense)
    return _with(steps, _DENSE, replace(dense, bias=dense.bias + dense.bias.dtype.type(1e-3)))


def _activated(steps: Steps, place: int, activation: Activation) -> Steps:
    dense = steps[place]
    assert isinstance(dense, Dense)
    return _with(steps, place, replace(dense, activation=activation))


def _exchanged(steps: Steps) -> Steps:
    moved = list(steps)
    moved[_NORM], moved[_ATTENTION] = steps[_ATTENTION], steps[_NORM]
    return tuple(moved)


def _float_mask(steps: Steps) -> Steps:
    residual = steps[_ATTENTION]
    assert isinstance(residual, Residual)
    (attention,) = residual.steps
    assert isinstance(attention, Attention)
    return _with(steps, _ATTENTION, Residual((replace(attention, mask="float"),)))


NEAR = "variance as E[x²] − µ², x + 0.5"
FAR = "variance as E[x²] − µ², x + 100"
REVERSED = "the same in the original, x + 100"
SHIFTS = {FAR: 100.0, REVERSED: 100.0}
"""What is added before the normalisation, in original and port, where it is not 0.5."""

FAULTS: dict[str, Callable[[Steps], Steps]] = {
    "none": lambda steps: steps,
    "layer norm's epsilon 1e-3 for 1e-5": lambda steps: _normed(steps, epsilon=1e-3),
    "× 1.001": lambda steps: _after(steps, _NORM, Scale(1.001)),
    "× 1.00001": lambda steps: _after(steps, _NORM, Scale(1.00001)),
    "dense bias + 1e-3": _bias,
    "layer norm forgotten": lambda steps: _with(steps, _NORM),
    "layer norm and attention exchanged": _exchanged,
    "time flipped": lambda steps: _after(steps, _NORM, Flip()),
    "mask added as floats": _float_mask,
    "dropout of 0.1 left on": lambda steps: _after(steps, _NORM, Dropout(0.1)),
    "gelu by tanh": lambda steps: _activated(steps, _FIRST, "gelu_tanh"),
    "hard sigmoid for sigmoid": lambda steps: _activated(steps, _LAST, "hard_sigmoid"),
    NEAR: lambda steps: _normed(steps, squares=True),
    FAR: lambda steps: _normed(steps, squares=True),
    REVERSED: lambda steps: _normed(steps, squares=True),
}
"""What each makes of the port's steps; of `REVERSED` alone, of the original's."""

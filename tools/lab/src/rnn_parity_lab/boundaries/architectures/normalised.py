"""Normalisations, and inputs of such sizes that models have one, or should."""

from __future__ import annotations

from dataclasses import replace

from ..drawing import Draw
from ..steps import Model, Shift
from .architecture import CLASSES


def layer_norm(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 32)
    return Model(
        (
            draw.dense(inputs, hidden),
            draw.layer_norm(hidden),
            draw.recurrent(draw.cell(), hidden, hidden),
            draw.layer_norm(hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(6, 10), inputs),),
    )


def batch_norm(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 32)
    return Model(
        (
            draw.batch_norm(inputs),
            draw.recurrent(draw.cell(), inputs, hidden),
            draw.batch_norm(hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(6, 10), inputs),),
    )


def shifted(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 32)
    return Model(
        (
            draw.recurrent("lstm", inputs, hidden),
            Shift(100.0),
            draw.layer_norm(hidden),
            draw.recurrent("gru", hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs),),
    )


def inputs_around_100(draw: Draw) -> Model:
    inputs, hidden = draw.size(8, 16), draw.size(8, 32)
    x = draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs)
    return Model(
        (
            draw.layer_norm(inputs),
            draw.recurrent(draw.cell(), inputs, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (x + 100,),
    )


def inputs_around_100_in_training(draw: Draw) -> Model:
    inputs, hidden = draw.size(8, 16), draw.size(8, 32)
    x = draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs)
    return Model(
        (
            draw.batch_norm(inputs, mean=100.0),
            draw.recurrent(draw.cell(), inputs, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (x + 100,),
    )


def raw_inputs(draw: Draw) -> Model:
    """Inputs in the hundreds, of all scales."""
    inputs, hidden = draw.size(8, 16), draw.size(8, 32)
    x = draw.sequence(3, draw.size(5, 9), inputs)
    first = draw.dense(inputs, hidden)
    return Model(
        (
            replace(first, kernel=first.kernel * first.kernel.dtype.type(0.01)),
            draw.recurrent(draw.cell(), hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (200 * x * abs(x),),
    )

"""Recurrent layers that feed each other, by their outputs or their final states."""

from __future__ import annotations

from ..drawing import Draw
from ..steps import MaxPool, Model
from .architecture import CLASSES


def pyramid(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 16)
    return Model(
        (
            draw.recurrent("lstm", inputs, hidden, both=True),
            MaxPool(),
            draw.recurrent("gru", 2 * hidden, hidden, both=True),
            MaxPool(),
            draw.dense(2 * hidden, CLASSES),
        ),
        (draw.sequence(2, 8, inputs),),
    )


def stacked(draw: Draw) -> Model:
    inputs, hidden, cell = draw.size(6, 12), draw.size(8, 24), draw.cell()
    return Model(
        (
            draw.recurrent(cell, inputs, hidden),
            draw.recurrent(cell, hidden, hidden),
            draw.recurrent(cell, hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(3, draw.size(5, 8), inputs),),
    )


def bidirectional(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 24)
    return Model(
        (
            draw.recurrent("rnn", inputs, hidden, both=True),
            draw.dense(2 * hidden, hidden, "tanh"),
            draw.recurrent(draw.cell(), hidden, hidden, both=True),
            draw.dense(2 * hidden, CLASSES),
        ),
        (draw.sequence(2, draw.size(5, 8), inputs),),
    )


def sequence_to_sequence(draw: Draw) -> Model:
    inputs, target, hidden = draw.size(5, 9), draw.size(4, 8), draw.size(8, 32)
    return Model(
        (
            draw.sequence_to_sequence("gru", inputs, target, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(3, draw.size(5, 9), inputs), draw.sequence(3, draw.size(4, 7), target)),
    )


def sequence_to_sequence_lstm(draw: Draw) -> Model:
    inputs, target, hidden = draw.size(5, 9), draw.size(4, 8), draw.size(8, 32)
    return Model(
        (
            draw.dense(inputs, inputs, "relu"),
            draw.sequence_to_sequence("lstm", inputs, target, hidden),
            draw.layer_norm(hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(3, draw.size(5, 9), inputs), draw.sequence(3, draw.size(4, 7), target)),
    )

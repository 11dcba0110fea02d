"""An RNN of gain 3, whose states show any rounding error, and what follows it."""

from __future__ import annotations

from ..drawing import Draw
from ..steps import Model
from .architecture import CLASSES


def normed(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(32, 64)
    return Model(
        (
            draw.recurrent("rnn", inputs, hidden, gain=3),
            draw.layer_norm(hidden),
            draw.dense(hidden, hidden, "relu"),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(2, draw.size(20, 40), inputs),),
    )


def attention(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(32, 64)
    return Model(
        (
            draw.recurrent("rnn", inputs, hidden, gain=3),
            draw.dense(hidden, 16),
            draw.attention(16, mask=True),
            draw.recurrent("lstm", 16, 16),
            draw.dense(16, CLASSES),
        ),
        (draw.sequence(2, draw.size(20, 30), inputs),),
    )


def sequence_to_sequence(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), 48
    return Model(
        (
            draw.sequence_to_sequence("rnn", inputs, 6, hidden, gain=3),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(2, draw.size(20, 30), inputs), draw.sequence(2, 6, 6)),
    )

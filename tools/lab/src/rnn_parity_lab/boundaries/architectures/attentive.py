"""Attention, and residual connections."""

from __future__ import annotations

from ..drawing import Draw
from ..steps import Model, Residual
from .architecture import CLASSES


def attention(draw: Draw) -> Model:
    vocabulary, size, hidden = 40, draw.size(8, 16), draw.size(8, 16)
    return Model(
        (
            draw.embedding(vocabulary, size),
            draw.recurrent("gru", size, hidden, both=True),
            draw.attention(2 * hidden),
            draw.dense(2 * hidden, CLASSES),
        ),
        (draw.tokens(draw.size(2, 4), draw.size(6, 12), vocabulary),),
    )


def transformer(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(16, 32)
    return Model(
        (
            draw.recurrent("lstm", inputs, hidden),
            Residual((draw.attention(hidden, mask=True),)),
            draw.layer_norm(hidden),
            Residual((draw.dense(hidden, 2 * hidden, "gelu"), draw.dense(2 * hidden, hidden))),
            draw.layer_norm(hidden),
            draw.recurrent("gru", hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(2, draw.size(6, 12), inputs),),
    )


def residual(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 32)
    return Model(
        (
            draw.dense(inputs, hidden),
            Residual((draw.recurrent(draw.cell(), hidden, hidden),)),
            draw.layer_norm(hidden),
            Residual((draw.recurrent(draw.cell(), hidden, hidden),)),
            draw.layer_norm(hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs),),
    )

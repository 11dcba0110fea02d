"""Wide layers and long sequences."""

from __future__ import annotations

from ..drawing import Draw
from ..steps import Model
from .architecture import CLASSES


def wide(draw: Draw) -> Model:
    hidden = draw.size(256, 512)
    return Model(
        (
            draw.dense(64, hidden, "relu"),
            draw.recurrent(draw.cell(), hidden, hidden),
            draw.layer_norm(hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(2, 6, 64),),
    )


def long(draw: Draw) -> Model:
    hidden = draw.size(8, 16)
    return Model(
        (
            draw.convolution(5, 4, 8, "relu"),
            draw.recurrent(draw.cell(), 8, hidden),
            draw.convolution(3, hidden, hidden, "relu"),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(2, draw.size(200, 500), 4),),
    )

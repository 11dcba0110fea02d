"""Units that are hardly ever on: their activations are exact in absolute terms only."""

from __future__ import annotations

from ..drawing import Draw
from ..steps import Model
from .architecture import CLASSES


def gelu(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(16, 32)
    return Model(
        (
            draw.recurrent(draw.cell(), inputs, hidden),
            draw.closed(hidden, 2 * hidden, "gelu", draw.size(2, 3, 4, 6)),
            draw.recurrent(draw.cell(), 2 * hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs),),
    )


def gates(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(16, 32)
    return Model(
        (
            draw.recurrent(draw.cell(), inputs, hidden),
            draw.closed(hidden, hidden, "sigmoid", draw.size(6, 12, 18)),
            draw.recurrent(draw.cell(), hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs),),
    )

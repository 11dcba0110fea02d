"""The cases that every cell has: one departure from the ordinary in each variant."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from ..description import CaseDescription, Cell, LayerDescription

BOTH = ("pytorch", "keras")
KERAS = ("keras",)
PYTORCH = ("pytorch",)


def case(name: str, description: str, *layers: LayerDescription, **options: Any) -> CaseDescription:
    """A case of the usual size: T 12, B 3, I 5. The seed follows from the name unless given."""
    usual = {"timesteps": 12, "batch": 3, "input_size": 5, "seed": crc32(name.encode()) % 10_000}
    return CaseDescription(name, description, layers, **(usual | options))


def variants(cell: Cell) -> list[CaseDescription]:
    """The variants that both frameworks run."""
    one = f"simple{cell}"
    stacked = f"stacked{cell}"
    stackedbi = f"stackedbi{cell}"

    def layer(size: int = 7, **options: Any) -> LayerDescription:
        return LayerDescription(cell, size, **options)

    def both_ways(size: int = 7, **options: Any) -> LayerDescription:
        return layer(size, direction="bidirectional", **options)

    return [
        case(
            f"{stackedbi}-no-h0",
            "No initial state is given: it is zero.",
            both_ways(),
            both_ways(),
            initial_state=False,
        ),
        case(
            f"{stackedbi}-no-bias",
            "The layers have no biases.",
            both_ways(bias=False),
            both_ways(bias=False),
        ),
        case(
            f"{stacked}-square",
            "Input and hidden size are equal, so no shape shows a transposition.",
            layer(),
            layer(),
            input_size=7,
        ),
        case(
            f"{stacked}-sizes",
            "Each layer has another hidden size.",
            layer(9),
            layer(4),
            layer(6),
        ),
        case(
            f"{stackedbi}-sizes",
            "Each bidirectional layer has another hidden size.",
            both_ways(4),
            both_ways(6),
        ),
        case(
            f"{stackedbi}-float64",
            "All in double precision.",
            both_ways(),
            both_ways(),
            dtype="float64",
        ),
        case(
            f"{one}-long",
            "500 timesteps.",
            layer(5),
            input_size=3,
            timesteps=500,
            batch=2,
        ),
        case(
            f"{one}-ragged",
            "Sequences of different length: packed in PyTorch, masked in Keras.",
            layer(),
            batch=4,
            lengths=(9, 12, 1, 6),
        ),
        case(
            f"{stackedbi}-ragged",
            "Sequences of different length: packed in PyTorch, masked in Keras.",
            both_ways(),
            both_ways(),
            lengths=(7, 12, 4),
        ),
        case(
            f"{one}-same-sign",
            "Positive weights and a constant input: rounding errors of one sign add up.",
            layer(40),
            input_size=33,
            batch=2,
            weights="positive",
            input="constant",
            initial_state=False,
        ),
    ]


def backward_only(cell: Cell) -> list[CaseDescription]:
    """Layers that only run backward: Keras's go_backwards. PyTorch has none."""
    forward = LayerDescription(cell, 7)
    backward = LayerDescription(cell, 6, direction="backward")
    return [
        case(f"backward{cell}", "One layer that runs backward.", backward, references=KERAS),
        case(
            f"backward{cell}-ragged",
            "One layer that runs backward over sequences of different length.",
            backward,
            lengths=(7, 12, 4),
            references=KERAS,
        ),
        case(
            f"alternating{cell}",
            "Three layers that run forward, backward and forward.",
            forward,
            backward,
            forward,
            references=KERAS,
        ),
    ]

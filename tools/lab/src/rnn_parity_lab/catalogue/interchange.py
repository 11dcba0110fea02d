"""Networks that ONNX Runtime runs too, beside both frameworks."""

from __future__ import annotations

from ..description import LayerDescription
from ..fixture import Fixture, random_fixture
from .cases import BOTH, case

GROUP = "interchange"


def fixtures() -> list[Fixture]:
    """Each run rightly by all its frameworks."""
    return [
        random_fixture(
            GROUP,
            case(
                f"stackedbi{cell}-onnx",
                f"Two bidirectional {cell} layers, run by ONNX Runtime too.",
                *(LayerDescription(cell, 7, direction="bidirectional"),) * 2,
                references=(*BOTH, "onnxruntime"),
            ),
        )
        for cell in ("rnn", "gru", "lstm")
    ]

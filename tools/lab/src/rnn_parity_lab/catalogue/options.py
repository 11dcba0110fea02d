"""What only Keras lets one choose: activations of the plain cell, and merge modes."""

from __future__ import annotations

from ..description import CaseDescription, LayerDescription
from ..fixture import Fixture, random_fixture
from .cases import KERAS, case

GROUP = "options"


def fixtures() -> list[Fixture]:
    """Each run rightly by all its frameworks."""
    return [random_fixture(GROUP, description) for description in [*_activations(), *_merges()]]


def _activations() -> list[CaseDescription]:
    return [
        case(
            f"stackedbirnn-{activation.replace('_', '-')}",
            f"Plain RNN cells whose activation is {activation}.",
            *(LayerDescription("rnn", 7, "bidirectional", activation),) * 2,
            weight_scale=1.0,
            references=KERAS,
        )
        for activation in ("sigmoid", "linear", "hard_sigmoid")
    ]


def _merges() -> list[CaseDescription]:
    return [
        case(
            f"stackedbi{cell}-{mode}",
            f"Two bidirectional {cell} layers whose outputs are merged by {mode}.",
            *(LayerDescription(cell, 7, direction="bidirectional", merge_mode=mode),) * 2,
            references=KERAS,
        )
        for cell in ("rnn", "gru", "lstm")
        for mode in ("sum", "mul", "ave")
    ]

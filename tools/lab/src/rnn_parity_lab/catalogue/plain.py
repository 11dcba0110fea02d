"""Plain RNNs with random weights."""

from __future__ import annotations

from ..description import CaseDescription, LayerDescription, LayerDirection
from ..fixture import Fixture, random_fixture
from .cases import backward_only, case, variants

GROUP = "plain"

_TOPOLOGIES: dict[str, tuple[str, int, LayerDirection]] = {
    "simplernn": ("One layer", 1, "forward"),
    "birnn": ("One bidirectional layer", 1, "bidirectional"),
    "stackedrnn": ("Three layers", 3, "forward"),
    "stackedbirnn": ("Two bidirectional layers", 2, "bidirectional"),
}

# With these seeds every ReLU unit is alive at a good part of the timesteps.
_SEEDS = {
    "simplernn-tanh": 1,
    "simplernn-relu": 237,
    "birnn-tanh": 2,
    "birnn-relu": 197,
    "stackedrnn-tanh": 3,
    "stackedrnn-relu": 75,
    "stackedbirnn-tanh": 4,
    "stackedbirnn-relu": 193,
}


def fixtures() -> list[Fixture]:
    """Each run rightly by all its frameworks."""
    cases = [*_topologies(), *variants("rnn"), *backward_only("rnn"), *_plain_only()]
    return [random_fixture(GROUP, description) for description in cases]


def _topologies() -> list[CaseDescription]:
    """The four topologies, tanh and ReLU."""
    return [
        case(
            f"{name}-{activation}",
            f"{words} of plain RNN cells with {activation}.",
            *(LayerDescription("rnn", 7, direction, activation),) * count,
            seed=_SEEDS[f"{name}-{activation}"],
        )
        for name, (words, count, direction) in _TOPOLOGIES.items()
        for activation in ("tanh", "relu")
    ]


def _plain_only() -> list[CaseDescription]:
    return [
        case(
            "simplernn-relu-same-sign",
            "Positive weights, a constant input and ReLU: rounding errors of one sign add up.",
            LayerDescription("rnn", 40, activation="relu"),
            input_size=33,
            batch=2,
            weights="positive",
            input="constant",
            initial_state=False,
        ),
        case(
            "simplernn-equal-weights",
            "Equal weights on equal inputs: the error of one order of summation says nothing of another's.",
            LayerDescription("rnn", 3),
            input_size=512,
            timesteps=2,
            batch=1,
            weights="equal",
            weight_scale=0.59,
            input="constant",
        ),
        case(
            "simplernn-chaotic",
            "Weights so large that honest rounding grows without limit.",
            LayerDescription("rnn", 128),
            timesteps=200,
            batch=2,
            weight_scale=3.0,
        ),
    ]

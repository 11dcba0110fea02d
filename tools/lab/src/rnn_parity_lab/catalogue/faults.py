"""Models with a fault where nothing recurrent is, or where a recorder could overlook it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rnn_parity import Case

from ..fixture import Fixture
from ..models import faulty, tagger
from .departures import FOLDER, GROUP
from .layers import record_options
from .models import (
    model_fixture,
    record_branches,
    record_tagger,
    record_tagger_port,
    record_translator_port,
)


def fixtures() -> list[Fixture]:
    """Those of whole models."""
    return [*_between_layers(), *_in_layers()]


def _between_layers() -> list[Fixture]:
    """Every recurrent layer of the port matches; what one of them is fed, or the output, does not."""
    return [
        _differs(
            "port-norm-epsilon",
            "The port's LayerNormalization has Keras's default epsilon, 1e-3.",
            lambda seed: record_tagger_port(tagger.KerasTagger(epsilon=1e-3), seed),
            "layers/1/input",
        ),
        _differs(
            "port-norm-forgotten",
            "The port lacks the layer normalisation.",
            lambda seed: record_tagger_port(faulty.WithoutNorm(), seed),
            "layers/1/input",
        ),
        _differs(
            "port-flip-between-layers",
            "The port turns what the upper layer is fed around in time.",
            lambda seed: record_tagger_port(faulty.Flipped(), seed),
            "layers/1/input",
        ),
        _differs(
            "port-dropout-left-on",
            "The port drops a quarter of what the upper layer is fed.",
            lambda seed: record_tagger_port(faulty.WithDropout(), seed),
            "layers/1/input",
        ),
        _differs(
            "port-dense-negated",
            "The port's last dense layer has its sign changed.",
            lambda seed: record_tagger_port(faulty.Negated(), seed),
            "outputs/output",
        ),
        _differs(
            "port-initial-state-unsquashed",
            "The port's decoder starts from a state without its tanh.",
            lambda seed: record_translator_port(faulty.UnsquashedTranslator(), seed),
            "layers/1/forward/initial_state/h",
        ),
        _differs(
            "port-cell-replaced",
            "The port's lower layer has a replaced cell, and both runs leave that layer out.",
            lambda seed: record_tagger_port(faulty.WithReplacedCell(), seed, ignore=["lower"]),
            "layers/0/input",
        ),
    ]


def _differs(name: str, description: str, record: Callable[[int], Case], place: str) -> Fixture:
    return _departure(name, description, record, {"verdict": "differs", "boundaries": {place: "differs"}})


def _in_layers() -> list[Fixture]:
    both_ways = [{"layer": 0, "direction": direction} for direction in ("forward", "backward")]
    return [
        _departure(
            "output-scaled-by-hook",
            "A hook scales what the lower layer of the tagger returns.",
            lambda seed: record_tagger(faulty.with_scaling_hook(tagger.tagger(seed)), seed),
            {
                "verdict": "mismatch",
                "references": {"pytorch": "mismatch"},
                "flagged": both_ways,
            },
        ),
        _departure(
            "backward-mask-unrolled",
            "Keras unrolls the backward half over left padding.",
            lambda seed: record_branches(seed, unrolled=("contextual",)),
            {
                "verdict": "mismatch",
                "references": {"keras": "match", "keras-unrolled": "mismatch"},
                "cross": [
                    {
                        "states_of": "keras-unrolled",
                        "weights_of": "keras",
                        "verdict": "mismatch",
                    }
                ],
                "flagged": [{"layer": 0, "direction": "backward"}],
            },
        ),
        _departure(
            "dropout-inside-left-on",
            "The port's lower layer drops a quarter of its input.",
            lambda seed: record_tagger_port(faulty.WithDropoutInside(), seed),
            {
                "verdict": "inconclusive",
                "references": {"pytorch": "match", "keras": "inconclusive"},
                "cross": [
                    {"states_of": "keras", "weights_of": "pytorch", "verdict": "inconclusive"},
                    {"states_of": "pytorch", "weights_of": "keras", "verdict": "inconclusive"},
                ],
                "flagged": both_ways,
            },
        ),
        _departure(
            "activation-without-formula",
            "An LSTM node with a ScaledTanh.",
            lambda seed: record_options(seed, "ScaledTanh", alpha=[0.2, 0.8, 0.3], beta=[0.5, 1.1]),
            {
                "verdict": "inconclusive",
                "references": {"onnxruntime": "inconclusive"},
                "flagged": both_ways,
            },
        ),
    ]


def _departure(name: str, description: str, record: Callable[[int], Case], expect: dict[str, Any]) -> Fixture:
    return model_fixture(name, description, seed=15, record=record, expect=expect, group=GROUP, folder=FOLDER)

"""Models as people write them, recorded whole: what lies between their layers, and their ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from rnn_parity import Case, join, record_keras, record_pytorch

from ..fixture import MATCH, Fixture
from ..models import branches, tagger, translator
from ..models.parameters import draw_tokens

GROUP = "models"


def fixtures() -> list[Fixture]:
    return [
        model_fixture(
            "tagger",
            "Embedding, two bidirectional LSTM layers, attention and dense, and its Keras port.",
            seed=7,
            record=_tagger,
        ),
        model_fixture(
            "translator",
            "A GRU encoder and a GRU cell in a loop, of another number of steps.",
            seed=8,
            record=_translator,
        ),
        model_fixture(
            "branches-left-padded",
            "Two branches over left padding, run by Keras in loops and unrolled.",
            seed=9,
            record=_branches,
        ),
    ]


def model_fixture(name: str, description: str, seed: int, record: Callable[[int], Case]) -> Fixture:
    """record: takes the seed."""
    return Fixture(
        name=name,
        group=GROUP,
        produce=lambda: labelled(record(seed), name, description, seed),
        expect=MATCH,
    )


def labelled(case: Case, name: str, description: str, seed: int) -> tuple[Case, dict]:
    from dataclasses import replace

    generator = {"case": name, "description": description, "seed": seed}
    return replace(case, case=name, description=description, seed=seed), generator


def tagger_tokens(seed: int) -> np.ndarray:
    """(B, T) int64."""
    return draw_tokens(seed, 3, 8, tagger.VOCABULARY)


def record_tagger(model: tagger.Tagger, seed: int, **options) -> Case:
    import torch

    return record_pytorch(model, torch.tensor(tagger_tokens(seed)), **options)


def _tagger(seed: int) -> Case:
    model, tokens = tagger.tagger(seed), tagger_tokens(seed)
    original = record_tagger(model, seed)
    port = tagger.ported(model, tagger.KerasTagger(), tokens)
    return join(original, record_keras(port, tokens, given=original))


def _translator(seed: int) -> Case:
    import torch

    model = translator.translator(seed)
    shape = (3, 9, translator.INPUT)
    sequence = np.random.default_rng([seed, 1]).uniform(-1.5, 1.5, shape).astype(np.float32)
    original = record_pytorch(model, torch.tensor(sequence))
    port = translator.ported(model, sequence)
    return join(original, record_keras(port, sequence, given=original))


def _branches(seed: int) -> Case:
    tokens = draw_tokens(seed, 4, 10, branches.VOCABULARY)
    tokens = branches.left_padded(tokens, (10, 7, 1, 4)).astype(np.int32)
    original = record_keras(branches.branches(seed), tokens)
    unrolled = record_keras(
        branches.branches(seed, unroll=True), tokens, given=original, name="keras-unrolled"
    )
    return join(original, unrolled)

"""Models as people write them, recorded whole: what lies between their layers, and their ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from rnn_parity import Case, join, record_keras, record_onnx

from ..fixture import MATCH, Fixture
from ..models import branches, tagger, translator
from ..models.parameters import draw_tokens
from ..without_gradients import record_pytorch

GROUP = "models"


def fixtures() -> list[Fixture]:
    """One of each model and way to run it."""
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
            "Two branches over left padding, run by Keras in loops, and the branches unrolled.",
            seed=9,
            record=_branches,
        ),
        model_fixture(
            "tagger-onnx",
            "The tagger in PyTorch, and exported by it to ONNX.",
            seed=7,
            record=_exported,
        ),
        model_fixture(
            "tagger-bfloat16",
            "The tagger in bfloat16, which it declares.",
            seed=7,
            record=_in_bfloat16,
        ),
        model_fixture(
            "tagger-mixed-bfloat16",
            "The Keras tagger by the policy mixed_bfloat16, which it declares.",
            seed=7,
            record=_by_mixed_policy,
        ),
    ]


def model_fixture(
    name: str,
    description: str,
    seed: int,
    record: Callable[[int], Case],
    expect: dict[str, Any] = MATCH,
    group: str = GROUP,
    folder: str = "",
) -> Fixture:
    """record: takes the seed."""

    def produce() -> tuple[Case, dict[str, Any]]:
        case = replace(record(seed), case=name, description=description, seed=seed)
        return case, {"case": name, "description": description, "seed": seed}

    return Fixture(name=name, group=group, folder=folder, produce=produce, expect=expect)


def tagger_tokens(seed: int) -> np.ndarray:
    """(B, T) int64."""
    return draw_tokens(seed, 3, 8, tagger.VOCABULARY)


def record_tagger(model: tagger.Tagger, seed: int, **options: Any) -> Case:
    """The tagger in PyTorch, on the tokens of that seed."""
    import torch

    return record_pytorch(model, torch.tensor(tagger_tokens(seed)), **options)


def record_tagger_port(port: tagger.KerasTagger, seed: int, **options: Any) -> Case:
    """The tagger in PyTorch, and a port, which gets its weights."""
    model, tokens = tagger.tagger(seed), tagger_tokens(seed)
    original = record_tagger(model, seed, **options)
    tagger.ported(model, port, tokens)
    return join(original, record_keras(port, tokens, given=original, **options))


def _tagger(seed: int) -> Case:
    return record_tagger_port(tagger.KerasTagger(), seed)


def _translator(seed: int) -> Case:
    return record_translator_port(translator.KerasTranslator(), seed)


def record_translator_port(port: translator.KerasTranslator, seed: int) -> Case:
    """The translator in PyTorch, and a port, which gets its weights."""
    import torch

    model = translator.translator(seed)
    shape = (3, 9, translator.INPUT)
    sequence = np.random.default_rng([seed, 1]).uniform(-1.5, 1.5, shape).astype(np.float32)
    original = record_pytorch(model, torch.tensor(sequence))
    translator.ported(model, port, sequence)
    return join(original, record_keras(port, sequence, given=original))


def _branches(seed: int) -> Case:
    return record_branches(seed, unrolled=("left", "right"))


def record_branches(seed: int, unrolled: tuple[str, ...]) -> Case:
    """Once in loops, and once with some layers unrolled."""
    tokens = draw_tokens(seed, 4, 10, branches.VOCABULARY)
    tokens = branches.left_padded(tokens, (10, 7, 1, 4)).astype(np.int32)
    original = record_keras(branches.branches(seed), tokens)
    port = branches.branches(seed, unrolled)
    return join(original, record_keras(port, tokens, given=original, name="keras-unrolled"))


def _exported(seed: int) -> Case:
    import torch

    model = tagger.tagger(seed)
    original = record_tagger(model, seed)
    with TemporaryDirectory() as folder:
        path = Path(folder, "tagger.onnx")
        tokens = torch.tensor(tagger_tokens(seed))
        # The exporter that needs no other package.
        names = {"input_names": ["tokens"], "output_names": ["scores"]}
        torch.onnx.export(model, (tokens,), path, dynamo=False, **names)
        exported = record_onnx(path, {"tokens": tagger_tokens(seed)}, given=original)
    return join(original, exported)


def _in_bfloat16(seed: int) -> Case:
    import torch

    return record_tagger(tagger.tagger(seed).to(torch.bfloat16), seed)


def _by_mixed_policy(seed: int) -> Case:
    tokens = tagger_tokens(seed)
    port = tagger.KerasTagger(policy="mixed_bfloat16")
    tagger.ported(tagger.tagger(seed), port, tokens)
    return record_keras(port, tokens)

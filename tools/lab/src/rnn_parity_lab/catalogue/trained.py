"""Networks trained on a real task, each carried over to the other framework."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from ..case import Case
from ..description import CaseDescription, Cell, LayerDescription, LayerDirection
from ..digits import TEST_IMAGES, Training, digits, train_keras, train_pytorch
from ..fixture import MATCH, Fixture
from ..keras_recorder import record_keras
from ..network import Network
from ..pytorch_recorder import record_pytorch
from ..runs import labelled, run_keras, run_pytorch

GROUP = "trained"

_BATCH = 5
"""The first test images, as many as the fixtures hold."""

_HIDDEN_SIZES: dict[Cell, int] = {"rnn": 24, "gru": 12, "lstm": 12}
_EPOCHS: dict[Cell, int] = {"rnn": 15, "gru": 20, "lstm": 30}


def fixtures() -> list[Fixture]:
    """Every cell and topology, trained in each framework."""
    return [
        _fixture(cell, prefix, layers, bidirectional, framework, seed)
        for cell in ("rnn", "gru", "lstm")
        for seed, (prefix, layers, bidirectional) in enumerate(
            [("simple", 1, False), ("bi", 1, True), ("stacked", 2, False), ("stackedbi", 2, True)]
        )
        for framework in ("pytorch", "keras")
    ]


def _fixture(
    cell: Cell, prefix: str, layers: int, bidirectional: bool, framework: str, seed: int
) -> Fixture:
    training = Training(
        framework=framework,
        cell=cell,
        layers=layers,
        bidirectional=bidirectional,
        hidden_size=_HIDDEN_SIZES[cell],
        epochs=_EPOCHS[cell],
        seed=seed,
    )
    name = f"digits-{prefix}{cell}-{framework}-trained"
    return Fixture(
        name=name,
        group=GROUP,
        produce=lambda: _produce(name, training),
        expect=MATCH,
    )


def _produce(name: str, training: Training) -> tuple[Case, dict[str, Any]]:
    description = _description(name, training)
    images = digits().test_images[:_BATCH]
    if training.framework == "pytorch":
        case, accuracy = _trained_in_pytorch(description, training, images)
    else:
        case, accuracy = _trained_in_keras(description, training, images)
    if accuracy <= 0.9:
        raise RuntimeError(f"{name}: accuracy {accuracy} is not above 90 %")
    generator = {
        "training": asdict(training),
        "accuracy": accuracy,
        "tested_on": TEST_IMAGES,
        "layers": [asdict(layer) for layer in description.layers],
    }
    return labelled(case, description), generator


def _trained_in_pytorch(
    description: CaseDescription, training: Training, images: np.ndarray
) -> tuple[Case, float]:
    import torch

    model, accuracy = train_pytorch(training)
    case = record_pytorch(model, torch.tensor(images))
    network = Network.of_pytorch(case.references[0])
    return case.joined(run_keras(description, network, case.input)), accuracy


def _trained_in_keras(
    description: CaseDescription, training: Training, images: np.ndarray
) -> tuple[Case, float]:
    model, accuracy = train_keras(training)
    case = record_keras(model, images)
    network = Network.of_keras(case.references[0])
    return case.joined(run_pytorch(description, network, case.input)), accuracy


def _description(name: str, training: Training) -> CaseDescription:
    direction: LayerDirection = "bidirectional" if training.bidirectional else "forward"
    layer = LayerDescription(training.cell, training.hidden_size, direction)
    return CaseDescription(
        case=name,
        description="Classifies handwritten digits, read row by row; real test images.",
        layers=(layer,) * training.layers,
        timesteps=digits().test_images.shape[1],
        batch=_BATCH,
        input_size=digits().test_images.shape[2],
        seed=training.seed,
        initial_state=False,
    )

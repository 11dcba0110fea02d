"""Trains recurrent classifiers of handwritten digits, in PyTorch and in Keras.

The images are scikit-learn's 8×8 digits, read row by row: T 8, I 8. The last layer's final state
is classified by one dense layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import keras
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

from .case import Array
from .description import Cell

TEST_IMAGES = 360
CLASSES = 10


@dataclass(frozen=True)
class Training:
    """A classifier of `layers` equal layers, and how it is trained."""

    framework: str
    cell: Cell
    layers: int
    bidirectional: bool
    hidden_size: int
    epochs: int
    seed: int
    batch_size: int = 32
    learning_rate: float = 0.005


@dataclass(frozen=True)
class Digits:
    """Images (N, 8, 8) in 0…1, and their labels (N)."""

    train_images: Array
    train_labels: Array
    test_images: Array
    test_labels: Array


@cache
def digits() -> Digits:
    """All 1797 images, shuffled once; the last 360 are never trained on."""
    loaded = load_digits()
    order = np.random.default_rng(0).permutation(len(loaded.target))
    images = (loaded.images[order] / 16).astype(np.float32)
    labels = loaded.target[order].astype(np.int64)
    train, test = slice(None, -TEST_IMAGES), slice(-TEST_IMAGES, None)
    return Digits(images[train], labels[train], images[test], labels[test])


class PyTorchClassifier(nn.Module):
    """(B, T, I) to (B, 10)"""

    def __init__(self, training: Training):
        super().__init__()
        recurrent = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[training.cell]
        self.directions = 2 if training.bidirectional else 1
        self.rnn = recurrent(
            digits().train_images.shape[2],
            training.hidden_size,
            training.layers,
            batch_first=True,
            bidirectional=training.bidirectional,
        )
        self.dense = nn.Linear(self.directions * training.hidden_size, CLASSES)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """images (B, T, I) to scores (B, 10)."""
        _, state = self.rnn(images)
        h = state[0] if isinstance(state, tuple) else state
        return self.dense(torch.cat(list(h[-self.directions :]), dim=1))


def train_pytorch(training: Training) -> tuple[PyTorchClassifier, float]:
    """The trained classifier, and its accuracy on the test images."""
    torch.manual_seed(training.seed)
    model = PyTorchClassifier(training)
    optimizer = torch.optim.Adam(model.parameters(), training.learning_rate)
    images, labels = torch.tensor(digits().train_images), torch.tensor(digits().train_labels)
    for _ in range(training.epochs):
        for batch in torch.randperm(len(images)).split(training.batch_size):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()
    model.eval()
    with torch.no_grad():
        scores = model(torch.tensor(digits().test_images)).numpy()
    return model, _accuracy(scores)


def train_keras(training: Training) -> tuple[keras.Model, float]:
    """The trained classifier, and its accuracy on the test images."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(training.seed)
    model = _keras_classifier(training)
    model.compile(
        keras.optimizers.Adam(training.learning_rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    model.fit(
        digits().train_images,
        digits().train_labels,
        batch_size=training.batch_size,
        epochs=training.epochs,
        verbose=0,
    )
    return model, _accuracy(model.predict(digits().test_images, verbose=0))


def _keras_classifier(training: Training) -> keras.Model:
    recurrent = {
        "rnn": keras.layers.SimpleRNN,
        "gru": keras.layers.GRU,
        "lstm": keras.layers.LSTM,
    }[training.cell]
    model = keras.Sequential([keras.Input(digits().train_images.shape[1:])])
    for index in range(training.layers):
        last = index == training.layers - 1
        name = f"{training.cell}_{index}"
        layer = recurrent(training.hidden_size, return_sequences=not last, name=name)
        if training.bidirectional:
            layer = keras.layers.Bidirectional(layer, name=f"bidirectional_{index}")
        model.add(layer)
    model.add(keras.layers.Dense(CLASSES, name="dense"))
    return model


def _accuracy(scores: Array) -> float:
    correct = scores.argmax(axis=1) == digits().test_labels
    return round(float(correct.mean()), 4)

"""Classifiers of images of digits, which are trained before they are run."""

from __future__ import annotations

from collections.abc import Callable

from ..drawing import Draw
from ..steps import Branches, Last, MaxPool, MeanPool, Model, Residual, Step
from .architecture import CLASSES, Architecture


def _trained(name: str, what: str, steps: Callable[[Draw], tuple[Step, ...]]) -> Architecture:
    """A classifier of (B, 8, 8) images, which are drawn when it is trained."""
    return Architecture(f"digits: {name}", what, lambda d: Model(steps(d), ()), trained=True)


TRAINED = (
    _trained(
        "LSTM",
        "LSTM, last step",
        lambda d: (d.recurrent("lstm", 8, 24), Last(), d.dense(24, CLASSES)),
    ),
    _trained(
        "stacked RNN",
        "two RNN, last step",
        lambda d: (
            d.recurrent("rnn", 8, 32),
            d.recurrent("rnn", 32, 32),
            Last(),
            d.dense(32, CLASSES),
        ),
    ),
    _trained(
        "convolution",
        "convolution, batch norm, GRU, last step",
        lambda d: (
            d.convolution(3, 8, 16, "relu"),
            d.batch_norm(16),
            d.recurrent("gru", 16, 24),
            Last(),
            d.dense(24, CLASSES),
        ),
    ),
    _trained(
        "layer norm",
        "dense, layer norm, bidirectional LSTM, layer norm, mean over T",
        lambda d: (
            d.dense(8, 16),
            d.layer_norm(16),
            d.recurrent("lstm", 16, 16, both=True),
            d.layer_norm(32),
            MeanPool(),
            d.dense(32, CLASSES),
        ),
    ),
    _trained(
        "attention",
        "bidirectional GRU, attention, layer norm, mean over T",
        lambda d: (
            d.recurrent("gru", 8, 16, both=True),
            d.attention(32),
            d.layer_norm(32),
            MeanPool(),
            d.dense(32, CLASSES),
        ),
    ),
    _trained(
        "residual",
        "dense, LSTM in a residual, layer norm, last step",
        lambda d: (
            d.dense(8, 24),
            Residual((d.recurrent("lstm", 24, 24),)),
            d.layer_norm(24),
            Last(),
            d.dense(24, CLASSES),
        ),
    ),
    _trained(
        "transformer",
        "GRU, attention and gelu block, each normed, last step",
        lambda d: (
            d.recurrent("gru", 8, 24),
            Residual((d.attention(24, mask=True),)),
            d.layer_norm(24),
            Residual((d.dense(24, 48, "gelu"), d.dense(48, 24))),
            d.layer_norm(24),
            Last(),
            d.dense(24, CLASSES),
        ),
    ),
    _trained(
        "pyramid",
        "bidirectional LSTM and GRU, T halved between, last step",
        lambda d: (
            d.recurrent("lstm", 8, 12, both=True),
            MaxPool(),
            d.recurrent("gru", 24, 16, both=True),
            Last(),
            d.dense(32, CLASSES),
        ),
    ),
    _trained(
        "deep",
        "three dense relu, RNN, two dense, last step",
        lambda d: (
            *(d.dense(size, 24, "relu") for size in (8, 24, 24)),
            d.recurrent("rnn", 24, 24),
            Last(),
            d.dense(24, 24, "relu"),
            d.dense(24, CLASSES),
        ),
    ),
    _trained(
        "branches",
        "convolution and dense side by side, batch norm, LSTM, mean over T",
        lambda d: (
            Branches(((d.convolution(3, 8, 8, "relu"),), (d.dense(8, 8, "tanh"),))),
            d.batch_norm(16),
            d.recurrent("lstm", 16, 24),
            MeanPool(),
            d.dense(24, CLASSES),
        ),
    ),
)

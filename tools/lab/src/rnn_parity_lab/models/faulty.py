"""Models with one fault each, most of them where no recurrent layer is."""

from __future__ import annotations

from typing import Any

import keras
import torch
from keras import layers

from .tagger import HIDDEN, KerasTagger, Tagger
from .translator import KerasTranslator


class WithoutNorm(KerasTagger):
    """The normalisation is forgotten."""

    def between(self, lower: Any) -> Any:
        return lower


class Flipped(KerasTagger):
    """What the lower layer returns is turned around in time."""

    def between(self, lower: Any) -> Any:
        return keras.ops.flip(super().between(lower), axis=1)


class WithDropout(KerasTagger):
    """Dropout between the layers, left on."""

    def __init__(self) -> None:
        super().__init__()
        self.dropout = layers.Dropout(0.25, seed=5)

    def between(self, lower: Any) -> Any:
        return self.dropout(super().between(lower), training=True)


class Negated(KerasTagger):
    """The last dense layer has its sign changed."""

    def call(self, tokens: Any) -> Any:
        return -super().call(tokens)


class WithDropoutInside(KerasTagger):
    """Dropout inside the lower layer, left on."""

    def half(self, name: str, policy: str | None, **options: Any) -> keras.Layer:
        dropout = {"dropout": 0.25, "seed": 5} if name == "lower" else {}
        return super().half(name, policy, **dropout)

    def call(self, tokens: Any, training: bool = True) -> Any:
        return super().call(tokens)


class ScaledCell(layers.LSTMCell):
    """An LSTM cell whose output is not its state."""

    def call(self, inputs: Any, states: Any, training: Any = None) -> Any:
        output, new = super().call(inputs, states)
        return output * 1.5, new


class WithReplacedCell(KerasTagger):
    """The cell of the lower layer's forward half is replaced."""

    def __init__(self) -> None:
        super().__init__()
        self.lower.forward_layer.cell = ScaledCell(HIDDEN)


class UnsquashedTranslator(KerasTranslator):
    """The decoder starts from what the dense layer gives, without its tanh."""

    def start(self, bridged: Any) -> Any:
        return bridged


def with_scaling_hook(model: Tagger) -> Tagger:
    """A hook scales what the lower layer returns."""

    def scaled(module: torch.nn.Module, inputs: Any, returned: Any) -> Any:
        output, states = returned
        return output * 1.05, states

    model.lower.register_forward_hook(scaled)
    return model

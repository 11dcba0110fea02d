"""Draws the parameters of a PyTorch module, and carries them over to other frameworks' layers."""

from __future__ import annotations

import keras
import numpy as np
import torch
from torch import nn

from ..case import Array, Weights
from ..conversion import keras_from_pytorch
from ..description import Cell

_CELLS: dict[type, Cell] = {nn.RNN: "rnn", nn.GRU: "gru", nn.LSTM: "lstm", nn.GRUCell: "gru"}


def draw_parameters(module: nn.Module, seed: int) -> None:
    """Uniform numbers, ±1.5/√(last axis), and about 1 for the scales of normalisations.

    Only NumPy's uniform numbers: the same on every machine. No parameter is zero.
    """
    generator = np.random.default_rng(seed)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            bound = 1.5 / np.sqrt(parameter.shape[-1])
            values = generator.uniform(-bound, bound, tuple(parameter.shape))
            is_scale = name.endswith("norm.weight")
            parameter.copy_(torch.tensor(values + is_scale, dtype=parameter.dtype))


def draw_tokens(seed: int, batch: int, steps: int, vocabulary: int) -> Array:
    """(B, T) int64, from 1: 0 is for padding."""
    return np.random.default_rng([seed, 1]).integers(1, vocabulary, (batch, steps))


def recurrent_weights(layer: nn.Module, reverse: bool = False) -> Weights:
    """weight_ih, weight_hh, bias_ih and bias_hh of one direction of a layer, or of a cell."""
    suffix = "" if isinstance(layer, nn.RNNCellBase) else "_l0" + "_reverse" * reverse
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return {name: array(getattr(layer, f"{name}{suffix}")) for name in names}


def keras_weights(module: nn.Module) -> list[Array]:
    """What `set_weights` of the Keras layer takes that does the same as a PyTorch module."""
    if type(module) in _CELLS:
        reverses = [False, True] if getattr(module, "bidirectional", False) else [False]
        return [
            tensor
            for reverse in reverses
            for tensor in keras_from_pytorch(
                _CELLS[type(module)], recurrent_weights(module, reverse)
            ).values()
        ]
    if isinstance(module, nn.Linear):
        return [array(module.weight).T, array(module.bias)]
    if isinstance(module, nn.LayerNorm):
        return [array(module.weight), array(module.bias)]
    return [array(module.weight)]


def carry_over(source: nn.Module, target: keras.Model) -> None:
    """Sets the weights of every layer of a built Keras model to those of the module of its name."""
    modules = dict(source.named_modules())
    for layer in target.layers:
        if layer.weights:
            layer.set_weights(keras_weights(modules[layer.name]))


def array(tensor: torch.Tensor) -> Array:
    """A copy of its numbers."""
    return np.array(tensor.detach())

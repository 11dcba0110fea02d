"""Builds the Keras layers that a description asks for."""

from __future__ import annotations

import keras

from .case import Array, Weights
from .conversion import keras_from_pytorch
from .description import CaseDescription, Direction, LayerDescription, UnsupportedByFramework
from .network import Network, State

KerasWeights = list[dict[Direction, Weights]]
"""By layer and direction, in Keras's names and shapes."""


def build_keras(
    case: CaseDescription,
    network: Network,
    weights: KerasWeights | None = None,
    policy: str | None = None,
) -> tuple[list[keras.Layer], list[list[Array]] | None]:
    """The layers, and the initial states of each.

    weights: what the layers get instead of the network's own, rightly converted weights.
    policy: a dtype policy, as "mixed_bfloat16", if not the description's dtype.
    """
    weights = converted_weights(case, network) if weights is None else weights
    layers = [
        _layer(layer, case.input_sizes[index], index, policy or case.dtype, weights[index])
        for index, layer in enumerate(case.layers)
    ]
    if network.initial_states is None:
        return layers, None
    return layers, [_initial_states(states) for states in network.initial_states]


def converted_weights(case: CaseDescription, network: Network) -> KerasWeights:
    """The network's own, rightly converted."""
    return [
        {
            direction: keras_from_pytorch(layer.cell, weights, layer.reset_after)
            for direction, weights in directions.items()
        }
        for layer, directions in zip(case.layers, network.weights)
    ]


def _layer(
    layer: LayerDescription, input_size: int, index: int, dtype: str, weights: dict[Direction, Weights]
) -> keras.Layer:
    if layer.projection_size:
        raise UnsupportedByFramework("Keras's LSTM has no projection")
    if layer.direction == "bidirectional":
        built = keras.layers.Bidirectional(
            _one_direction(layer, f"{layer.cell}_{index}", dtype),
            merge_mode=layer.merge_mode,
            name=f"bidirectional_{index}",
            dtype=dtype,  # else it would cast its input to float32
        )
    else:
        built = _one_direction(layer, f"{layer.cell}_{index}", dtype)
    built.build((None, None, input_size))
    built.set_weights([tensor for direction in weights.values() for tensor in direction.values()])
    return built


def _one_direction(layer: LayerDescription, name: str, dtype: str) -> keras.layers.RNN:
    options = {
        "activation": layer.activation,
        "use_bias": layer.bias,
        "recurrent_initializer": "zeros",  # replaced at once; an orthogonal one takes long to draw
        "return_sequences": True,
        "return_state": True,
        "go_backwards": layer.direction == "backward",
        "name": name,
        "dtype": dtype,
    }
    if layer.cell == "rnn":
        return keras.layers.SimpleRNN(layer.hidden_size, **options)
    options["recurrent_activation"] = layer.recurrent_activation
    if layer.cell == "lstm":
        return keras.layers.LSTM(layer.hidden_size, **options)
    return keras.layers.GRU(layer.hidden_size, reset_after=layer.reset_after, **options)


def _initial_states(states: dict[Direction, State]) -> list[Array]:
    """h, or h and c, of the forward and then the backward direction."""
    return [
        tensor for state in states.values() for tensor in (state.h, state.c) if tensor is not None
    ]

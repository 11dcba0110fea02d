"""Builds the torch.nn modules that a description asks for."""

from __future__ import annotations

from itertools import groupby

import torch
from torch import Tensor, nn

from .case import Weights
from .description import CaseDescription, Direction, LayerDescription, UnsupportedByFramework
from .network import Network
from .pytorch_recorder import InitialState

_SUFFIXES: dict[Direction, str] = {"forward": "", "backward": "_reverse"}


def build_pytorch(
    case: CaseDescription, network: Network
) -> tuple[list[nn.RNNBase], list[InitialState | None]]:
    """The modules, and h0 of each. Equal consecutive layers become one module with num_layers."""
    dtype = getattr(torch, case.dtype)
    modules: list[nn.RNNBase] = []
    states: list[InitialState | None] = []
    first = 0
    for layer, group in groupby(case.layers):
        count = len(list(group))
        module = _module(layer, case.input_sizes[first], count, dtype)
        module.load_state_dict(_state_dict(network.weights[first : first + count]))
        modules.append(module)
        states.append(_initial_state(network, slice(first, first + count)))
        first += count
    return modules, states


def require_supported(layer: LayerDescription) -> None:
    """Raise unless nn.RNN, nn.GRU or nn.LSTM computes this layer."""
    activations = ("tanh", "relu") if layer.cell == "rnn" else ("tanh",)
    unsupported = {
        f"activation {layer.activation}": layer.activation not in activations,
        f"recurrent activation {layer.recurrent_activation}": layer.recurrent_activation
        != "sigmoid",
        "a gru that resets before the product": not layer.reset_after,
        "a projection outside an lstm": layer.projection_size and layer.cell != "lstm",
        f"merge mode {layer.merge_mode}": layer.merge_mode != "concat",
        "a layer that only runs backward": layer.direction == "backward",
    }
    for what, found in unsupported.items():
        if found:
            raise UnsupportedByFramework(f"PyTorch has no {what}")


def _module(layer: LayerDescription, input_size: int, count: int, dtype: torch.dtype) -> nn.RNNBase:
    require_supported(layer)
    options = {
        "num_layers": count,
        "bias": layer.bias,
        "bidirectional": layer.direction == "bidirectional",
        "dtype": dtype,
    }
    if layer.cell == "rnn":
        module = nn.RNN(input_size, layer.hidden_size, nonlinearity=layer.activation, **options)
    elif layer.cell == "gru":
        module = nn.GRU(input_size, layer.hidden_size, **options)
    else:
        module = nn.LSTM(input_size, layer.hidden_size, proj_size=layer.projection_size, **options)
    return module.eval()


def _state_dict(layers: list[dict[Direction, Weights]]) -> dict[str, Tensor]:
    return {
        f"{name}_l{index}{_SUFFIXES[direction]}": torch.from_numpy(tensor)
        for index, directions in enumerate(layers)
        for direction, weights in directions.items()
        for name, tensor in weights.items()
    }


def _initial_state(network: Network, layers: slice) -> InitialState | None:
    if network.initial_states is None:
        return None
    states = [
        state for directions in network.initial_states[layers] for state in directions.values()
    ]
    h0 = torch.stack([torch.from_numpy(state.h) for state in states])
    cells = [torch.from_numpy(state.c) for state in states if state.c is not None]
    return (h0, torch.stack(cells)) if cells else h0

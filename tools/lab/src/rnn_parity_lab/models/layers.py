"""One recurrent layer and a dense one, in PyTorch, Flax and MLX."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ..case import Array, Weights
from .parameters import array, draw_parameters, recurrent_weights

INPUT, HIDDEN, OUTPUT = 5, 7, 3


class Layer(nn.Module):
    """(B, T, 5) to (B, T, 3)."""

    def __init__(self, rnn: type[nn.GRU] | type[nn.LSTM]) -> None:
        super().__init__()
        self.rnn = rnn(INPUT, HIDDEN, batch_first=True)
        self.dense = nn.Linear(HIDDEN, OUTPUT)

    def forward(self, sequence: torch.Tensor) -> torch.Tensor:
        """(B, T, 5) to (B, T, 3)."""
        return self.dense(self.rnn(sequence)[0])


def layer(rnn: type[nn.GRU] | type[nn.LSTM], seed: int) -> Layer:
    """With drawn parameters."""
    model = Layer(rnn)
    draw_parameters(model, seed)
    model.eval()
    return model


def nnx_layer(source: Layer) -> Any:
    """An LSTM in Flax's nnx. Its one bias stands on the recurrent side."""
    from flax import nnx

    class Model(nnx.Module):
        def __init__(self, rngs: nnx.Rngs) -> None:
            self.rnn = nnx.RNN(nnx.LSTMCell(INPUT, HIDDEN, rngs=rngs))
            self.dense = nnx.Linear(HIDDEN, OUTPUT, rngs=rngs)

        def __call__(self, sequence: Any) -> Any:
            return self.dense(self.rnn(sequence))

    model = Model(nnx.Rngs(0))
    for name, gate in _lstm_gates(recurrent_weights(source.rnn)).items():
        for kind, values in gate.items():
            # `if` is a keyword of Python.
            getattr(getattr(model.rnn.cell, "if_" if name == "if" else name), kind).value = values
    model.dense.kernel.value = array(source.dense.weight).T
    model.dense.bias.value = array(source.dense.bias)
    return model


def linen_layer(source: Layer) -> tuple[Any, dict[str, Any]]:
    """A GRU in Flax's linen, and its variables."""
    from flax import linen

    class Model(linen.Module):
        @linen.compact  # type: ignore[untyped-decorator]  # Frameworks are not followed.
        def __call__(self, sequence: Any) -> Any:
            hidden = linen.RNN(linen.GRUCell(HIDDEN, name="cell"), name="rnn")(sequence)
            return linen.Dense(OUTPUT, name="dense")(hidden)

    dense = {"kernel": array(source.dense.weight).T, "bias": array(source.dense.bias)}
    cell = _gru_gates(recurrent_weights(source.rnn))
    return Model(), {"params": {"cell": cell, "dense": dense}}


def mlx_layer(source: Layer) -> Any:
    """A GRU in MLX."""
    import mlx.core as mx
    import mlx.nn as mlx_nn

    class Model(mlx_nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rnn = mlx_nn.GRU(INPUT, HIDDEN)
            self.dense = mlx_nn.Linear(HIDDEN, OUTPUT)

        def __call__(self, sequence: Any) -> Any:
            return self.dense(self.rnn(sequence))

    weights = recurrent_weights(source.rnn)
    merged, own = _divided_biases(weights)
    model = Model()
    model.rnn.Wx, model.rnn.Wh = mx.array(weights["weight_ih"]), mx.array(weights["weight_hh"])
    model.rnn.b, model.rnn.bhn = mx.array(merged), mx.array(own)
    model.dense.weight = mx.array(array(source.dense.weight))
    model.dense.bias = mx.array(array(source.dense.bias))
    return model


def _lstm_gates(weights: Weights) -> dict[str, dict[str, Array]]:
    """One dense layer a gate, the biases summed."""
    bias = weights["bias_ih"] + weights["bias_hh"]
    gates: dict[str, dict[str, Array]] = {}
    for index, gate in enumerate("ifgo"):
        rows = slice(index * HIDDEN, (index + 1) * HIDDEN)
        gates[f"i{gate}"] = {"kernel": weights["weight_ih"][rows].T}
        gates[f"h{gate}"] = {"kernel": weights["weight_hh"][rows].T, "bias": bias[rows]}
    return gates


def _gru_gates(weights: Weights) -> dict[str, dict[str, Array]]:
    """One dense layer a gate; only n keeps a bias of the recurrent side."""
    merged, own = _divided_biases(weights)
    gates: dict[str, dict[str, Array]] = {}
    for index, gate in enumerate("rzn"):
        rows = slice(index * HIDDEN, (index + 1) * HIDDEN)
        gates[f"i{gate}"] = {"kernel": weights["weight_ih"][rows].T, "bias": merged[rows]}
        gates[f"h{gate}"] = {"kernel": weights["weight_hh"][rows].T}
    gates["hn"]["bias"] = own
    return gates


def _divided_biases(weights: Weights) -> tuple[Array, Array]:
    """(3H), with the recurrent biases of r and z merged in, and b_hn (H)."""
    recurrent = weights["bias_hh"].copy()
    recurrent[2 * HIDDEN :] = 0
    return weights["bias_ih"] + recurrent, weights["bias_hh"][2 * HIDDEN :]

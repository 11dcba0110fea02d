"""Single layers of frameworks and options that only version 2 has words for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rnn_parity import Case, join, record_flax, record_mlx, record_onnx

from ..case import Array
from ..fixture import Fixture
from ..without_gradients import record_pytorch
from .models import model_fixture

if TYPE_CHECKING:
    from ..models.layers import Layer

T, B = 9, 3


def fixtures() -> list[Fixture]:
    """One of each framework and option."""
    return [
        model_fixture(
            "lstm-flax-nnx",
            "An LSTM and a dense layer in PyTorch and in Flax's nnx.",
            seed=10,
            record=_nnx,
        ),
        model_fixture(
            "gru-flax-linen",
            "A GRU and a dense layer in PyTorch and in Flax's linen.",
            seed=11,
            record=_linen,
        ),
        model_fixture(
            "gru-mlx",
            "A GRU and a dense layer in PyTorch and in MLX.",
            seed=12,
            record=_mlx,
        ),
        model_fixture(
            "lstm-onnx-peepholes",
            "An LSTM node with peepholes.",
            seed=13,
            record=_peepholes,
        ),
        model_fixture(
            "lstm-onnx-options",
            "An LSTM node that clips, couples its gates, and has activations with parameters.",
            seed=14,
            record=_options,
        ),
    ]


def _sequence(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng([seed, 1]).uniform(-1.5, 1.5, shape).astype(np.float32)


def _original(rnn: str, seed: int) -> tuple[Layer, Array, Case]:
    """The model in PyTorch, its input (B, T, 5), and what it computed."""
    import torch

    from ..models import layers

    model = layers.layer(getattr(torch.nn, rnn), seed)
    sequence = _sequence(seed, B, T, layers.INPUT)
    return model, sequence, record_pytorch(model, torch.tensor(sequence))


def _nnx(seed: int) -> Case:
    from ..models import layers

    model, sequence, original = _original("LSTM", seed)
    return join(original, record_flax(layers.nnx_layer(model), sequence, given=original))


def _linen(seed: int) -> Case:
    from ..models import layers

    model, sequence, original = _original("GRU", seed)
    port, variables = layers.linen_layer(model)
    return join(original, record_flax(port, sequence, variables=variables, given=original))


def _mlx(seed: int) -> Case:
    import mlx.core as mx

    from ..models import layers

    model, sequence, original = _original("GRU", seed)
    port = layers.mlx_layer(model)
    return join(original, record_mlx(port, mx.array(sequence), given=original))


def _peepholes(seed: int) -> Case:
    from ..models import nodes

    model = nodes.lstm_node(seed, peepholes=True)
    return record_onnx(model, {"x": _sequence(seed, T, B, nodes.INPUT)})


def _options(seed: int) -> Case:
    return record_options(seed, "Elu", alpha=[0.2, 0.7, 0.3], beta=[0.5])


def record_options(seed: int, function: str, alpha: list[float], beta: list[float]) -> Case:
    """function: the forward g.   alpha, beta: of the functions that have them, in their order."""
    from ..models import nodes

    model = nodes.lstm_node(
        seed,
        peepholes=False,
        clip=0.75,
        input_forget=1,
        activations=["HardSigmoid", function, "LeakyRelu", "Sigmoid", "Tanh", "Softsign"],
        activation_alpha=alpha,
        activation_beta=beta,
    )
    return record_onnx(model, {"x": _sequence(seed, T, B, nodes.INPUT)})

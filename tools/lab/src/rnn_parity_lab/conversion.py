"""Weights from PyTorch's convention to Keras's and back, and to ONNX's.

PyTorch multiplies x @ Wᵀ with W (G·H, I), Keras x @ W with W (I, G·H). Both order an lstm's gates
i, f, g, o; a gru's are r, z, n in PyTorch and z, r, h in Keras. PyTorch has two biases, Keras one,
except in the reset-after gru, where b_hn stands inside the reset product and can't be merged.
ONNX multiplies x @ Wᵀ, keeps both biases, and orders i, o, f, c and z, r, h.
"""

from __future__ import annotations

import numpy as np

from .case import Array, Weights
from .description import Cell

_KERAS_ORDER: dict[Cell, tuple[int, ...]] = {"rnn": (0,), "gru": (1, 0, 2), "lstm": (0, 1, 2, 3)}
_ONNX_ORDER: dict[Cell, tuple[int, ...]] = {"rnn": (0,), "gru": (1, 0, 2), "lstm": (0, 3, 1, 2)}
"""Which of PyTorch's gates stand where. Keras's orders are their own inverses."""


def keras_from_pytorch(cell: Cell, weights: Weights, reset_after: bool = True) -> Weights:
    """kernel (I, G·H), recurrent_kernel (H, G·H) and bias (G·H), or (2, 3H) for a reset-after gru.

    Where the biases are summed, they are summed in their own precision.
    """
    converted = {
        "kernel": _reordered(_KERAS_ORDER[cell], weights["weight_ih"]).T,
        "recurrent_kernel": _reordered(_KERAS_ORDER[cell], weights["weight_hh"]).T,
    }
    if "bias_ih" in weights:
        bias_ih = _reordered(_KERAS_ORDER[cell], weights["bias_ih"])
        bias_hh = _reordered(_KERAS_ORDER[cell], weights["bias_hh"])
        two_rows = cell == "gru" and reset_after
        converted["bias"] = np.stack([bias_ih, bias_hh]) if two_rows else bias_ih + bias_hh
    return converted


def pytorch_from_keras(cell: Cell, weights: Weights) -> Weights:
    """weight_ih (G·H, I), weight_hh (G·H, H), and bias_ih and bias_hh (G·H).

    A single Keras bias becomes bias_ih, and bias_hh is zero.
    """
    converted = {
        "weight_ih": _reordered(_KERAS_ORDER[cell], weights["kernel"].T),
        "weight_hh": _reordered(_KERAS_ORDER[cell], weights["recurrent_kernel"].T),
    }
    if "bias" in weights:
        bias = weights["bias"]
        bias_ih, bias_hh = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
        converted |= {
            "bias_ih": _reordered(_KERAS_ORDER[cell], bias_ih),
            "bias_hh": _reordered(_KERAS_ORDER[cell], bias_hh),
        }
    return converted


def onnx_from_pytorch(cell: Cell, weights: Weights) -> Weights:
    """W (G·H, I), R (G·H, H) and B (2·G·H), the input's biases first."""
    reordered = {name: _reordered(_ONNX_ORDER[cell], tensor) for name, tensor in weights.items()}
    converted = {"W": reordered["weight_ih"], "R": reordered["weight_hh"]}
    if "bias_ih" in weights:
        converted["B"] = np.concatenate([reordered["bias_ih"], reordered["bias_hh"]])
    return converted


def _reordered(order: tuple[int, ...], tensor: Array) -> Array:
    """The gate blocks along axis 0 of (G·H, …) in another order."""
    blocks = np.split(tensor, len(order))
    return np.concatenate([blocks[index] for index in order])

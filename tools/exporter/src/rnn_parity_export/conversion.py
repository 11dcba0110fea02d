"""Weights from PyTorch's convention to Keras's and back.

PyTorch multiplies x @ Wᵀ with W (G·H, I), Keras x @ W with W (I, G·H). Both order an lstm's gates
i, f, g, o; a gru's are r, z, n in PyTorch and z, r, h in Keras. PyTorch has two biases, Keras one,
except in the reset-after gru, where b_hn stands inside the reset product and can't be merged.
"""

from __future__ import annotations

import numpy as np

from .case import Array, Weights
from .description import GATES, Cell

_GRU_SWAP = (1, 0, 2)
"""r, z, n to z, r, h. It is its own inverse."""


def keras_from_pytorch(cell: Cell, weights: Weights, reset_after: bool = True) -> Weights:
    """kernel (I, G·H), recurrent_kernel (H, G·H) and bias (G·H), or (2, 3H) for a reset-after gru.

    Where the biases are summed, they are summed in their own precision.
    """
    converted = {
        "kernel": _reordered(cell, weights["weight_ih"]).T,
        "recurrent_kernel": _reordered(cell, weights["weight_hh"]).T,
    }
    if "bias_ih" in weights:
        bias_ih = _reordered(cell, weights["bias_ih"])
        bias_hh = _reordered(cell, weights["bias_hh"])
        two_rows = cell == "gru" and reset_after
        converted["bias"] = np.stack([bias_ih, bias_hh]) if two_rows else bias_ih + bias_hh
    return converted


def pytorch_from_keras(cell: Cell, weights: Weights) -> Weights:
    """weight_ih (G·H, I), weight_hh (G·H, H), and bias_ih and bias_hh (G·H).

    A single Keras bias becomes bias_ih, and bias_hh is zero.
    """
    converted = {
        "weight_ih": _reordered(cell, weights["kernel"].T),
        "weight_hh": _reordered(cell, weights["recurrent_kernel"].T),
    }
    if "bias" in weights:
        bias = weights["bias"]
        bias_ih, bias_hh = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
        converted |= {
            "bias_ih": _reordered(cell, bias_ih),
            "bias_hh": _reordered(cell, bias_hh),
        }
    return converted


def _reordered(cell: Cell, tensor: Array) -> Array:
    """The gate blocks along axis 0 of (G·H, …) in the other framework's order."""
    if cell != "gru":
        return tensor
    blocks = np.split(tensor, GATES[cell])
    return np.concatenate([blocks[index] for index in _GRU_SWAP])

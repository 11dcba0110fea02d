"""Layers of Keras, Flax and MLX with given weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import Weights
from .recordings import BATCH, HIDDEN, INPUT


def keras_layer(kind: str, weights: Weights, size: int = INPUT, framework: Any = None, **options: Any) -> Any:
    """A Keras layer of one direction.

    weights: in Keras's convention.   framework: where it is not Keras 3.
    """
    if framework is None:
        import keras

        framework = keras
    units = weights["recurrent_kernel"].shape[0]
    arguments = {"return_sequences": True, "return_state": True, "recurrent_initializer": "zeros", **options}
    layer = getattr(framework.layers, kind)(units, name=kind.lower(), **arguments)
    layer.build((BATCH if options.get("stateful") else None, None, size))
    layer.set_weights([weights[name] for name in ("kernel", "recurrent_kernel", "bias")])
    return layer


def keras_bidirectional(
    kind: str, forward: Weights, backward: Weights, size: int = INPUT, merge_mode: str = "concat"
) -> Any:
    """A Keras layer of two directions."""
    import keras

    units = forward["recurrent_kernel"].shape[0]
    one = getattr(keras.layers, kind)(
        units, return_sequences=True, return_state=True, recurrent_initializer="zeros", name=kind.lower()
    )
    layer = keras.layers.Bidirectional(one, merge_mode=merge_mode, name="bidirectional")
    layer.build((None, None, size))
    names = ("kernel", "recurrent_kernel", "bias")
    layer.set_weights([weights[name] for weights in (forward, backward) for name in names])
    return layer


def nnx_gru(weights: Weights) -> Any:
    """A GRU of Flax's nnx, from PyTorch's weights. It has no b_hn."""
    from flax import nnx

    cell = nnx.GRUCell(weights["weight_ih"].shape[1], HIDDEN, rngs=nnx.Rngs(0))
    merged = weights["bias_ih"].copy()
    merged[: 2 * HIDDEN] += weights["bias_hh"][: 2 * HIDDEN]
    cell.dense_i.kernel.value = weights["weight_ih"].T
    cell.dense_i.bias.value = merged
    cell.dense_h.kernel.value = weights["weight_hh"].T
    return nnx.RNN(cell)


def mlx_gru(weights: Weights) -> Any:
    """A GRU of MLX, from PyTorch's weights."""
    import mlx.core as mx
    import mlx.nn

    layer = mlx.nn.GRU(weights["weight_ih"].shape[1], HIDDEN)
    recurrent = weights["bias_hh"].copy()
    recurrent[2 * HIDDEN :] = 0
    layer.Wx, layer.Wh = mx.array(weights["weight_ih"]), mx.array(weights["weight_hh"])
    layer.b = mx.array(np.asarray(weights["bias_ih"] + recurrent))
    layer.bhn = mx.array(weights["bias_hh"][2 * HIDDEN :])
    return layer

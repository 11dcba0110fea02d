"""A model as flax.nnx modules."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from ..case import Array, Weights
from ..description import Cell
from . import steps
from .steps import Model, Step

_ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": jax.nn.relu,
    "tanh": jnp.tanh,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False),
    "sigmoid": jax.nn.sigmoid,
}
_CELLS = {"rnn": nnx.SimpleCell, "gru": nnx.GRUCell, "lstm": nnx.OptimizedLSTMCell}


class FlaxModel(nnx.Module):
    """The steps in a row."""

    def __init__(self, model: Model):
        self.steps = _modules(model.steps)

    def __call__(self, x: jax.Array, target: jax.Array | None = None) -> jax.Array:
        """What the last step returns.   x: (B, T, I) or (B, T)   target: the decoder's (B, T', I')"""
        for step in self.steps:
            x = step(x, target) if isinstance(step, _SequenceToSequence) else step(x)
        return x


def inputs(model: Model) -> list[jax.Array]:
    """As the model takes them, by position."""
    return [jnp.asarray(array) for array in model.inputs]


def _set(module: Any, **weights: Array) -> None:
    for name, values in weights.items():
        getattr(module, name)[...] = jnp.asarray(values)


class _Dense(nnx.Module):
    def __init__(self, step: steps.Dense):
        self.linear = nnx.Linear(*step.kernel.shape, rngs=nnx.Rngs(0))
        self.activation = step.activation
        _set(self.linear, kernel=step.kernel, bias=step.bias)

    def __call__(self, x: jax.Array) -> jax.Array:
        return _ACTIVATIONS[self.activation](self.linear(x))


class _Convolution(nnx.Module):
    def __init__(self, step: steps.Convolution):
        width, channels, outputs = step.kernel.shape
        self.conv = nnx.Conv(channels, outputs, (width,), padding="SAME", rngs=nnx.Rngs(0))
        self.activation = step.activation
        _set(self.conv, kernel=step.kernel, bias=step.bias)

    def __call__(self, x: jax.Array) -> jax.Array:
        return _ACTIVATIONS[self.activation](self.conv(x))


def _layer_norm(step: steps.LayerNorm) -> nnx.LayerNorm:
    """flax's default is the variance by squares, which is no honest partner."""
    norm = nnx.LayerNorm(
        len(step.scale),
        epsilon=step.epsilon,
        use_fast_variance=step.squares,
        rngs=nnx.Rngs(0),
    )
    _set(norm, scale=step.scale, bias=step.offset)
    return norm


def _batch_norm(step: steps.BatchNorm) -> nnx.BatchNorm:
    norm = nnx.BatchNorm(
        len(step.scale), epsilon=step.epsilon, use_running_average=True, rngs=nnx.Rngs(0)
    )
    _set(norm, scale=step.scale, bias=step.offset, mean=step.mean, var=step.variance)
    return norm


def _embedding(step: steps.Embedding) -> nnx.Embed:
    embed = nnx.Embed(*step.table.shape, rngs=nnx.Rngs(0))
    _set(embed, embedding=step.table)
    return embed


def _recurrent(step: steps.Recurrent) -> nnx.RNN | nnx.Bidirectional:
    layers = [nnx.RNN(_cell(step.cell, way)) for way in step.ways]
    return layers[0] if len(layers) == 1 else nnx.Bidirectional(*layers)


def _cell(cell: Cell, way: Weights) -> Any:
    rows, size = way["weight_hh"].shape
    made = _CELLS[cell](way["weight_ih"].shape[1], size, rngs=nnx.Rngs(0))
    bias = way["bias_ih"] + way["bias_hh"]
    if cell == "lstm":
        _set(made.dense_i, kernel=way["weight_ih"].T)
        _set(made.dense_h, kernel=way["weight_hh"].T, bias=bias)
    elif cell == "gru":
        _set(made.dense_i, kernel=way["weight_ih"].T, bias=bias)
        _set(made.dense_h, kernel=way["weight_hh"].T)
    else:
        _set(made.dense_i, kernel=way["weight_ih"].T, bias=bias)
        _set(made.dense_h, kernel=way["weight_hh"].T)
    return made


class _SequenceToSequence(nnx.Module):
    def __init__(self, step: steps.SequenceToSequence):
        self.encoder = nnx.RNN(_cell(step.encoder.cell, step.encoder.ways[0]), return_carry=True)
        self.bridges = nnx.List([_Dense(each) for each in step.bridges])
        self.decoder = nnx.RNN(_cell(step.decoder.cell, step.decoder.ways[0]))

    def __call__(self, x: jax.Array, target: jax.Array) -> jax.Array:
        carry, _ = self.encoder(x)
        if isinstance(carry, tuple):
            c, h = carry
            carry = self.bridges[1](c), self.bridges[0](h)
        else:
            carry = self.bridges[0](carry)
        return self.decoder(target, initial_carry=carry)


class _Attention(nnx.Module):
    def __init__(self, step: steps.Attention):
        self.query, self.key = _Dense(step.query), _Dense(step.key)
        self.value, self.output = _Dense(step.value), _Dense(step.output)
        self.mask = step.mask

    def __call__(self, x: jax.Array) -> jax.Array:
        mask = None
        if self.mask == "causal":
            mask = jnp.tril(jnp.ones((1, 1, x.shape[1], x.shape[1]), bool))
        query, key, value = (each(x)[:, :, None] for each in (self.query, self.key, self.value))
        return self.output(nnx.dot_product_attention(query, key, value, mask=mask)[:, :, 0])


class _Residual(nnx.Module):
    def __init__(self, step: steps.Residual):
        self.steps = _modules(step.steps)

    def __call__(self, x: jax.Array) -> jax.Array:
        y = x
        for module in self.steps:
            y = module(y)
        return x + y


class _Branches(nnx.Module):
    def __init__(self, step: steps.Branches):
        self.branches = nnx.List([nnx.Sequential(*_modules(each)) for each in step.branches])

    def __call__(self, x: jax.Array) -> jax.Array:
        return jnp.concatenate([branch(x) for branch in self.branches], axis=-1)


class _Function(nnx.Module):
    """A step without weights."""

    def __init__(self, step: Any):
        self.step = step

    def __call__(self, x: jax.Array) -> jax.Array:
        match self.step:
            case steps.MaxPool():
                return nnx.max_pool(x, (2,), (2,))
            case steps.MeanPool():
                return x.mean(axis=1)
            case steps.Last():
                return x[:, -1]
            case steps.Softmax():
                return jax.nn.softmax(x, axis=-1)
            case steps.Shift(by):
                return x + np.float32(by)
        raise TypeError(f"{self.step} is no step of a flax model")


_MODULES: dict[type, Any] = {
    steps.Dense: _Dense,
    steps.Convolution: _Convolution,
    steps.LayerNorm: _layer_norm,
    steps.BatchNorm: _batch_norm,
    steps.Embedding: _embedding,
    steps.Recurrent: _recurrent,
    steps.SequenceToSequence: _SequenceToSequence,
    steps.Attention: _Attention,
    steps.Residual: _Residual,
    steps.Branches: _Branches,
}


def _modules(parts: tuple[Step, ...]) -> nnx.List:
    return nnx.List([_MODULES.get(type(step), _Function)(step) for step in parts])

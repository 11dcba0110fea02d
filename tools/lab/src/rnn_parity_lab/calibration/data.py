"""Draws the weights, states and input of a run, by the kind of data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..case import Array, Weights
from ..description import GATES, CaseDescription, LayerDescription
from ..network import Network, State
from .plan import CONSTANT, CONSTANT_INPUT, SAME_SIGN, SATURATED, SYMMETRIC, WIDE, Run

Draw = Callable[[tuple[int, ...]], Array]


@dataclass(frozen=True)
class _Source:
    """weight: by shape, I + H and H."""

    weight: Callable[[tuple[int, ...], int, int], Array]
    bias: Draw
    state: Draw
    input: Draw


def draw(run: Run) -> tuple[Network, Array]:
    """The network, and the input (T, B, I)."""
    case = run.description
    generator = np.random.default_rng([case.seed, 1])
    relu = case.layers[0].activation == "relu"
    source = _SOURCES[run.data](generator, relu)
    weights = [
        {way: _weights(source, layer, size, case.dtype) for way in layer.directions}
        for layer, size in zip(case.layers, case.input_sizes)
    ]
    states = [
        {way: _state(source, layer, case) for way in layer.directions} for layer in case.layers
    ]
    input = source.input((case.timesteps, case.batch, case.input_size)).astype(case.dtype)
    return Network(weights, states), input


def _weights(source: _Source, layer: LayerDescription, input_size: int, dtype: str) -> Weights:
    rows = GATES[layer.cell] * layer.hidden_size
    shapes = {"weight_ih": (rows, input_size), "weight_hh": (rows, layer.state_size)}
    if layer.projection_size:
        shapes["weight_hr"] = (layer.projection_size, layer.hidden_size)
    terms = input_size + layer.state_size
    tensors = {
        name: source.weight(shape, terms, layer.hidden_size) for name, shape in shapes.items()
    }
    tensors |= {"bias_ih": source.bias((rows,)), "bias_hh": source.bias((rows,))}
    return {name: tensor.astype(dtype) for name, tensor in tensors.items()}


def _state(source: _Source, layer: LayerDescription, case: CaseDescription) -> State:
    h = source.state((case.batch, layer.state_size)).astype(case.dtype)
    if layer.cell != "lstm":
        return State(h)
    return State(h, source.state((case.batch, layer.hidden_size)).astype(case.dtype))


def _symmetric(generator: np.random.Generator, relu: bool) -> _Source:
    scale = generator.choice((0.5, 1.0) if relu else (0.5, 1.5, 3.0))
    return _Source(
        weight=lambda shape, _, size: generator.uniform(-1, 1, shape) * scale / np.sqrt(size),
        bias=lambda shape: generator.uniform(-0.5, 0.5, shape),
        state=lambda shape: generator.uniform(-1, 1, shape),
        input=lambda shape: generator.uniform(-1.5, 1.5, shape),
    )


def _same_sign(generator: np.random.Generator, relu: bool) -> _Source:
    return _Source(
        weight=lambda shape, terms, _: generator.uniform(0, 1.8 / terms, shape),
        bias=lambda shape: generator.uniform(0, 0.25, shape),
        state=lambda shape: generator.uniform(0, 1, shape),
        input=lambda shape: generator.uniform(0, 1.5, shape),
    )


def _constant_input(generator: np.random.Generator, relu: bool) -> _Source:
    drawn = _same_sign(generator, relu)
    return _Source(drawn.weight, drawn.bias, drawn.state, lambda shape: np.full(shape, 0.75))


def _constant(generator: np.random.Generator, relu: bool) -> _Source:
    value = generator.uniform(0.5, 0.9)
    return _Source(
        weight=lambda shape, terms, _: np.full(shape, value / terms),
        bias=lambda shape: np.full(shape, value / 7),
        state=lambda shape: np.full(shape, value / 3),
        input=lambda shape: np.full(shape, 0.75),
    )


def _saturated(generator: np.random.Generator, relu: bool) -> _Source:
    """The two biases make 7.8 to 8.2 or the opposite, the products 0.3 at most (ReLU: more)."""
    signs: dict[int, Array] = {}

    def bias(shape: tuple[int, ...]) -> Array:
        """Called for bias_ih and then for bias_hh: both of one sign."""
        [rows] = shape
        if rows in signs:
            sign = signs.pop(rows)
        else:
            sign = signs[rows] = generator.choice((-1, 1), rows)
        return sign * generator.uniform(3.9, 4.1, rows)

    return _Source(
        weight=lambda shape, terms, _: generator.uniform(-0.3, 0.3, shape) / terms,
        bias=bias,
        state=lambda shape: generator.uniform(-1, 1, shape),
        input=lambda shape: generator.uniform(-1, 1, shape),
    )


def _wide(generator: np.random.Generator, relu: bool) -> _Source:
    def log_uniform(low: float, high: float, shape: tuple[int, ...]) -> Array:
        return generator.choice((-1, 1), shape) * 10 ** generator.uniform(low, high, shape)

    return _Source(
        weight=lambda shape, _, size: log_uniform(-4, 0, shape) / np.sqrt(size),
        bias=lambda shape: log_uniform(-4, 0, shape),
        state=lambda shape: log_uniform(-4, 0, shape),
        input=lambda shape: log_uniform(-3, 1, shape),
    )


_SOURCES = {
    SYMMETRIC: _symmetric,
    SAME_SIGN: _same_sign,
    CONSTANT_INPUT: _constant_input,
    CONSTANT: _constant,
    SATURATED: _saturated,
    WIDE: _wide,
}

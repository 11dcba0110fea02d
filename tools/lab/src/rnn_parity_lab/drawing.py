"""Draws the numbers of a case: weights, initial states and input.

Only uniform numbers, additions, products and square roots are used, so the same seed gives the
same numbers on every machine. Each purpose has its own stream: leaving out the initial states
does not change the weights.
"""

from __future__ import annotations

import numpy as np

from .case import Array, Weights
from .description import GATES, CaseDescription, LayerDescription
from .network import Network, State

_WEIGHTS, _STATES, _INPUT = range(3)


def draw_network(case: CaseDescription) -> Network:
    """The weights and, if the case has any, the initial states."""
    weights_generator = np.random.default_rng([case.seed, _WEIGHTS])
    weights = [
        {name: _draw_weights(weights_generator, case, layer, size) for name in layer.directions}
        for layer, size in zip(case.layers, case.input_sizes)
    ]
    if not case.initial_state:
        return Network(weights, None)
    states_generator = np.random.default_rng([case.seed, _STATES])
    states = [
        {name: _draw_state(states_generator, case, layer) for name in layer.directions}
        for layer in case.layers
    ]
    return Network(weights, states)


def draw_input(case: CaseDescription) -> Array:
    """(T, B, I)"""
    shape = (case.timesteps, case.batch, case.input_size)
    if case.input == "constant":
        return np.full(shape, 0.75, case.dtype)
    generator = np.random.default_rng([case.seed, _INPUT])
    values = generator.uniform(-1.5, 1.5, shape).astype(case.dtype)
    return values if case.input == "uniform" else _rounded(values, case.input)


def _draw_weights(
    generator: np.random.Generator, case: CaseDescription, layer: LayerDescription, input_size: int
) -> Weights:
    rows = GATES[layer.cell] * layer.hidden_size
    shapes: dict[str, tuple[int, ...]] = {
        "weight_ih": (rows, input_size),
        "weight_hh": (rows, layer.state_size),
    }
    if layer.bias:
        shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
    if layer.projection_size:
        shapes["weight_hr"] = (layer.projection_size, layer.hidden_size)
    if case.weights == "equal":
        product, bias = case.weight_scale / (input_size + layer.state_size), case.weight_scale / 7
        return {
            name: np.full(shape, bias if name.startswith("bias") else product, case.dtype)
            for name, shape in shapes.items()
        }
    if case.weights == "positive":
        low, high = 0.0, case.weight_scale / layer.hidden_size
    else:
        high = case.weight_scale / np.sqrt(layer.hidden_size)
        low = -high
    return {
        name: generator.uniform(low, high, shape).astype(case.dtype)
        for name, shape in shapes.items()
    }


def _draw_state(
    generator: np.random.Generator, case: CaseDescription, layer: LayerDescription
) -> State:
    def draw(size: int) -> Array:
        if case.weights == "equal":
            return np.full((case.batch, size), case.weight_scale / 3, case.dtype)
        return generator.uniform(-1, 1, (case.batch, size)).astype(case.dtype)

    h = draw(layer.state_size)
    return State(h, draw(layer.hidden_size) if layer.cell == "lstm" else None)


def _rounded(values: Array, dtype: str) -> Array:
    import ml_dtypes  # adds bfloat16 to NumPy

    return values.astype(getattr(ml_dtypes, dtype, dtype)).astype(values.dtype)

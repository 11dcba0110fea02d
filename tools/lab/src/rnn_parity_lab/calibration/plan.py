"""Which networks the sweep runs: every cell on every kind of data at every hidden size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..description import CaseDescription, LayerDescription

SYMMETRIC = "symmetric"
SAME_SIGN = "same sign"
CONSTANT_INPUT = "constant input"
CONSTANT = "all constant"
SATURATED = "saturated"
WIDE = "wide range"

DATA = {
    SYMMETRIC: "weights uniform in ±s/√H with s 0.5, 1.5 or 3 (ReLU: 0.5 or 1), inputs in ±1.5",
    SAME_SIGN: "weights, biases, inputs and states positive: rounding errors of one sign add up",
    CONSTANT_INPUT: "the same, with an input of 0.75 everywhere",
    CONSTANT: "the same, and every weight equal: all products of a sum round alike",
    SATURATED: "pre-activations between 7.5 and 8.5, of both signs",
    WIDE: "weights and inputs of both signs, their magnitudes log-uniform over four decades",
}

CELLS = {
    "rnn tanh": LayerDescription("rnn", 0),
    "rnn relu": LayerDescription("rnn", 0, activation="relu"),
    "gru": LayerDescription("gru", 0),
    "gru reset-before": LayerDescription("gru", 0, reset_after=False),
    "lstm": LayerDescription("lstm", 0),
    "lstm projected": LayerDescription("lstm", 0, projection_size=1),
}

FLOAT32, FLOAT64, BFLOAT16, FLOAT16 = "float32", "float64", "bfloat16", "float16"

_HIDDEN_SIZES = {
    FLOAT32: (1, 2, 3, 5, 8, 13, 16, 17, 32, 33, 64, 65, 100, 128, 200, 256, 384, 512, 768, 1024),
    FLOAT64: (1, 3, 8, 17, 32, 64, 100, 256, 1024),
    BFLOAT16: (1, 3, 8, 17, 32, 64, 100, 256, 512, 1024),
    FLOAT16: (1, 3, 8, 17, 32, 64, 100, 256, 512, 1024),
}
_REPETITIONS = {FLOAT32: 2, FLOAT64: 1, BFLOAT16: 1, FLOAT16: 1}
"""With other numbers, batches and lengths."""

_INPUT_SIZES = (1, 2, 3, 8, 16, 33, 100, 256, 512, 1024)
_BATCHES = (1, 2, 3, 4, 8, 16, 33, 64)
_TIMESTEPS = (1, 2, 3, 5, 8, 12, 20)
_LONG = 150
_MULTIPLICATIONS = 2e7
"""Of one layer and direction, at most."""


@dataclass(frozen=True)
class Run:
    """One network and who runs it. Its weights and input are those of data.py."""

    cell: str
    data: str
    precision: str
    description: CaseDescription


SEEDS = 100_000
"""The distance of two sweeps' seeds: more than a sweep has networks."""


def plan(quick: bool, sweep: int) -> Iterator[Run]:
    """quick: a part of it, and only small networks. sweep: which; each has numbers of its own."""
    index = 0
    for precision, sizes in _HIDDEN_SIZES.items():
        for _, hidden_size, cell, data in product(
            range(_REPETITIONS[precision]), sizes, CELLS, DATA
        ):
            index += 1
            left_out = quick and (index % 11 or hidden_size > 128)
            references = _references(precision, cell, hidden_size)
            if references and not left_out:
                yield _run(sweep * SEEDS + index, precision, hidden_size, cell, data, references)


def _run(
    seed: int, precision: str, hidden_size: int, cell: str, data: str, references: tuple[str, ...]
) -> Run:
    layer = CELLS[cell]
    generator = np.random.default_rng([seed])
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[layer.cell]
    layers = 1 if hidden_size > 256 else int(generator.integers(1, 3))
    both_ways = bool(generator.integers(2)) and hidden_size <= 512
    while True:
        input_size = int(generator.choice(_INPUT_SIZES))
        batch = int(generator.choice(_BATCHES))
        timesteps = int(generator.choice(_TIMESTEPS))
        widest = max(input_size, 2 * hidden_size if layers > 1 else 0)
        cost = timesteps * batch * gates * hidden_size * (widest + hidden_size)
        if cost <= _MULTIPLICATIONS or (timesteps, batch) == (1, 1):
            break
    if seed % SEEDS % 12 == 0 and hidden_size <= 100:
        timesteps, batch = _LONG, min(batch, 3)
    projection = hidden_size // 2 if layer.projection_size else 0
    described = LayerDescription(
        layer.cell,
        hidden_size,
        "bidirectional" if both_ways else "forward",
        activation=layer.activation,
        reset_after=layer.reset_after,
        projection_size=projection,
    )
    name = f"{precision} {cell} {data} {hidden_size} {seed}".replace(" ", "-")
    description = CaseDescription(
        case=name,
        description=f"{DATA[data]}.",
        layers=(described,) * layers,
        timesteps=timesteps,
        batch=batch,
        input_size=input_size,
        seed=seed,
        dtype="float64" if precision == FLOAT64 else "float32",
        references=references,
    )
    return Run(cell, data, precision, description)


def _references(precision: str, cell: str, hidden_size: int) -> tuple[str, ...]:
    """Who has the cell in that precision. ONNX Runtime computes in float32 only."""
    pytorch = () if cell == "gru reset-before" else ("pytorch",)
    if cell == "lstm projected":
        return pytorch if hidden_size > 1 else ()
    if precision in (BFLOAT16, FLOAT16):
        return pytorch
    return (*pytorch, "keras", "onnxruntime") if precision == FLOAT32 else (*pytorch, "keras")

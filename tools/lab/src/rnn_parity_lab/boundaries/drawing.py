"""Draws steps with weights as trained ones are: no scale of one, no offset of zero."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..case import Array, Weights
from ..description import GATES, Cell
from .steps import (
    Activation,
    Attention,
    BatchNorm,
    Convolution,
    Dense,
    Embedding,
    LayerNorm,
    Recurrent,
    SequenceToSequence,
)

GAIN = 3**-0.5
"""As PyTorch draws weights: uniform in ±1/√H."""


@dataclass(frozen=True)
class Draw:
    """merged: without b_hn, which flax's GRU does not have."""

    generator: np.random.Generator
    merged: bool = False

    def size(self, *sizes: int) -> int:
        """One of them."""
        return int(self.generator.choice(sizes))

    def cell(self) -> Cell:
        """Any of them."""
        cells: tuple[Cell, ...] = ("rnn", "gru", "lstm")
        return cells[self.generator.integers(3)]

    def sequence(self, batch: int, timesteps: int, size: int) -> Array:
        """(B, T, I)"""
        return self._normal((batch, timesteps, size))

    def tokens(self, batch: int, timesteps: int, vocabulary: int) -> Array:
        """(B, T) int32"""
        return self.generator.integers(0, vocabulary, (batch, timesteps)).astype(np.int32)

    def embedding(self, vocabulary: int, size: int) -> Embedding:
        """Its table is (V, F)."""
        return Embedding(self._normal((vocabulary, size)))

    def dense(self, inputs: int, outputs: int, activation: Activation = "linear") -> Dense:
        """(I) to (O)"""
        return Dense(
            self._uniform((inputs, outputs), 1.5 / np.sqrt(inputs)),
            self._uniform((outputs,), 0.3),
            activation,
        )

    def closed(self, inputs: int, outputs: int, activation: Activation, by: float) -> Dense:
        """Half of the units, or about, are hardly ever on: where activations are exact in absolute
        terms only."""
        dense = self.dense(inputs, outputs, activation)
        shut = self.generator.random(outputs) < 0.5
        return replace(dense, bias=dense.bias - np.float32(by) * shut.astype(np.float32))

    def convolution(
        self, width: int, inputs: int, outputs: int, activation: Activation = "linear"
    ) -> Convolution:
        """(T, I) to (T, O)"""
        return Convolution(
            self._uniform((width, inputs, outputs), 1.5 / np.sqrt(width * inputs)),
            self._uniform((outputs,), 0.3),
            activation,
        )

    def layer_norm(self, size: int) -> LayerNorm:
        """Of F."""
        return LayerNorm(1 + 0.3 * self._normal((size,)), 0.2 * self._normal((size,)))

    def batch_norm(self, size: int, mean: float = 0.0) -> BatchNorm:
        """Of F.   mean: around which those of training lie."""
        return BatchNorm(
            1 + 0.3 * self._normal((size,)),
            0.2 * self._normal((size,)),
            np.float32(mean) + 0.3 * self._normal((size,)),
            np.exp(0.7 * self._normal((size,))),
        )

    def attention(self, size: int, mask: bool = False) -> Attention:
        """Of F, in and out.   mask: whether it hides what is yet to come."""
        query, key, value, output = (self.dense(size, size) for _ in range(4))
        return Attention(query, key, value, output, "causal" if mask else "none")

    def recurrent(
        self, cell: Cell, inputs: int, size: int, *, both: bool = False, gain: float = GAIN
    ) -> Recurrent:
        """gain: the recurrent weights' standard deviation times √H; an RNN of 3 is chaotic."""
        ways = range(2 if both else 1)
        return Recurrent(cell, tuple(self._way(cell, inputs, size, gain) for _ in ways))

    def sequence_to_sequence(
        self, cell: Cell, inputs: int, target: int, size: int, gain: float = GAIN
    ) -> SequenceToSequence:
        """inputs, target: the sizes of what encoder and decoder read."""
        return SequenceToSequence(
            self.recurrent(cell, inputs, size, gain=gain),
            tuple(self.dense(size, size, "tanh") for _ in range(2 if cell == "lstm" else 1)),
            self.recurrent(cell, target, size),
        )

    def _way(self, cell: Cell, inputs: int, size: int, gain: float) -> Weights:
        rows = GATES[cell] * size
        bound = 1 / np.sqrt(size)
        hidden = self._uniform((rows,), bound)
        return {
            "weight_ih": self._uniform((rows, inputs), bound),
            "weight_hh": self._uniform((rows, size), gain * np.sqrt(3) * bound),
            "bias_ih": self._uniform((rows,), bound),
            "bias_hh": np.zeros_like(hidden) if self.merged else hidden,
        }

    def _normal(self, shape: tuple[int, ...]) -> Array:
        return self.generator.standard_normal(shape).astype(np.float32)

    def _uniform(self, shape: tuple[int, ...], bound: float) -> Array:
        return self.generator.uniform(-bound, bound, shape).astype(np.float32)

"""A tagger: embedding, two bidirectional LSTM layers, attention, dense.

Between the two recurrent layers a layer normalisation, around the attention a residual.
"""

from __future__ import annotations

from typing import Any

import keras
import torch
from keras import layers
from torch import nn

from .parameters import carry_over, draw_parameters

VOCABULARY, EMBEDDED, HIDDEN, TAGS = 11, 5, 6, 4
EPSILON = 1e-5
"""PyTorch's default; Keras's is 1e-3."""


class Tagger(nn.Module):
    """Tokens (B, T) to scores (B, T, 4)."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, EMBEDDED)
        self.lower = nn.LSTM(EMBEDDED, HIDDEN, batch_first=True, bidirectional=True)
        self.norm = nn.LayerNorm(2 * HIDDEN)
        self.upper = nn.LSTM(2 * HIDDEN, HIDDEN, batch_first=True, bidirectional=True)
        self.query = nn.Linear(2 * HIDDEN, HIDDEN)
        self.key = nn.Linear(2 * HIDDEN, HIDDEN)
        self.value = nn.Linear(2 * HIDDEN, 2 * HIDDEN)
        self.dense = nn.Linear(2 * HIDDEN, TAGS)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Tokens (B, T) to scores (B, T, 4)."""
        lower, _ = self.lower(self.embedding(tokens))
        upper, _ = self.upper(self.between(lower))
        scores = self.query(upper) @ self.key(upper).transpose(1, 2) / HIDDEN**0.5
        attended = torch.softmax(scores, dim=-1) @ self.value(upper)
        return self.dense(upper + attended)

    def between(self, lower: torch.Tensor) -> torch.Tensor:
        """What the upper layer is fed: (B, T, 2H)."""
        return self.norm(lower)


def tagger(seed: int, of: type[Tagger] = Tagger) -> Tagger:
    """With drawn parameters.   of: the class, which may be a variation."""
    model = of()
    draw_parameters(model, seed)
    model.eval()
    return model


class KerasTagger(keras.Model):
    """The same in Keras, subclassed. `policy` is that of every layer."""

    def __init__(self, epsilon: float = EPSILON, policy: str | None = None) -> None:
        super().__init__(dtype=policy)

        def both_ways(name: str) -> keras.Layer:
            return layers.Bidirectional(self.half(name, policy), name=name, dtype=policy)

        def dense(size: int, name: str) -> keras.Layer:
            return layers.Dense(size, name=name, dtype=policy)

        self.embedding = layers.Embedding(VOCABULARY, EMBEDDED, name="embedding", dtype=policy)
        self.lower = both_ways("lower")
        self.norm = layers.LayerNormalization(epsilon=epsilon, name="norm", dtype=policy)
        self.upper = both_ways("upper")
        self.query = dense(HIDDEN, "query")
        self.key = dense(HIDDEN, "key")
        self.value = dense(2 * HIDDEN, "value")
        self.dense = dense(TAGS, "dense")

    def call(self, tokens: Any) -> Any:
        """Tokens (B, T) to scores (B, T, 4)."""
        upper = self.upper(self.between(self.lower(self.embedding(tokens))))
        keys = keras.ops.transpose(self.key(upper), (0, 2, 1))
        scores = keras.ops.matmul(self.query(upper), keys) / HIDDEN**0.5
        attended = keras.ops.matmul(keras.ops.softmax(scores), self.value(upper))
        return self.dense(upper + attended)

    def half(self, name: str, policy: str | None, **options: Any) -> keras.Layer:
        """One direction of the layer of that name."""
        # A bfloat16 has no orthogonal initializer, and every weight is set anyway.
        options |= {"recurrent_initializer": "zeros", "dtype": policy}
        return layers.LSTM(HIDDEN, return_sequences=True, **options)

    def between(self, lower: Any) -> Any:
        """What the upper layer is fed: (B, T, 2H)."""
        return self.norm(lower)


def ported(source: Tagger, port: KerasTagger, tokens: Any) -> None:
    """Builds the port by calling it, and gives it the weights of the original."""
    port(tokens)
    carry_over(source, port)

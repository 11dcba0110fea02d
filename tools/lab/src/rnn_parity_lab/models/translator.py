"""Sequence to sequence: a bidirectional GRU encoder, and a GRU cell that feeds on its own outputs.

The decoder's initial state is computed from the encoder's final ones, and it runs for another number
of steps than the encoder.
"""

from __future__ import annotations

from typing import Any

import keras
import torch
from keras import layers
from torch import nn

from .parameters import carry_over, draw_parameters

INPUT, HIDDEN, DECODED, OUTPUT = 3, 5, 7, 4
STEPS = 6
"""Of the decoder."""


class Translator(nn.Module):
    """(B, T, 3) to (B, 6, 4)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(INPUT, HIDDEN, batch_first=True, bidirectional=True)
        self.bridge = nn.Linear(2 * HIDDEN, DECODED)
        self.decoder = nn.GRUCell(OUTPUT, DECODED)
        self.dense = nn.Linear(DECODED, OUTPUT)

    def forward(self, source: torch.Tensor) -> torch.Tensor:
        """(B, T, 3) to (B, 6, 4)."""
        _, (forward, backward) = self.encoder(source)
        state = torch.tanh(self.bridge(torch.cat([forward, backward], dim=1)))
        token, tokens = source.new_zeros(len(source), OUTPUT), []
        for _ in range(STEPS):
            state = self.decoder(token, state)
            token = self.dense(state)
            tokens.append(token)
        return torch.stack(tokens, dim=1)


def translator(seed: int) -> Translator:
    """With drawn parameters."""
    model = Translator()
    draw_parameters(model, seed)
    model.eval()
    return model


class KerasTranslator(keras.Model):
    """The same in Keras, subclassed."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = layers.Bidirectional(
            layers.GRU(HIDDEN, return_sequences=True, return_state=True), name="encoder"
        )
        self.bridge = layers.Dense(DECODED, name="bridge")
        self.decoder = layers.GRUCell(DECODED, name="decoder")
        self.dense = layers.Dense(OUTPUT, name="dense")

    def call(self, source: Any) -> Any:
        """(B, T, 3) to (B, 6, 4)."""
        _, forward, backward = self.encoder(source)
        state = self.start(self.bridge(keras.ops.concatenate([forward, backward], axis=1)))
        token, tokens = keras.ops.zeros((source.shape[0], OUTPUT)), []
        for _ in range(STEPS):
            hidden, state = self.decoder(token, state)
            token = self.dense(hidden)
            tokens.append(token)
        return keras.ops.stack(tokens, axis=1)

    def start(self, bridged: Any) -> Any:
        """The decoder's initial state: (B, 7)."""
        return keras.ops.tanh(bridged)


def ported(source: Translator, port: KerasTranslator, sequence: Any) -> None:
    """Builds the port by calling it, and gives it the weights of the original."""
    port(sequence)
    carry_over(source, port)

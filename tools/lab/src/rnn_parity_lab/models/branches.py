"""A functional Keras model of two branches over sequences that are padded on the left.

PyTorch has no masks: a port would move the padding to the right, and no step would be the same.
"""

from __future__ import annotations

from collections.abc import Collection

import keras
import numpy as np
from keras import layers

from ..case import Array

VOCABULARY, CLASSES = 9, 3


def left_padded(tokens: Array, lengths: tuple[int, ...]) -> Array:
    """tokens (B, T), with zeros before the last `lengths[b]` of each sequence."""
    steps = tokens.shape[1]
    return np.where(np.arange(steps) >= steps - np.array(lengths)[:, None], tokens, 0)


def branches(seed: int, unrolled: Collection[str] = ()) -> keras.Model:
    """Tokens (B, T), 0 where there is none, to scores (B, 3).

    unrolled: names of layers that are unrolled instead of run in a loop.
    """
    tokens = keras.Input((10,), dtype="int32", name="tokens")
    embedded = layers.Embedding(VOCABULARY, 4, mask_zero=True, name="embedding")(tokens)
    both = layers.Bidirectional(
        layers.GRU(5, return_sequences=True, unroll="contextual" in unrolled), name="contextual"
    )(embedded)
    left = layers.GRU(6, unroll="left" in unrolled, name="left")(both)
    right = layers.LSTM(4, unroll="right" in unrolled, name="right")(embedded)
    joined = layers.Concatenate(name="joined")([left, right])
    model = keras.Model(tokens, layers.Dense(CLASSES, name="dense")(joined))
    _draw_weights(model, seed)
    return model


def _draw_weights(model: keras.Model, seed: int) -> None:
    generator = np.random.default_rng(seed)
    model.set_weights(
        [
            generator.uniform(-1.5, 1.5, weight.shape) / np.sqrt(max(weight.shape))
            for weight in model.get_weights()
        ]
    )

"""Recurrent layers among dense and convolutional ones, embeddings and pooling."""

from __future__ import annotations

from ..drawing import Draw
from ..steps import Branches, Last, MaxPool, MeanPool, Model, Softmax
from .architecture import CLASSES


def tagger(draw: Draw) -> Model:
    vocabulary, size, hidden = 50, draw.size(8, 16, 24), draw.size(8, 16, 32)
    return Model(
        (
            draw.embedding(vocabulary, size),
            draw.recurrent("lstm", size, hidden, both=True),
            draw.dense(2 * hidden, CLASSES),
        ),
        (draw.tokens(draw.size(2, 4), draw.size(5, 9), vocabulary),),
    )


def dense(draw: Draw) -> Model:
    inputs, size, hidden = draw.size(6, 12), draw.size(8, 32), draw.size(8, 24)
    return Model(
        (
            draw.dense(inputs, size, "relu"),
            draw.recurrent(draw.cell(), size, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 5), draw.size(6, 10), inputs),),
    )


def deep_dense(draw: Draw) -> Model:
    size = draw.size(16, 32)
    return Model(
        (
            *(draw.dense(size, size, "relu") for _ in range(4)),
            draw.recurrent("rnn", size, size),
            *(draw.dense(size, size, "gelu") for _ in range(4)),
        ),
        (draw.sequence(3, draw.size(5, 8), size),),
    )


def convolution(draw: Draw) -> Model:
    inputs, channels, hidden = draw.size(4, 12), draw.size(8, 32), draw.size(8, 24)
    return Model(
        (
            draw.convolution(draw.size(3, 5), inputs, channels, "relu"),
            draw.recurrent(draw.cell(), channels, hidden),
            draw.convolution(3, hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(8, 12), inputs),),
    )


def pooled_convolution(draw: Draw) -> Model:
    inputs, channels, hidden = draw.size(4, 12), draw.size(8, 16), draw.size(8, 24)
    return Model(
        (
            draw.convolution(3, inputs, channels),
            draw.batch_norm(channels),
            MaxPool(),
            draw.convolution(3, channels, channels, "relu"),
            draw.batch_norm(channels),
            draw.recurrent("gru", channels, hidden),
            Last(),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), 12, inputs),),
    )


def branches(draw: Draw) -> Model:
    inputs, channels, hidden = draw.size(6, 12), draw.size(4, 8), draw.size(8, 24)
    parts = (draw.convolution(3, inputs, channels), draw.convolution(5, inputs, channels, "tanh"))
    return Model(
        (
            Branches((*((each,) for each in parts), (draw.dense(inputs, channels, "relu"),))),
            draw.recurrent("lstm", 3 * channels, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(3, draw.size(6, 10), inputs),),
    )


def mean_pooled(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 32)
    return Model(
        (
            draw.recurrent(draw.cell(), inputs, hidden),
            MeanPool(),
            draw.dense(hidden, hidden, "relu"),
            draw.dense(hidden, CLASSES),
            Softmax(),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(6, 12), inputs),),
    )

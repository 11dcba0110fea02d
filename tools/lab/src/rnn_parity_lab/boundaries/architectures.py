"""The architectures that honest pairs are made of, each with sizes and weights drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .drawing import Draw
from .steps import (
    Branches,
    Last,
    MaxPool,
    MeanPool,
    Model,
    Residual,
    Shift,
    Softmax,
    Step,
)

CLASSES = 10


@dataclass(frozen=True)
class Architecture:
    """trained: on the digits, whose images are its input. slow: of some size; run less often."""

    name: str
    what: str
    draw: Callable[[Draw], Model]
    trained: bool = False
    slow: bool = False


def _tagger(draw: Draw) -> Model:
    vocabulary, size, hidden = 50, draw.size(8, 16, 24), draw.size(8, 16, 32)
    return Model(
        (
            draw.embedding(vocabulary, size),
            draw.recurrent("lstm", size, hidden, both=True),
            draw.dense(2 * hidden, CLASSES),
        ),
        (draw.tokens(draw.size(2, 4), draw.size(5, 9), vocabulary),),
    )


def _dense(draw: Draw) -> Model:
    inputs, size, hidden = draw.size(6, 12), draw.size(8, 32), draw.size(8, 24)
    return Model(
        (
            draw.dense(inputs, size, "relu"),
            draw.recurrent(draw.cell(), size, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 5), draw.size(6, 10), inputs),),
    )


def _deep_dense(draw: Draw) -> Model:
    size = draw.size(16, 32)
    return Model(
        (
            *(draw.dense(size, size, "relu") for _ in range(4)),
            draw.recurrent("rnn", size, size),
            *(draw.dense(size, size, "gelu") for _ in range(4)),
        ),
        (draw.sequence(3, draw.size(5, 8), size),),
    )


def _convolution(draw: Draw) -> Model:
    inputs, channels, hidden = draw.size(4, 12), draw.size(8, 32), draw.size(8, 24)
    return Model(
        (
            draw.convolution(draw.size(3, 5), inputs, channels, "relu"),
            draw.recurrent(draw.cell(), channels, hidden),
            draw.convolution(3, hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(8, 12), inputs),),
    )


def _pooled_convolution(draw: Draw) -> Model:
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


def _branches(draw: Draw) -> Model:
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


def _layer_norm(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 32)
    return Model(
        (
            draw.dense(inputs, hidden),
            draw.layer_norm(hidden),
            draw.recurrent(draw.cell(), hidden, hidden),
            draw.layer_norm(hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(6, 10), inputs),),
    )


def _batch_norm(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 32)
    return Model(
        (
            draw.batch_norm(inputs),
            draw.recurrent(draw.cell(), inputs, hidden),
            draw.batch_norm(hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(6, 10), inputs),),
    )


def _attention(draw: Draw) -> Model:
    vocabulary, size, hidden = 40, draw.size(8, 16), draw.size(8, 16)
    return Model(
        (
            draw.embedding(vocabulary, size),
            draw.recurrent("gru", size, hidden, both=True),
            draw.attention(2 * hidden),
            draw.dense(2 * hidden, CLASSES),
        ),
        (draw.tokens(draw.size(2, 4), draw.size(6, 12), vocabulary),),
    )


def _transformer(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(16, 32)
    return Model(
        (
            draw.recurrent("lstm", inputs, hidden),
            Residual((draw.attention(hidden, mask=True),)),
            draw.layer_norm(hidden),
            Residual((draw.dense(hidden, 2 * hidden, "gelu"), draw.dense(2 * hidden, hidden))),
            draw.layer_norm(hidden),
            draw.recurrent("gru", hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(2, draw.size(6, 12), inputs),),
    )


def _residual(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 32)
    return Model(
        (
            draw.dense(inputs, hidden),
            Residual((draw.recurrent(draw.cell(), hidden, hidden),)),
            draw.layer_norm(hidden),
            Residual((draw.recurrent(draw.cell(), hidden, hidden),)),
            draw.layer_norm(hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs),),
    )


def _mean_pooled(draw: Draw) -> Model:
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


def _pyramid(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 16)
    return Model(
        (
            draw.recurrent("lstm", inputs, hidden, both=True),
            MaxPool(),
            draw.recurrent("gru", 2 * hidden, hidden, both=True),
            MaxPool(),
            draw.dense(2 * hidden, CLASSES),
        ),
        (draw.sequence(2, 8, inputs),),
    )


def _stacked(draw: Draw) -> Model:
    inputs, hidden, cell = draw.size(6, 12), draw.size(8, 24), draw.cell()
    return Model(
        (
            draw.recurrent(cell, inputs, hidden),
            draw.recurrent(cell, hidden, hidden),
            draw.recurrent(cell, hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(3, draw.size(5, 8), inputs),),
    )


def _bidirectional(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 24)
    return Model(
        (
            draw.recurrent("rnn", inputs, hidden, both=True),
            draw.dense(2 * hidden, hidden, "tanh"),
            draw.recurrent(draw.cell(), hidden, hidden, both=True),
            draw.dense(2 * hidden, CLASSES),
        ),
        (draw.sequence(2, draw.size(5, 8), inputs),),
    )


def _sequence_to_sequence(draw: Draw) -> Model:
    inputs, target, hidden = draw.size(5, 9), draw.size(4, 8), draw.size(8, 32)
    return Model(
        (
            draw.sequence_to_sequence("gru", inputs, target, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(3, draw.size(5, 9), inputs), draw.sequence(3, draw.size(4, 7), target)),
    )


def _sequence_to_sequence_lstm(draw: Draw) -> Model:
    inputs, target, hidden = draw.size(5, 9), draw.size(4, 8), draw.size(8, 32)
    return Model(
        (
            draw.dense(inputs, inputs, "relu"),
            draw.sequence_to_sequence("lstm", inputs, target, hidden),
            draw.layer_norm(hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(3, draw.size(5, 9), inputs), draw.sequence(3, draw.size(4, 7), target)),
    )


def _shifted(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(8, 32)
    return Model(
        (
            draw.recurrent("lstm", inputs, hidden),
            Shift(100.0),
            draw.layer_norm(hidden),
            draw.recurrent("gru", hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs),),
    )


def _unnormalised(draw: Draw) -> Model:
    inputs, hidden = draw.size(8, 16), draw.size(8, 32)
    x = draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs)
    return Model(
        (
            draw.layer_norm(inputs),
            draw.recurrent(draw.cell(), inputs, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (x + 100,),
    )


def _standardised(draw: Draw) -> Model:
    inputs, hidden = draw.size(8, 16), draw.size(8, 32)
    x = draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs)
    return Model(
        (
            draw.batch_norm(inputs, mean=100.0),
            draw.recurrent(draw.cell(), inputs, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (x + 100,),
    )


def _raw(draw: Draw) -> Model:
    """Inputs in the hundreds, of all scales."""
    inputs, hidden = draw.size(8, 16), draw.size(8, 32)
    x = draw.sequence(3, draw.size(5, 9), inputs)
    first = draw.dense(inputs, hidden)
    return Model(
        (
            replace(first, kernel=first.kernel * first.kernel.dtype.type(0.01)),
            draw.recurrent(draw.cell(), hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (200 * x * abs(x),),
    )


def _closed_gelu(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(16, 32)
    return Model(
        (
            draw.recurrent(draw.cell(), inputs, hidden),
            draw.closed(hidden, 2 * hidden, "gelu", draw.size(2, 3, 4, 6)),
            draw.recurrent(draw.cell(), 2 * hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs),),
    )


def _closed_gates(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(16, 32)
    return Model(
        (
            draw.recurrent(draw.cell(), inputs, hidden),
            draw.closed(hidden, hidden, "sigmoid", draw.size(6, 12, 18)),
            draw.recurrent(draw.cell(), hidden, hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(draw.size(2, 4), draw.size(5, 9), inputs),),
    )


def _chaotic(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(32, 64)
    return Model(
        (
            draw.recurrent("rnn", inputs, hidden, gain=3),
            draw.layer_norm(hidden),
            draw.dense(hidden, hidden, "relu"),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(2, draw.size(20, 40), inputs),),
    )


def _chaotic_attention(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), draw.size(32, 64)
    return Model(
        (
            draw.recurrent("rnn", inputs, hidden, gain=3),
            draw.dense(hidden, 16),
            draw.attention(16, mask=True),
            draw.recurrent("lstm", 16, 16),
            draw.dense(16, CLASSES),
        ),
        (draw.sequence(2, draw.size(20, 30), inputs),),
    )


def _chaotic_sequence_to_sequence(draw: Draw) -> Model:
    inputs, hidden = draw.size(6, 12), 48
    return Model(
        (
            draw.sequence_to_sequence("rnn", inputs, 6, hidden, gain=3),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(2, draw.size(20, 30), inputs), draw.sequence(2, 6, 6)),
    )


def _wide(draw: Draw) -> Model:
    hidden = draw.size(256, 512)
    return Model(
        (
            draw.dense(64, hidden, "relu"),
            draw.recurrent(draw.cell(), hidden, hidden),
            draw.layer_norm(hidden),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(2, 6, 64),),
    )


def _long(draw: Draw) -> Model:
    hidden = draw.size(8, 16)
    return Model(
        (
            draw.convolution(5, 4, 8, "relu"),
            draw.recurrent(draw.cell(), 8, hidden),
            draw.convolution(3, hidden, hidden, "relu"),
            draw.dense(hidden, CLASSES),
        ),
        (draw.sequence(2, draw.size(200, 500), 4),),
    )


_RANDOM = (
    Architecture("tagger", "embedding, bidirectional LSTM, dense", _tagger),
    Architecture("dense", "dense relu, any cell, dense", _dense),
    Architecture("deep dense", "four dense relu, RNN, four dense gelu", _deep_dense),
    Architecture("convolution", "convolution, any cell, convolution", _convolution),
    Architecture(
        "pooled convolution",
        "two convolutions with batch normalisation, max pooling, GRU, last step, dense",
        _pooled_convolution,
    ),
    Architecture("branches", "two convolutions and a dense side by side, LSTM, dense", _branches),
    Architecture("layer norm", "dense, layer norm, any cell, layer norm, dense", _layer_norm),
    Architecture("batch norm", "batch norm, any cell, batch norm, dense", _batch_norm),
    Architecture("attention", "embedding, bidirectional GRU, attention, dense", _attention),
    Architecture(
        "transformer", "LSTM, causal attention and gelu block, normed, GRU, dense", _transformer
    ),
    Architecture("residual", "dense, twice any cell in a residual and layer norm", _residual),
    Architecture("mean pooled", "any cell, mean over T, two dense, softmax", _mean_pooled),
    Architecture("pyramid", "bidirectional LSTM and GRU, T halved after each", _pyramid),
    Architecture("stacked", "three layers of one cell, dense", _stacked),
    Architecture("bidirectional", "RNN and any cell, bidirectional, dense between", _bidirectional),
    Architecture("sequence to sequence", "GRU whose start is computed", _sequence_to_sequence),
    Architecture(
        "sequence to sequence, LSTM", "h and c computed, layer norm", _sequence_to_sequence_lstm
    ),
    Architecture("shifted", "LSTM, x + 100, layer norm, GRU", _shifted),
    Architecture("inputs + 100", "layer norm of inputs around 100, any cell", _unnormalised),
    Architecture("inputs + 100, batch norm", "a mean of 100 in training, any cell", _standardised),
    Architecture("raw inputs", "inputs of hundreds, of all scales, dense, any cell", _raw),
    Architecture("chaotic", "RNN of gain 3, layer norm, two dense", _chaotic),
    Architecture(
        "chaotic, attention", "RNN of gain 3, dense, causal attention, LSTM", _chaotic_attention
    ),
    Architecture(
        "chaotic, sequence to sequence",
        "RNN of gain 3 whose final state starts an RNN",
        _chaotic_sequence_to_sequence,
    ),
    Architecture("wide", "H 256 or 512, any cell, layer norm", _wide, slow=True),
    Architecture("long", "T 200 or 500, any cell, convolutions", _long, slow=True),
)


def _trained(name: str, what: str, steps: Callable[[Draw], tuple[Step, ...]]) -> Architecture:
    """A classifier of (B, 8, 8) images, which are drawn when it is trained."""
    return Architecture(f"digits: {name}", what, lambda d: Model(steps(d), ()), trained=True)


_TRAINED = (
    _trained(
        "LSTM",
        "LSTM, last step",
        lambda d: (d.recurrent("lstm", 8, 24), Last(), d.dense(24, CLASSES)),
    ),
    _trained(
        "stacked RNN",
        "two RNN, last step",
        lambda d: (
            d.recurrent("rnn", 8, 32),
            d.recurrent("rnn", 32, 32),
            Last(),
            d.dense(32, CLASSES),
        ),
    ),
    _trained(
        "convolution",
        "convolution, batch norm, GRU, last step",
        lambda d: (
            d.convolution(3, 8, 16, "relu"),
            d.batch_norm(16),
            d.recurrent("gru", 16, 24),
            Last(),
            d.dense(24, CLASSES),
        ),
    ),
    _trained(
        "layer norm",
        "dense, layer norm, bidirectional LSTM, layer norm, mean over T",
        lambda d: (
            d.dense(8, 16),
            d.layer_norm(16),
            d.recurrent("lstm", 16, 16, both=True),
            d.layer_norm(32),
            MeanPool(),
            d.dense(32, CLASSES),
        ),
    ),
    _trained(
        "attention",
        "bidirectional GRU, attention, layer norm, mean over T",
        lambda d: (
            d.recurrent("gru", 8, 16, both=True),
            d.attention(32),
            d.layer_norm(32),
            MeanPool(),
            d.dense(32, CLASSES),
        ),
    ),
    _trained(
        "residual",
        "dense, LSTM in a residual, layer norm, last step",
        lambda d: (
            d.dense(8, 24),
            Residual((d.recurrent("lstm", 24, 24),)),
            d.layer_norm(24),
            Last(),
            d.dense(24, CLASSES),
        ),
    ),
    _trained(
        "transformer",
        "GRU, attention and gelu block, each normed, last step",
        lambda d: (
            d.recurrent("gru", 8, 24),
            Residual((d.attention(24, mask=True),)),
            d.layer_norm(24),
            Residual((d.dense(24, 48, "gelu"), d.dense(48, 24))),
            d.layer_norm(24),
            Last(),
            d.dense(24, CLASSES),
        ),
    ),
    _trained(
        "pyramid",
        "bidirectional LSTM and GRU, T halved between, last step",
        lambda d: (
            d.recurrent("lstm", 8, 12, both=True),
            MaxPool(),
            d.recurrent("gru", 24, 16, both=True),
            Last(),
            d.dense(32, CLASSES),
        ),
    ),
    _trained(
        "deep",
        "three dense relu, RNN, two dense, last step",
        lambda d: (
            *(d.dense(size, 24, "relu") for size in (8, 24, 24)),
            d.recurrent("rnn", 24, 24),
            Last(),
            d.dense(24, 24, "relu"),
            d.dense(24, CLASSES),
        ),
    ),
    _trained(
        "branches",
        "convolution and dense side by side, batch norm, LSTM, mean over T",
        lambda d: (
            Branches(((d.convolution(3, 8, 8, "relu"),), (d.dense(8, 8, "tanh"),))),
            d.batch_norm(16),
            d.recurrent("lstm", 16, 24),
            MeanPool(),
            d.dense(24, CLASSES),
        ),
    ),
)

_CLOSED = (
    Architecture("closed gelu", "half of a dense layer's gelu units at −2 to −6", _closed_gelu),
    Architecture("closed gates", "half of its sigmoid units at −6 to −18", _closed_gates),
)

ARCHITECTURES = _RANDOM + _TRAINED + _CLOSED

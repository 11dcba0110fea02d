"""The architectures that honest pairs are made of, each with sizes and weights drawn anew."""

from __future__ import annotations

from . import attentive, chaotic, closed, feedforward, large, normalised, recurrent
from .architecture import Architecture
from .digits import TRAINED

__all__ = ["ARCHITECTURES", "Architecture"]

_RANDOM = (
    Architecture("tagger", "embedding, bidirectional LSTM, dense", feedforward.tagger),
    Architecture("dense", "dense relu, any cell, dense", feedforward.dense),
    Architecture("deep dense", "four dense relu, RNN, four dense gelu", feedforward.deep_dense),
    Architecture("convolution", "convolution, any cell, convolution", feedforward.convolution),
    Architecture(
        "pooled convolution",
        "two convolutions with batch normalisation, max pooling, GRU, last step, dense",
        feedforward.pooled_convolution,
    ),
    Architecture("branches", "two convolutions and a dense side by side, LSTM, dense", feedforward.branches),
    Architecture("layer norm", "dense, layer norm, any cell, layer norm, dense", normalised.layer_norm),
    Architecture("batch norm", "batch norm, any cell, batch norm, dense", normalised.batch_norm),
    Architecture("attention", "embedding, bidirectional GRU, attention, dense", attentive.attention),
    Architecture(
        "transformer", "LSTM, causal attention and gelu block, normed, GRU, dense", attentive.transformer
    ),
    Architecture("residual", "dense, twice any cell in a residual and layer norm", attentive.residual),
    Architecture("mean pooled", "any cell, mean over T, two dense, softmax", feedforward.mean_pooled),
    Architecture("pyramid", "bidirectional LSTM and GRU, T halved after each", recurrent.pyramid),
    Architecture("stacked", "three layers of one cell, dense", recurrent.stacked),
    Architecture("bidirectional", "RNN and any cell, bidirectional, dense between", recurrent.bidirectional),
    Architecture("sequence to sequence", "GRU whose start is computed", recurrent.sequence_to_sequence),
    Architecture(
        "sequence to sequence, LSTM", "h and c computed, layer norm", recurrent.sequence_to_sequence_lstm
    ),
    Architecture("shifted", "LSTM, x + 100, layer norm, GRU", normalised.shifted),
    Architecture("inputs + 100", "layer norm of inputs around 100, any cell", normalised.inputs_around_100),
    Architecture(
        "inputs + 100, batch norm",
        "a mean of 100 in training, any cell",
        normalised.inputs_around_100_in_training,
    ),
    Architecture("raw inputs", "inputs of hundreds, of all scales, dense, any cell", normalised.raw_inputs),
    Architecture("chaotic", "RNN of gain 3, layer norm, two dense", chaotic.normed),
    Architecture("chaotic, attention", "RNN of gain 3, dense, causal attention, LSTM", chaotic.attention),
    Architecture(
        "chaotic, sequence to sequence",
        "RNN of gain 3 whose final state starts an RNN",
        chaotic.sequence_to_sequence,
    ),
    Architecture("wide", "H 256 or 512, any cell, layer norm", large.wide, slow=True),
    Architecture("long", "T 200 or 500, any cell, convolutions", large.long, slow=True),
)

_CLOSED = (
    Architecture("closed gelu", "half of a dense layer's gelu units at −2 to −6", closed.gelu),
    Architecture("closed gates", "half of its sigmoid units at −6 to −18", closed.gates),
)

ARCHITECTURES = _RANDOM + TRAINED + _CLOSED

"""Faults in the precision that weights were stored in, or that a run computed in."""

from __future__ import annotations

import numpy as np
import torch
from rnn_parity import Case
from torch import nn

from .bug import FORWARD, KnownBug
from .recordings import (
    HIDDEN,
    INPUT,
    array,
    declared,
    drawn,
    parameters,
    pytorch,
    returned,
    sequence,
    set_parameters,
    states,
)


def _half_precision_weights(seed: int, wrong: bool) -> Case:
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    h0 = states(seed), states(seed + 1)
    original = pytorch(model, x, h0)
    stored = {name: values.astype(np.float16) for name, values in parameters(model).items()}
    if wrong:
        set_parameters(model, stored)
    return declared(original, pytorch(model, x, h0))


def _dynamic_int8(seed: int, wrong: bool) -> Case:
    """PyTorch's own dynamic quantization of a GRU."""
    model, x, h0 = drawn(nn.GRU(INPUT, HIDDEN), seed), sequence(seed), states(seed)
    if not wrong:
        return pytorch(model, x, h0)
    quantized = torch.ao.quantization.quantize_dynamic(nn.Sequential(model), {nn.GRU}, dtype=torch.qint8)[0]
    with torch.no_grad():
        output = array(quantized(torch.tensor(x), torch.tensor(h0))[0])
    return returned(pytorch(model, x, h0), output)


BUGS = [
    KnownBug(
        name="coreml-half-precision-weights",
        what="The weights of a Core ML model of 16 bits are rounded to float16.",
        source="https://github.com/apple/coremltools/issues/316",
        date="2019-01-21",
        frameworks="PyTorch",
        how="weights and biases rounded to float16, computed in float32",
        references=("pytorch",),
        named=("parameters-rounded:float16",),
        places=FORWARD,
        record=_half_precision_weights,
    ),
    KnownBug(
        name="tflite-gru-int8",
        what="A Keras GRU loses accuracy by TFLite's dynamic quantization to 8 bits.",
        source="https://github.com/tensorflow/tensorflow/issues/48487",
        date="2021-04-12",
        frameworks="PyTorch",
        how="its own dynamic quantization",
        references=("pytorch",),
        named=("precision:int8",),
        places=FORWARD,
        record=_dynamic_int8,
        verdict="drift",
    ),
]

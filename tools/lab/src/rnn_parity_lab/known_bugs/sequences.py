"""Faults in what a layer reads: axes, time, padding, directions, what lies between layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from rnn_parity import Case
from torch import nn

from ..case import Array
from ..conversion import keras_from_pytorch, onnx_from_pytorch
from .bug import BACKWARD, BOTH_WAYS, FORWARD, KnownBug, Place
from .layers import keras_bidirectional, keras_layer
from .nodes import node
from .recordings import (
    BATCH,
    HIDDEN,
    INPUT,
    STEPS,
    array,
    changed,
    declared,
    drawn,
    keras,
    onnx,
    parameters,
    pytorch,
    record_keras_model,
    returned,
    sequence,
    set_parameters,
    states,
    with_layer,
)

_UPPER: tuple[Place, ...] = ((1, "forward"), (1, "backward"))


def _layer_of(stack: Any, index: int) -> Any:
    """A module of one layer, with the parameters of one of a stack's."""
    size = getattr(stack, f"weight_ih_l{index}").shape[1]
    layer = type(stack)(size, stack.hidden_size, bidirectional=stack.bidirectional).eval()
    for reverse in range(1 + stack.bidirectional):
        set_parameters(layer, parameters(stack, index, bool(reverse)), reverse=bool(reverse))
    return layer


def _network_input_in_every_layer(seed: int, wrong: bool) -> Case:
    """I = H, as the documentation's loop needs it."""
    stack = drawn(nn.RNN(HIDDEN, HIDDEN, num_layers=2), seed)
    x, h0 = sequence(seed, size=HIDDEN), states(seed, 2)
    original = pytorch(stack, x, h0)
    below = original.references[0].layers[0].output
    assert below is not None
    read = x if wrong else below
    return with_layer(original, 1, pytorch(_layer_of(stack, 1), read, h0[1:]))


def _units_interleaved(seed: int, wrong: bool) -> Case:
    """f0, b0, f1, b1 … in place of f0, f1 … b0, b1 …, as a transposed reshape makes it."""
    stack = drawn(nn.GRU(INPUT, 4, num_layers=2, bidirectional=True), seed)
    x, h0 = sequence(seed), states(seed, 4, size=4)
    original = pytorch(stack, x, h0)
    below = original.references[0].layers[0].output
    assert below is not None
    halves = below.reshape(STEPS, BATCH, 2, 4)
    interleaved = np.ascontiguousarray(np.swapaxes(halves, 2, 3)).reshape(STEPS, BATCH, 8)
    return with_layer(original, 1, pytorch(_layer_of(stack, 1), interleaved if wrong else below, h0[2:]))


def _unreversed_below(seed: int, wrong: bool) -> Case:
    """Layer 1 reads the backward half as Keras's go_backwards returns it; layer 0 is unseen."""
    stack = drawn(nn.LSTM(INPUT, 4, num_layers=2, bidirectional=True), seed)
    x = sequence(seed)
    original = pytorch(stack, x)
    forward, backward = (
        keras_layer(
            "LSTM",
            keras_from_pytorch("lstm", parameters(stack, 0, reverse)),
            go_backwards=reverse,
        )(np.swapaxes(x, 0, 1))[0]
        for reverse in (False, True)
    )
    halves = [np.array(forward), np.array(backward)[:, :: 1 if wrong else -1]]
    read = np.swapaxes(np.concatenate(halves, axis=2), 0, 1)
    upper = [keras_from_pytorch("lstm", parameters(stack, 1, reverse)) for reverse in (False, True)]
    ran = keras(keras_bidirectional("LSTM", upper[0], upper[1], size=8), np.ascontiguousarray(read))
    return _unseen_below(with_layer(original, 1, ran))


def _unseen_below(case: Case) -> Case:
    """Without what layer 0 computed."""
    for direction in ("forward", "backward"):
        case = changed(case, 0, lambda own: replace(own, h=None, c=None, final=None), direction, output=None)
    return case


def _go_backwards_unreversed(seed: int, wrong: bool) -> Case:
    """ONNX's reverse returns states in input time, Keras's go_backwards in processing order."""
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    own = parameters(model)
    original = onnx(node("LSTM", [onnx_from_pytorch("lstm", own)], direction="reverse"), x)
    layer = keras_layer("LSTM", keras_from_pytorch("lstm", own), go_backwards=True)
    output = np.swapaxes(np.array(layer(np.swapaxes(x, 0, 1))[0]), 0, 1)
    return _backward_h(original, output if wrong else output[::-1])


def _go_backwards_ignored(seed: int, wrong: bool) -> Case:
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    own = keras_from_pytorch("lstm", parameters(model))
    original = keras(keras_layer("LSTM", own, go_backwards=True), x)
    layer = keras_layer("LSTM", own, go_backwards=not wrong)
    output = np.swapaxes(np.array(layer(np.swapaxes(x, 0, 1))[0]), 0, 1)
    return _backward_h(original, output if wrong else output[::-1])


def _backward_h(case: Case, h: Array) -> Case:
    """h alone, (T, B, H), and no final state: where it is depends on what went wrong."""
    return changed(case, 0, lambda own: replace(own, h=h, c=None, final=None), "backward", output=h)


def _batch_first_forgotten(seed: int, wrong: bool) -> Case:
    """(B, T, I) read as (T, B, I), T = B, so that no shape complains; the output is taken as (B, T, H)."""
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed, BATCH + 2, BATCH + 2)
    original = pytorch(model, x)
    if not wrong:
        return original
    ran = pytorch(model, np.ascontiguousarray(np.swapaxes(x, 0, 1))).references[0].layers[0].passes["forward"]
    assert ran.h is not None and ran.c is not None
    case = returned(original, np.swapaxes(ran.h, 0, 1), np.swapaxes(ran.c, 0, 1))
    return changed(case, 0, lambda own: replace(own, final=ran.final))


def _output_transposed(seed: int, wrong: bool) -> Case:
    """The output alone has its axes exchanged, T = B; h_n and c_n are right."""
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed, BATCH + 2, BATCH + 2)
    case = pytorch(model, x)
    output = case.references[0].layers[0].output
    assert output is not None
    turned = np.ascontiguousarray(np.swapaxes(output, 0, 1)) if wrong else output
    return changed(case, 0, lambda own: replace(own, h=turned, c=None), output=turned)


def _padding_run_over(seed: int, wrong: bool) -> Case:
    lengths = [STEPS, 4, 2]
    model, x = drawn(nn.GRU(INPUT, HIDDEN, bidirectional=True), seed), sequence(seed)
    x = np.where((np.arange(STEPS)[:, None] < lengths)[..., None], x, np.float32(0))
    original = pytorch(model, x, lengths=lengths)
    return declared(original, pytorch(model, x)) if wrong else original


def _masked(seed: int, mask: Array) -> tuple[Array, Case, Any]:
    """A sequence, zero where masked, what Keras makes of it, and the layer's weights in ONNX's convention."""
    import keras as framework

    model = drawn(nn.LSTM(INPUT, HIDDEN), seed)
    x = np.where(mask[..., None], sequence(seed), np.float32(0))
    own = parameters(model)
    layer = keras_layer("LSTM", keras_from_pytorch("lstm", own), return_state=False)
    whole = framework.Sequential([framework.Input((None, INPUT)), framework.layers.Masking(), layer])
    return x, record_keras_model(whole, x), onnx_from_pytorch("lstm", own)


def _padding_in_front(seed: int, wrong: bool) -> Case:
    lengths = np.array([STEPS, 4, 2])
    steps = np.arange(STEPS)[:, None]
    mask = steps >= STEPS - lengths if wrong else steps < lengths
    x, original, weights = _masked(seed, mask)
    return declared(original, onnx(node("LSTM", [weights], lengths=lengths), x))


def _empty_sequence(seed: int, wrong: bool) -> Case:
    """The converted operator runs over a sequence that is masked altogether."""
    lengths = np.array([STEPS, 0, 4])
    x, original, weights = _masked(seed, np.arange(STEPS)[:, None] < lengths)
    run = np.where(lengths == 0, STEPS, lengths) if wrong else lengths
    return declared(original, onnx(node("LSTM", [weights], lengths=run), x))


def _dropout_between(seed: int, wrong: bool) -> Case:
    """In training mode: 0, or x / 0.7."""
    stack, x = drawn(nn.LSTM(INPUT, HIDDEN, num_layers=2), seed), sequence(seed)
    original = pytorch(stack, x)
    below = original.references[0].layers[0].output
    torch.manual_seed(seed)
    dropped = array(nn.functional.dropout(torch.tensor(below), 0.3, training=wrong))
    return with_layer(original, 1, pytorch(_layer_of(stack, 1), dropped))


BUGS = [
    KnownBug(
        name="pytorch-documented-loop",
        what="The loop in the documentation of nn.RNN feeds x[t] to every layer.",
        source="https://github.com/pytorch/pytorch/issues/138401",
        date="2024-10-19",
        frameworks="PyTorch",
        how="layer 1 as a module of its own, on x",
        references=("pytorch",),
        named=("input-of:network",),
        places=((1, "forward"),),
        record=_network_input_in_every_layer,
    ),
    KnownBug(
        name="pytorch-units-interleaved",
        what="The units of the two directions are interleaved in what the next layer reads.",
        source="https://github.com/pytorch/pytorch/issues/10838",
        date="2018-08-23",
        frameworks="PyTorch",
        how="layer 1 as a module of its own, on the interleaved output",
        references=("pytorch",),
        named=("input-halves-interleaved",),
        places=_UPPER,
        record=_units_interleaved,
    ),
    KnownBug(
        name="crnn-backward-half-unreversed",
        what="A bidirectional layer by hand joins the output of go_backwards=True as it is.",
        source="https://github.com/sbillburg/CRNN-with-STN/issues/12",
        date="2019-04-07",
        frameworks="PyTorch, Keras",
        how="Keras's own layers so joined; layer 0 is not recorded",
        references=("pytorch",),
        named=("input-backward-not-reversed",),
        places=_UPPER,
        unseen=BOTH_WAYS,
        record=_unreversed_below,
    ),
    KnownBug(
        name="keras-onnx-go-backwards",
        what="A layer with go_backwards returns its states last step first, ONNX's reverse in input time.",
        source="https://github.com/onnx/keras-onnx/issues/523",
        date="2020-06-10",
        frameworks="ONNX Runtime, Keras",
        how="Keras's output under the operator's weights",
        references=("onnxruntime",),
        named=("backward-not-reversed",),
        places=BACKWARD,
        record=_go_backwards_unreversed,
    ),
    KnownBug(
        name="tvm-go-backwards-ignored",
        what="TVM's importer does not read go_backwards: the layer runs forward.",
        source="https://github.com/apache/tvm/issues/15176",
        date="2023-06-28",
        frameworks="Keras",
        how="the layer without go_backwards",
        references=("keras",),
        named=("backward-not-reversed+input-time-reversed",),
        places=BACKWARD,
        record=_go_backwards_ignored,
    ),
    KnownBug(
        name="pytorch-batch-first-forgotten",
        what="Without batch_first an LSTM runs along the batch.",
        source="https://github.com/pytorch/pytorch/issues/1538",
        date="2017-05-11",
        frameworks="PyTorch",
        how="(B, T, I) given where (T, B, I) is read, five of both",
        references=("pytorch",),
        named=("ran-along-batch",),
        places=FORWARD,
        record=_batch_first_forgotten,
    ),
    KnownBug(
        name="mps-batch-first-output",
        what="On MPS the output of an LSTM with batch_first comes back time first.",
        source="https://github.com/pytorch/pytorch/issues/80306",
        date="2022-06-26",
        frameworks="PyTorch",
        how="the output's axes exchanged, five of both",
        references=("pytorch",),
        named=("output-axes-exchanged",),
        places=FORWARD,
        record=_output_transposed,
    ),
    KnownBug(
        name="ner-lengths-not-passed",
        what="A bidirectional network runs over the padding: sequence_length is not passed.",
        source="https://github.com/shiyybua/NER/issues/47",
        date="2018-07-21",
        frameworks="PyTorch",
        how="padded in place of packed sequences",
        references=("pytorch",),
        named=("lengths-ignored",),
        places=BOTH_WAYS,
        record=_padding_run_over,
    ),
    KnownBug(
        name="tf2onnx-padding-in-front",
        what="Sequences padded in front are converted to sequence_lens, which means padding behind.",
        source="https://github.com/onnx/tensorflow-onnx/pull/2030",
        date="2022-08-27",
        frameworks="Keras, ONNX Runtime",
        how="the operator with the number of valid steps as sequence_lens",
        references=("onnxruntime",),
        named=("padding-at-other-end",),
        places=FORWARD,
        record=_padding_in_front,
    ),
    KnownBug(
        name="keras-onnx-empty-sequence",
        what="A sequence that is masked altogether ends in a state that is not zero.",
        source="https://github.com/onnx/keras-onnx/pull/386",
        date="2020-02-17",
        frameworks="Keras, ONNX Runtime",
        how="the operator runs over all of its steps",
        references=("onnxruntime",),
        named=("lengths-ignored",),
        places=FORWARD,
        record=_empty_sequence,
    ),
    KnownBug(
        name="onnxruntime-model-not-in-eval",
        what="A PyTorch model was compared with its export without eval(): dropout lay between the layers.",
        source="https://github.com/microsoft/onnxruntime/issues/4589",
        date="2020-07-22",
        frameworks="PyTorch",
        how="dropout of 0.3 between two modules",
        references=("pytorch",),
        named=("input-dropout",),
        places=((1, "forward"),),
        record=_dropout_between,
    ),
]

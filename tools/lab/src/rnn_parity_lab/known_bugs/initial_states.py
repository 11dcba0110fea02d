"""Faults in what a pass starts from, and in what it hands on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from rnn_parity import Case, States
from torch import nn

from ..case import Array
from ..conversion import keras_from_pytorch
from .bug import BACKWARD, BOTH_WAYS, FORWARD, KnownBug
from .layers import keras_layer
from .nodes import draw_node_weights, node
from .recordings import (
    BATCH,
    HIDDEN,
    INPUT,
    array,
    changed,
    declared,
    drawn,
    keras,
    onnx,
    parameters,
    pytorch,
    returned,
    sequence,
    states,
)


def _initial_h_without_c(seed: int, wrong: bool) -> Case:
    weights, x = [draw_node_weights("LSTM", seed, INPUT, HIDDEN)], sequence(seed)
    original = onnx(node("LSTM", weights, ["initial_h"]), x, {"initial_h": states(seed)})
    return declared(original, onnx(node("LSTM", weights), x)) if wrong else original


def _backward_states_twice(seed: int, wrong: bool) -> Case:
    weights = [draw_node_weights("LSTM", seed + index, INPUT, 5) for index in range(2)]
    model = node("LSTM", weights, ["initial_h", "initial_c"], direction="bidirectional")
    given = {"initial_h": states(seed, 2, size=5), "initial_c": states(seed + 1, 2, size=5)}
    x = sequence(seed)
    used = {name: values[[1, 1] if wrong else [0, 1]] for name, values in given.items()}
    return declared(onnx(model, x, given), onnx(model, x, used))


def _hidden_not_carried(seed: int, wrong: bool) -> Case:
    """A step a call, each from h0."""
    model, x, h0 = drawn(nn.GRU(INPUT, HIDDEN), seed), sequence(seed), states(seed)
    hidden, steps = torch.tensor(h0), []
    with torch.no_grad():
        for step in torch.tensor(x):
            output, after = model(step[None], hidden)
            hidden = hidden if wrong else after
            steps.append(array(output[0]))
    return returned(pytorch(model, x, h0), np.stack(steps))


def _hidden_not_carried_and_reset_before(seed: int, wrong: bool) -> Case:
    """As the report found it: both faults. The original paper's reset is Keras's `reset_after=False`."""
    model, x, h0 = drawn(nn.GRU(INPUT, HIDDEN), seed), sequence(seed), states(seed)
    own = keras_from_pytorch("gru", parameters(model))
    if wrong:
        own["bias"] = own["bias"][0] + own["bias"][1]
    layer = keras_layer("GRU", own, reset_after=not wrong)
    hidden, steps = h0[0], []
    for step in x:
        after = np.array(layer(step[:, None], initial_state=[hidden])[1])
        hidden = hidden if wrong else after
        steps.append(after)
    return returned(pytorch(model, x, h0), np.stack(steps))


def _states_of_layer_0(seed: int, wrong: bool) -> Case:
    model, x = drawn(nn.LSTM(INPUT, 5, num_layers=3), seed), sequence(seed)
    h0 = states(seed, 3, size=5), states(seed + 1, 3, size=5)
    h, c = (values[[0, 0, 0] if wrong else [0, 1, 2]] for values in h0)
    return declared(pytorch(model, x, h0), pytorch(model, x, (h, c)))


def _h_and_c_exchanged(seed: int, wrong: bool) -> Case:
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    h, c = states(seed), states(seed + 1)
    return declared(pytorch(model, x, (h, c)), pytorch(model, x, (c, h) if wrong else (h, c)))


def _directions_before_layers(seed: int, wrong: bool) -> Case:
    model, x = drawn(nn.GRU(INPUT, 4, num_layers=2, bidirectional=True), seed), sequence(seed)
    h0 = states(seed, 4, size=4)
    return declared(pytorch(model, x, h0), pytorch(model, x, h0[[0, 2, 1, 3]] if wrong else h0))


def _batch_before_directions(seed: int, wrong: bool) -> Case:
    """(B, D, H) read as (D, B, H), B = D = 2."""
    weights = [draw_node_weights("GRU", seed + index, INPUT, 5) for index in range(2)]
    model = node("GRU", weights, ["initial_h"], direction="bidirectional", linear_before_reset=1)
    x, given = sequence(seed, batch=2), states(seed, 2, batch=2, size=5)
    used = np.ascontiguousarray(np.swapaxes(given, 0, 1)) if wrong else given
    return declared(onnx(model, x, {"initial_h": given}), onnx(model, x, {"initial_h": used}))


def _final_states_by_direction(seed: int, wrong: bool) -> Case:
    """Layer 0's backward and layer 1's forward final state in each other's place."""
    model, x = drawn(nn.GRU(INPUT, 4, num_layers=2, bidirectional=True), seed), sequence(seed)
    case = pytorch(model, x, states(seed, 4, size=4))
    if not wrong:
        return case
    lower, upper = case.references[0].layers
    backward, forward = lower.passes["backward"].final, upper.passes["forward"].final
    case = changed(case, 0, lambda own: replace(own, final=forward), "backward")
    return changed(case, 1, lambda own: replace(own, final=backward))


def _last_row_as_final_state(seed: int, wrong: bool) -> Case:
    model, x = drawn(nn.LSTM(INPUT, 5, bidirectional=True), seed), sequence(seed)
    case = pytorch(model, x)
    output = case.references[0].layers[0].output
    assert output is not None
    for index, direction in enumerate(("forward", "backward")):
        last = -1 if wrong or direction == "forward" else 0
        row = output[last, :, 5 * index : 5 * (index + 1)]
        case = changed(case, 0, lambda own, row=row: replace(own, final=States(row)), direction)
    return case


def _second_call_of_stateful(seed: int, wrong: bool) -> Case:
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    own = keras_from_pytorch("lstm", parameters(model))
    original = keras(keras_layer("LSTM", own), x)
    layer = keras_layer("LSTM", own, stateful=True)
    if wrong:
        layer(np.swapaxes(sequence(seed + 1), 0, 1))
    output = np.array(layer(np.swapaxes(x, 0, 1))[0])
    return _h_only(returned(original, np.swapaxes(output, 0, 1)))


def _h_only(case: Case) -> Case:
    return changed(case, 0, lambda own: replace(own, c=None, final=States(own.final.h)))


def _stale_buffer(seed: int, wrong: bool) -> Case:
    """Step t's product with W_hn is added to those of the steps before, as if it were a bias of its own."""
    model, x, h0 = drawn(nn.GRU(INPUT, HIDDEN, bias=False), seed), sequence(seed), states(seed)
    own = {"weight_ih": array(model.weight_ih_l0), "weight_hh": array(model.weight_hh_l0)}
    steps = [_with_stale_sums(own, x[:, index], h0[0, index], wrong) for index in range(BATCH)]
    return returned(pytorch(model, x, h0), np.stack(steps, axis=1))


def _with_stale_sums(weights: dict[str, Array], x: Array, h: Array, kept: bool) -> Array:
    """(T, H) of one sequence (T, I): PyTorch's cell, whose b_hn is what the buffer kept."""
    cell = nn.GRUCell(INPUT, HIDDEN)
    hidden, stale = torch.tensor(h)[None], torch.zeros(HIDDEN)
    recurrent = torch.tensor(weights["weight_hh"])
    rows = []
    with torch.no_grad():
        cell.weight_ih.copy_(torch.tensor(weights["weight_ih"]))
        cell.weight_hh.copy_(recurrent)
        cell.bias_ih.zero_()
        cell.bias_hh.zero_()
        for step in torch.tensor(x):
            cell.bias_hh[2 * HIDDEN :] = stale
            stale = stale + kept * (recurrent[2 * HIDDEN :] @ hidden[0])
            hidden = cell(step[None], hidden)
            rows.append(array(hidden[0]))
    return np.stack(rows)


BUGS = [
    KnownBug(
        name="onnx-tf-initial-h-alone",
        what="An LSTM with initial_h and without initial_c starts from zeros in onnx-tensorflow.",
        source="https://github.com/onnx/onnx-tensorflow/issues/408",
        date="2019-04-15",
        frameworks="ONNX Runtime",
        how="the node run without initial_h",
        references=("onnxruntime",),
        named=("initial-state-ignored",),
        places=FORWARD,
        record=_initial_h_without_c,
    ),
    KnownBug(
        name="onnx-tf-backward-states-twice",
        what="Both directions of an LSTM start from the backward direction's states in onnx-tensorflow.",
        source="https://github.com/onnx/onnx-tensorflow/issues/409",
        date="2019-04-17",
        frameworks="ONNX Runtime",
        how="the backward states given twice",
        references=("onnxruntime",),
        named=("initial-state-direction-swapped",),
        places=FORWARD,
        record=_backward_states_twice,
    ),
    KnownBug(
        name="burn-gru-two-faults",
        what="Burn's GRU reads the initial state at every step, and resets before the product.",
        source="https://github.com/tracel-ai/burn/issues/2701",
        date="2025-01-15",
        frameworks="PyTorch, Keras",
        how="Keras's reset_after=False, one step a call, each from the initial state",
        references=("pytorch",),
        named=("reset-before+state-not-carried:h",),
        places=FORWARD,
        record=_hidden_not_carried_and_reset_before,
    ),
    KnownBug(
        name="burn-gru-state-not-carried",
        what="The same, once the first of the two was mended: the first step is right, no other is.",
        source="https://github.com/tracel-ai/burn/pull/2704",
        date="2025-01-15",
        frameworks="PyTorch",
        how="one step a call, each from the initial state",
        references=("pytorch",),
        named=("state-not-carried:h",),
        places=FORWARD,
        record=_hidden_not_carried,
    ),
    KnownBug(
        name="mps-lstm-states-of-layer-0",
        what="On MPS every layer of a stacked LSTM starts from layer 0's states.",
        source="https://github.com/pytorch/pytorch/pull/95137",
        date="2023-02-19",
        frameworks="PyTorch",
        how="layer 0's states given to all layers",
        references=("pytorch",),
        named=("initial-state-layer-swapped",),
        places=((1, "forward"), (2, "forward")),
        record=_states_of_layer_0,
    ),
    KnownBug(
        name="tensorflow-state-tuple",
        what="TensorFlow 1's state tuple is (c, h), others' is (h, c).",
        source="https://github.com/tensorflow/tensorflow/issues/13943",
        date="2017-10-24",
        frameworks="PyTorch",
        how="the two exchanged",
        references=("pytorch",),
        named=("initial-states-exchanged",),
        places=FORWARD,
        record=_h_and_c_exchanged,
    ),
    KnownBug(
        name="cudnn-torch-state-layout",
        what="The order of a stacked bidirectional network's states is not documented: taken by direction.",
        source="https://github.com/soumith/cudnn.torch/issues/316",
        date="2017-01-24",
        frameworks="PyTorch",
        how="(D, L) given where (L, D) is read",
        references=("pytorch",),
        named=("initial-state-layer-swapped",),
        places=((0, "backward"), (1, "forward")),
        record=_directions_before_layers,
    ),
    KnownBug(
        name="openvino-state-layout",
        what="Initial states of shape (batch, directions, H) are read as (directions, batch, H).",
        source="https://github.com/openvinotoolkit/openvino_contrib/pull/703",
        date="2023-08-10",
        frameworks="ONNX Runtime",
        how="the axes exchanged, two sequences and two directions",
        references=("onnxruntime",),
        named=("initial-state-layout",),
        places=BOTH_WAYS,
        record=_batch_before_directions,
    ),
    KnownBug(
        name="opennmt-final-states",
        what="Is h_n of a stacked bidirectional encoder by layer, or by direction? Taken by direction.",
        source="https://github.com/OpenNMT/OpenNMT-py/issues/61",
        date="2017-06-09",
        frameworks="PyTorch",
        how="h_n of layer 0 backward and layer 1 forward exchanged",
        references=("pytorch",),
        named=("final-state-of",),
        places=((0, "backward"), (1, "forward")),
        record=_final_states_by_direction,
    ),
    KnownBug(
        name="pytorch-last-row-as-final-state",
        what="The last row of a bidirectional output is taken as h_n; its backward half is the first state.",
        source="https://github.com/yunjey/pytorch-tutorial/pull/174",
        date="2019-05-12",
        frameworks="PyTorch",
        how="output[-1] recorded as h_n",
        references=("pytorch",),
        named=("final-state-of:the state after its first step",),
        places=BACKWARD,
        record=_last_row_as_final_state,
    ),
    KnownBug(
        name="dl4j-stateful-second-call",
        what="Only the first of several predictions of a stateful LSTM agrees with the port's.",
        source="https://github.com/deeplearning4j/deeplearning4j/issues/6084",
        date="2018-08-04",
        frameworks="Keras",
        how="the second call of a stateful layer; the file says that it starts from zeros, and has h alone",
        references=("keras",),
        named=("initial-state-other",),
        places=FORWARD,
        record=_second_call_of_stateful,
    ),
    KnownBug(
        name="onnxruntime-gru-stale-buffer",
        what="Without a bias, linear_before_reset added each step's recurrent product to those before.",
        source="https://github.com/microsoft/onnxruntime/pull/3893",
        date="2020-05-11",
        frameworks="PyTorch",
        how="its cell, whose b_hn is what the buffer held",
        references=("pytorch",),
        named=("stale-buffer:n",),
        places=FORWARD,
        record=_stale_buffer,
    ),
]

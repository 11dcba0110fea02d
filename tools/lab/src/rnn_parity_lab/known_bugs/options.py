"""Faults in what a cell computes: its reset, activations, options that one side does not know."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from rnn_parity import Case, join
from torch import Tensor, nn

from ..case import Array
from ..conversion import keras_from_pytorch
from .bug import FORWARD, KnownBug
from .layers import keras_layer
from .nodes import draw_node_weights, node
from .recordings import (
    HIDDEN,
    INPUT,
    array,
    declared,
    drawn,
    keras,
    onnx,
    parameters,
    pytorch,
    returned,
    sequence,
    set_parameters,
    states,
    with_forget_bias,
)


def _exported_without_reset(seed: int, wrong: bool) -> Case:
    """PyTorch's own export, less the attribute that the other exporter left out."""
    import onnx as onnx_package

    model, x = drawn(nn.GRU(INPUT, HIDDEN), seed), sequence(seed)
    with TemporaryDirectory() as folder, torch.no_grad():
        path = Path(folder, "gru.onnx")
        names = {"input_names": ["X"], "output_names": ["output", "h_n"]}
        torch.onnx.export(model, (torch.tensor(x),), path, dynamo=False, **names)
        exported = onnx_package.load(path)
    (gru,) = (each for each in exported.graph.node if each.op_type == "GRU")
    kept = [each for each in gru.attribute if not wrong or each.name != "linear_before_reset"]
    del gru.attribute[:]
    gru.attribute.extend(kept)
    return join(pytorch(model, x), onnx(exported, x))


def _reset_after_by_default(seed: int, wrong: bool) -> Case:
    """Weights with one bias, of a TensorFlow 1 GRU, in a TensorFlow 2 one, whose second bias row is zero."""
    model, x, h0 = drawn(nn.GRU(INPUT, HIDDEN), seed), sequence(seed), states(seed)
    own = keras_from_pytorch("gru", parameters(model), reset_after=False)
    original = keras(keras_layer("GRU", own, reset_after=False), x, [h0[0]])
    port = own | ({"bias": np.stack([own["bias"], np.zeros_like(own["bias"])])} if wrong else {})
    return join(original, keras(keras_layer("GRU", port, reset_after=wrong), x, [h0[0]], name="keras-2"))


def _without(attribute: str, value: Any) -> Callable[[int, bool], Case]:
    """An LSTM node, and a run of it by an engine that does not read one attribute."""

    def record(seed: int, wrong: bool) -> Case:
        weights, x = [draw_node_weights("LSTM", seed, INPUT, HIDDEN)], sequence(seed)
        given = {"initial_h": states(seed), "initial_c": states(seed + 1)}
        original = onnx(node("LSTM", weights, list(given), **{attribute: value}), x, given)
        return declared(original, onnx(node("LSTM", weights, list(given)), x, given)) if wrong else original

    return record


def _undeclared(attribute: str, value: Any) -> Callable[[int, bool], Case]:
    """An LSTM that has an option of which its file says nothing."""

    def record(seed: int, wrong: bool) -> Case:
        weights, x = [draw_node_weights("LSTM", seed, INPUT, HIDDEN)], sequence(seed)
        given = {"initial_h": states(seed), "initial_c": states(seed + 1)}
        original = onnx(node("LSTM", weights, list(given)), x, given)
        run = onnx(node("LSTM", weights, list(given), **{attribute: value}), x, given)
        return declared(original, run) if wrong else original

    return record


def _peepholes(order: tuple[int, ...] | None) -> Callable[[int, bool], Case]:
    """An LSTM with peepholes, and a run of it with their blocks in another order, or without them."""

    def record(seed: int, wrong: bool) -> Case:
        weights, x = draw_node_weights("LSTM", seed, INPUT, HIDDEN, peepholes=True), sequence(seed)
        given = {"initial_h": states(seed), "initial_c": states(seed + 1)}
        blocks = np.split(weights["P"], 3)
        used = {name: values for name, values in weights.items() if name != "P"}
        if order is not None:
            used["P"] = np.concatenate([blocks[index] for index in order])
        original = onnx(node("LSTM", [weights], list(given)), x, given)
        run = onnx(node("LSTM", [used], list(given)), x, given)
        return declared(original, run) if wrong else original

    return record


def _two_hard_sigmoids(seed: int, wrong: bool) -> Case:
    """The same name in tf_keras, which is Keras 2, and in Keras 3."""
    import tf_keras

    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    own = keras_from_pytorch("lstm", parameters(model))
    older = keras_layer("LSTM", own, framework=tf_keras, recurrent_activation="hard_sigmoid")
    newer = keras_layer("LSTM", own, recurrent_activation="hard_sigmoid")
    original = keras(older, x, name="tf-keras")
    return join(original, keras(newer, x)) if wrong else original


def _sigmoid_for_hard_sigmoid(seed: int, wrong: bool) -> Case:
    """The Keras of the report had hard_sigmoid by default; the port has the logistic one."""
    import tf_keras

    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    own = keras_from_pytorch("lstm", parameters(model))
    function = "hard_sigmoid" if wrong else "sigmoid"
    layer = keras_layer("LSTM", own, framework=tf_keras, recurrent_activation=function)
    return join(keras(layer, x, name="tf-keras"), pytorch(model, x))


def _forget_bias_and_hard_sigmoid(seed: int, wrong: bool) -> Case:
    import tf_keras

    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    own = keras_from_pytorch("lstm", parameters(model))
    used = with_forget_bias(own) if wrong else own
    function = "hard_sigmoid" if wrong else "sigmoid"
    layer = keras_layer("LSTM", used, framework=tf_keras, recurrent_activation=function)
    return declared(keras(keras_layer("LSTM", own), x), keras(layer, x))


def _no_activation_of_c(seed: int, wrong: bool) -> Case:
    """ONNX's Affine, 1·c + 0, is no activation."""
    weights, x = [draw_node_weights("LSTM", seed, INPUT, HIDDEN)], sequence(seed)
    options = {
        "activations": ["Sigmoid", "Tanh", "Affine"],
        "activation_alpha": [1.0],
        "activation_beta": [0.0],
    }
    options = options if wrong else {}
    return _by_node(weights, x, states(seed), states(seed + 1), options)


def _by_node(weights: list[dict[str, Array]], x: Array, h: Array, c: Array, options: dict[str, Any]) -> Case:
    """The states of every step by ONNX Runtime itself, one step a run: the recorder knows no Affine."""
    import onnxruntime

    given = {"initial_h": h, "initial_c": c}
    original = onnx(node("LSTM", weights, list(given)), x, given)
    model = node("LSTM", weights, list(given), **options)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    rows = []
    for step in x:
        _, h, c = session.run(None, {"X": step[None], "initial_h": h, "initial_c": c})
        rows.append((h[0], c[0]))
    h_rows, c_rows = zip(*rows, strict=True)
    return returned(original, np.stack(h_rows), np.stack(c_rows))


def _update_gate_inverted(seed: int, wrong: bool) -> Case:
    """sigmoid(−a) is 1 − sigmoid(a)."""
    model, x, h0 = drawn(nn.GRU(INPUT, HIDDEN), seed), sequence(seed), states(seed)
    original = pytorch(model, x, h0)
    sign = np.repeat(np.array([1, -1 if wrong else 1, 1], np.float32), HIDDEN)
    own = parameters(model)
    set_parameters(model, {name: (values.T * sign).T for name, values in own.items()})
    return declared(original, pytorch(model, x, h0))


def _lstm_by_hand(
    model: nn.LSTM, x: Array, h0: tuple[Array, Array], tanh: Callable[[Tensor], Tensor]
) -> tuple[Array, Array]:
    """h and c (T, B, H) of a loop over PyTorch's operators.

    tanh: in place of it, and of the sigmoid, (1 + tanh(a / 2)) / 2.
    """
    own = {name: torch.tensor(values) for name, values in parameters(model).items()}
    h, c = (torch.tensor(values[0]) for values in h0)

    def sigmoid(a: Tensor) -> Tensor:
        return (1 + tanh(a / 2)) / 2

    rows = []
    for step in torch.tensor(x):
        sums = step @ own["weight_ih"].T + own["bias_ih"] + h @ own["weight_hh"].T + own["bias_hh"]
        i, f, g, o = sums.chunk(4, dim=1)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(c)
        rows.append((array(h), array(c)))
    h_rows, c_rows = zip(*rows, strict=True)
    return np.stack(h_rows), np.stack(c_rows)


def _fast_tanh(a: Tensor) -> Tensor:
    """Of the report: a quotient of two polynomials."""
    magnitude, square = a.abs(), a * a
    cubic = (0.893229853513558 + 0.821226666969744 * magnitude) * square
    numerator = a * (2.45550750702956 * (1 + magnitude) + cubic)
    weighted = (a + 0.814642734961073 * a * magnitude).abs()
    return numerator / (2.44506634652299 + (2.44506634652299 + square) * weighted)


def _approximate_tanh(seed: int, wrong: bool) -> Case:
    model, x, h0 = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed), (states(seed), states(seed + 1))
    return returned(pytorch(model, x, h0), *_lstm_by_hand(model, x, h0, _fast_tanh if wrong else torch.tanh))


def _zoneout(seed: int, wrong: bool) -> Case:
    """The module's own step, and a tenth of the old h in the new."""
    model, x, h0 = drawn(nn.RNN(INPUT, HIDDEN), seed), sequence(seed), states(seed)
    original = pytorch(model, x, h0)
    rows, h, kept = [], torch.tensor(h0[0]), 0.1 if wrong else 0.0
    with torch.no_grad():
        for step in torch.tensor(x):
            h = kept * h + (1 - kept) * model(step[None], h[None])[0][0]
            rows.append(array(h))
    return returned(original, np.stack(rows))


def _recurrent_dropout(seed: int, wrong: bool) -> Case:
    model, x, h0 = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed), (states(seed), states(seed + 1))
    original = pytorch(model, x, h0)
    weights = parameters(model)["weight_hh"]
    kept = np.random.default_rng([seed, 3]).random(weights.shape) >= 0.25
    if wrong:
        set_parameters(model, {"weight_hh": np.where(kept, weights / np.float32(0.75), np.float32(0))})
    return declared(original, pytorch(model, x, h0))


BUGS = [
    KnownBug(
        name="onnxscript-gru-reset",
        what="A GRU exported from PyTorch lacks linear_before_reset = 1.",
        source="https://github.com/microsoft/onnxscript/issues/2852",
        date="2026-03-14",
        frameworks="PyTorch, ONNX Runtime",
        how="PyTorch's export, less the attribute",
        references=("pytorch", "onnxruntime"),
        named=("reset-before",),
        places=FORWARD,
        record=_exported_without_reset,
    ),
    KnownBug(
        name="nntrainer-gru-reset",
        what="The same GRU agrees with TensorFlow 1 and not with 2: `reset_after` has another default.",
        source="https://github.com/nntrainer/nntrainer/pull/1644",
        date="2021-10-19",
        frameworks="Keras",
        how="one bias of a reset-before GRU as the first row of a reset-after one",
        references=("keras", "keras-2"),
        named=("reset-after",),
        places=FORWARD,
        record=_reset_after_by_default,
    ),
    KnownBug(
        name="tract-activations",
        what="tract does not read the attribute activations.",
        source="https://github.com/sonos/tract/issues/2751",
        date="2026-08-31",
        frameworks="ONNX Runtime",
        how="the node with HardSigmoid, run without the attribute; tract 0.21.19 gives the same",
        references=("onnxruntime",),
        named=("recurrent-activation:sigmoid",),
        places=FORWARD,
        record=_without("activations", ["HardSigmoid", "Tanh", "Tanh"]),
    ),
    KnownBug(
        name="tract-input-forget",
        what="tract does not read the attribute input_forget.",
        source="https://github.com/sonos/tract/issues/2751",
        date="2026-08-31",
        frameworks="ONNX Runtime",
        how="the node with input_forget, run without it; tract 0.21.19 gives the same",
        references=("onnxruntime",),
        named=("input-forget-ignored",),
        places=FORWARD,
        record=_without("input_forget", 1),
    ),
    KnownBug(
        name="tract-clip",
        what="tract does not read the attribute clip.",
        source="https://github.com/sonos/tract/issues/2751",
        date="2026-08-31",
        frameworks="ONNX Runtime",
        how="the node with clip 0.6, run without it; tract 0.21.19 gives the same",
        references=("onnxruntime",),
        named=("clip-ignored", "clip"),
        places=FORWARD,
        record=_without("clip", 0.6),
    ),
    KnownBug(
        name="dynet-coupled-gates",
        what="DyNet's LSTMBuilder couples input and forget gate, f = 1 − i, without saying so.",
        source="https://github.com/clab/dynet/issues/154",
        date="2016-11-08",
        frameworks="ONNX Runtime",
        how="the run has input_forget, the file has not",
        references=("onnxruntime",),
        named=("forget-gate-coupled",),
        places=FORWARD,
        record=_undeclared("input_forget", 1),
    ),
    KnownBug(
        name="onnx2tf-peepholes",
        what="onnx2tf converted an LSTM without its peepholes.",
        source="https://github.com/PINTO0309/onnx2tf/pull/286",
        date="2023-04-05",
        frameworks="ONNX Runtime",
        how="the node run without P",
        references=("onnxruntime",),
        named=("peepholes-ignored",),
        places=FORWARD,
        record=_peepholes(None),
    ),
    KnownBug(
        name="opencv-peephole-order",
        what="OpenCV read the peepholes of an ONNX LSTM, i, o, f, as i, f, o.",
        source="https://github.com/opencv/opencv/pull/29931",
        date="2026-09-11",
        frameworks="ONNX Runtime",
        how="the blocks of P in that order",
        references=("onnxruntime",),
        named=("peepholes-reordered:ifo",),
        places=FORWARD,
        record=_peepholes((0, 2, 1)),
    ),
    KnownBug(
        name="hard-sigmoid-of-two-kerases",
        what="hard_sigmoid is another function in Keras 3 than in Keras 2, under the same name.",
        source="https://github.com/tensorflow/tensorflow/issues/65381",
        date="2024-04-10",
        frameworks="tf_keras, Keras",
        how="one layer in both",
        references=("tf-keras", "keras"),
        named=("recurrent-activation:hard_sigmoid",),
        places=FORWARD,
        record=_two_hard_sigmoids,
    ),
    KnownBug(
        name="numpy-lstm-sigmoid",
        what="An LSTM by hand is a tenth off: the gates of that Keras were hard_sigmoid by default.",
        source="https://stackoverflow.com/questions/49759614",
        date="2018-04-10",
        frameworks="tf_keras, PyTorch",
        how="hard_sigmoid in tf_keras, the logistic one in the port",
        references=("tf-keras", "pytorch"),
        named=("recurrent-activation:sigmoid",),
        places=FORWARD,
        record=_sigmoid_for_hard_sigmoid,
    ),
    KnownBug(
        name="keras-forget-bias-and-hard-sigmoid",
        what="Keras's LSTM differs from TensorFlow's by the forget gate's 1 and by hard_sigmoid.",
        source="https://github.com/keras-team/keras/issues/10179",
        date="2018-05-13",
        frameworks="Keras, tf_keras",
        how="both at once",
        references=("tf-keras",),
        named=("forget-bias-added+recurrent-activation:hard_sigmoid_keras2",),
        places=FORWARD,
        record=_forget_bias_and_hard_sigmoid,
    ),
    KnownBug(
        name="element-research-no-tanh",
        what="Element Research's LSTM returns o ⊙ c, without the tanh of c.",
        source="https://github.com/Element-Research/rnn/pull/13",
        date="2015-07-15",
        frameworks="ONNX Runtime",
        how="the identity as the operator's h",
        references=("onnxruntime",),
        named=("output-activation:linear",),
        places=FORWARD,
        record=_no_activation_of_c,
    ),
    KnownBug(
        name="cntk-update-gate",
        what="z and 1 − z stand in each other's place in CNTK's GRU and in the paper.",
        source="https://github.com/microsoft/CNTK/issues/3292",
        date="2018-07-08",
        frameworks="PyTorch",
        how="the update gate's weights negated",
        references=("pytorch",),
        named=("update-gate-inverted",),
        places=FORWARD,
        record=_update_gate_inverted,
    ),
    KnownBug(
        name="nam-fast-tanh",
        what="A C++ port of a PyTorch LSTM has a quotient of polynomials in place of tanh, and of sigmoid.",
        source="https://github.com/sdatkinson/NeuralAmpModelerCore/pull/43",
        date="2023-05-08",
        frameworks="PyTorch",
        how="a loop over its operators, with that quotient",
        references=("pytorch",),
        named=("fast-activations:neural-amp with sigmoid",),
        places=FORWARD,
        record=_approximate_tanh,
    ),
    KnownBug(
        name="haste-zoneout",
        what="Haste applies zoneout at inference too, by its expectation.",
        source="https://github.com/lmnt-com/haste/issues/35",
        date="2021-06-13",
        frameworks="PyTorch",
        how="0.1 of the old h and 0.9 of what the module returns",
        references=("pytorch",),
        named=("zoneout",),
        places=FORWARD,
        record=_zoneout,
    ),
    KnownBug(
        name="haste-recurrent-dropout",
        what="Haste drops recurrent weights at inference too.",
        source="https://github.com/lmnt-com/haste/issues/18",
        date="2020-06-08",
        frameworks="PyTorch",
        how="a quarter of weight_hh is 0, the rest 4/3 of what it was",
        references=("pytorch",),
        named=("recurrent-dropout:0.25",),
        places=FORWARD,
        record=_recurrent_dropout,
    ),
]

"""Faults in how weights were carried over: gates, biases, layers, blocks."""

from __future__ import annotations

import numpy as np
import torch
from rnn_parity import Case, join, record_flax, record_mlx
from torch import nn

from ..case import Array
from ..conversion import keras_from_pytorch, onnx_from_pytorch, pytorch_from_keras
from .bug import BOTH_WAYS, FORWARD, KnownBug
from .layers import keras_layer, mlx_gru, nnx_gru
from .nodes import draw_node_weights, node
from .recordings import (
    HIDDEN,
    INPUT,
    bare,
    declared,
    drawn,
    keras,
    onnx,
    output_only,
    parameters,
    pytorch,
    returned,
    sequence,
    set_parameters,
    states,
    with_forget_bias,
)


def _keras_gru_gates(seed: int, wrong: bool) -> Case:
    """As in the report: every tensor transposed, no gate moved."""
    model, x = drawn(nn.GRU(INPUT, HIDDEN), seed), sequence(seed)
    own = parameters(model)
    copied = {
        "kernel": own["weight_ih"].T,
        "recurrent_kernel": own["weight_hh"].T,
        "bias": np.stack([own["bias_ih"], own["bias_hh"]]),
    }
    used = copied if wrong else keras_from_pytorch("gru", own)
    return join(pytorch(model, x), keras(keras_layer("GRU", used), x))


def _onnx_gates_read_as_pytorch(seed: int, wrong: bool) -> Case:
    x = sequence(seed, size=4)
    weights = [draw_node_weights("LSTM", seed + index, 4, 5) for index in range(2)]
    port = nn.LSTM(4, 5, bidirectional=True).eval()
    for reverse, own in enumerate(weights):
        bias_ih, bias_hh = np.split(own["B"], 2)
        copied = {"weight_ih": own["W"], "weight_hh": own["R"], "bias_ih": bias_ih, "bias_hh": bias_hh}
        order = (0, 1, 2, 3) if wrong else (0, 2, 3, 1)
        used = {name: _reordered(values.T, order).T for name, values in copied.items()}
        set_parameters(port, used, reverse=bool(reverse))
    original = onnx(node("LSTM", weights, direction="bidirectional"), x)
    return join(original, pytorch(port, x))


def _reordered(values: Array, order: tuple[int, ...]) -> Array:
    """The gate blocks along the last axis in another order."""
    blocks = np.split(values, len(order), axis=-1)
    return np.concatenate([blocks[index] for index in order], axis=-1)


def _documented_gates(seed: int, wrong: bool) -> Case:
    """Blocks i, f, c, o used as i, f, o, c."""
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    own = keras_from_pytorch("lstm", parameters(model))
    original = keras(keras_layer("LSTM", own), x)
    used = {name: _reordered(values, (0, 1, 3, 2) if wrong else (0, 1, 2, 3)) for name, values in own.items()}
    return output_only(declared(original, keras(keras_layer("LSTM", used), x)), final=True)


def _paddle_one_tensor(seed: int, wrong: bool) -> Case:
    """Recurrent weights and biases are in the new order, c, i, f, o; the input's are not."""
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    own = keras_from_pytorch("lstm", parameters(model))
    used = own | {"kernel": _reordered(own["kernel"], (2, 0, 1, 3) if wrong else (0, 1, 2, 3))}
    return declared(keras(keras_layer("LSTM", own), x), keras(keras_layer("LSTM", used), x))


def _old_cell_in_keras(seed: int, wrong: bool) -> Case:
    """TensorFlow 1 packs i, c, f, o and adds 1 to f; its tensors stand in a Keras layer as they are."""
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    loaded = keras_from_pytorch("lstm", parameters(model))
    meant = {name: _reordered(values, (0, 2, 1, 3)) for name, values in loaded.items()}
    used = with_forget_bias(meant) if wrong else loaded
    return declared(keras(keras_layer("LSTM", loaded), x), keras(keras_layer("LSTM", used), x))


def _gru_bias_merged(seed: int, wrong: bool) -> Case:
    model, x = drawn(nn.GRU(INPUT, HIDDEN), seed), sequence(seed)
    own = onnx_from_pytorch("gru", parameters(model))
    bias_ih, bias_hh = np.split(own["B"], 2)
    merged = own | {"B": np.concatenate([bias_ih + bias_hh, np.zeros_like(bias_hh)])}
    used = merged if wrong else own
    return join(pytorch(model, x), onnx(node("GRU", [used], linear_before_reset=1), x))


def _nnx_without_hn(seed: int, wrong: bool) -> Case:
    model, x = drawn(nn.GRU(INPUT, HIDDEN), seed), sequence(seed)
    if not wrong:
        with torch.no_grad():
            model.bias_hh_l0[2 * HIDDEN :] = 0
    port = bare(record_flax(nnx_gru(parameters(model)), np.swapaxes(x, 0, 1), spread=0))
    return join(pytorch(model, x), port)


def _mlx_first_step(seed: int, wrong: bool) -> Case:
    """The first step as it was when nothing was added to n without a state, the others by MLX as it is."""
    import mlx.core as mx

    model, x = drawn(nn.GRU(INPUT, HIDDEN), seed), sequence(seed)
    layer, batch_first = mlx_gru(parameters(model)), mx.array(np.swapaxes(x, 0, 1))
    original = bare(record_mlx(layer, batch_first, spread=0))
    bias = layer.bhn
    layer.bhn = None if wrong else bias
    first = layer(batch_first[:, :1])
    layer.bhn = bias
    others = layer(batch_first[:, 1:], hidden=first[:, -1])
    return returned(original, np.swapaxes(np.array(mx.concatenate([first, others], axis=1)), 0, 1))


def _keras_onnx_two_biases(seed: int, wrong: bool) -> Case:
    """Both of the operator's biases are Keras's one."""
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    own = keras_from_pytorch("lstm", parameters(model))
    twice = pytorch_from_keras("lstm", own)
    if wrong:
        twice["bias_hh"] = twice["bias_ih"]
    port = onnx(node("LSTM", [onnx_from_pytorch("lstm", twice)]), x)
    return join(keras(keras_layer("LSTM", own), x), port)


def _forget_bias(seed: int, wrong: bool) -> Case:
    """A checkpoint of TensorFlow 1 holds the bias without the 1 that its cell adds at every step."""
    model, x = drawn(nn.LSTM(INPUT, HIDDEN), seed), sequence(seed)
    stored = keras_from_pytorch("lstm", parameters(model))
    used = with_forget_bias(stored) if wrong else stored
    return declared(keras(keras_layer("LSTM", stored), x), keras(keras_layer("LSTM", used), x))


def _flat_weights(seed: int, wrong: bool) -> Case:
    """[l0, l1, l0_reverse, l1_reverse] read as [l0, l0_reverse, l1, l1_reverse]; I = 2H: they fit."""
    model = drawn(nn.GRU(8, 4, num_layers=2, bidirectional=True), seed)
    x, h0 = sequence(seed, size=8), states(seed, 4, size=4)
    original = pytorch(model, x, h0)
    upper, lower = parameters(model, 1), parameters(model, 0, reverse=True)
    if wrong:
        set_parameters(model, upper, 0, reverse=True)
        set_parameters(model, lower, 1)
    return declared(original, pytorch(model, x, h0))


def _blocks_cut_at_input_size(seed: int, wrong: bool) -> Case:
    """Rows k·I to k·I + H in place of k·H to (k + 1)·H."""
    model = drawn(nn.GRU(4, HIDDEN), seed)
    x, h0 = sequence(seed, size=4), states(seed)
    original = pytorch(model, x, h0)
    height = 4 if wrong else HIDDEN
    cut = {
        name: np.concatenate([values[gate * height : gate * height + HIDDEN] for gate in range(3)])
        for name, values in parameters(model).items()
    }
    set_parameters(model, cut)
    return declared(original, pytorch(model, x, h0))


BUGS = [
    KnownBug(
        name="keras-gru-gates-not-reordered",
        what="A GRU is carried over from PyTorch to Keras by transposing tensors; the gates stay r, z, n.",
        source="https://github.com/keras-team/keras/issues/15915",
        date="2022-01-19",
        frameworks="PyTorch, Keras",
        how="the report's own copying of the weights",
        references=("pytorch", "keras"),
        named=("gate-order:zrn",),
        places=FORWARD,
        record=_keras_gru_gates,
    ),
    KnownBug(
        name="pyannote-onnx-gate-order",
        what="A native runtime reads the LSTM gates of an ONNX file, i, o, f, c, as i, f, g, o.",
        source="https://github.com/CrispStrobe/CrispASR/pull/106",
        date="2026-05-18",
        frameworks="ONNX Runtime, PyTorch",
        how="the ONNX blocks copied into nn.LSTM as they are",
        references=("onnxruntime", "pytorch"),
        named=("gate-order:ifco",),
        places=BOTH_WAYS,
        record=_onnx_gates_read_as_pytorch,
    ),
    KnownBug(
        name="coreml-documented-gate-order",
        what="Core ML's documentation has the gates of an LSTM as i, f, z, o, its code as i, f, o, z.",
        source="https://github.com/apple/coremltools/pull/93",
        date="2017-12-18",
        frameworks="Keras",
        how="the blocks as documented, used as coded; only the last state is recorded",
        references=("keras",),
        named=("gate-order:ifoc",),
        places=FORWARD,
        record=_documented_gates,
    ),
    KnownBug(
        name="tensorflow-cell-in-keras",
        what="A TensorFlow 1 LSTMCell's weights are loaded into tf.keras, which has another gate order.",
        source="https://github.com/tensorflow/tensorflow/issues/29622",
        date="2019-06-11",
        frameworks="Keras",
        how="the old cell's run, gates i, c, f, o and 1 added to f, under the layer that was loaded",
        references=("keras",),
        named=("forget-bias-added+gate-order:icfo",),
        places=FORWARD,
        record=_old_cell_in_keras,
    ),
    KnownBug(
        name="paddle-one-tensor-reordered",
        what="Gates were reordered for Paddle in some of the packed tensors and not in all.",
        source="https://github.com/PaddlePaddle/Paddle/issues/23116",
        date="2020-03-20",
        frameworks="Keras",
        how="only the kernel in the order c, i, f, o",
        references=("keras",),
        named=("gate-order:fcio@input",),
        places=FORWARD,
        record=_paddle_one_tensor,
    ),
    KnownBug(
        name="coreml-gru-bias-merged",
        what="Core ML's GRU has one bias for n: b_hn is added outside of the product with the reset gate.",
        source="https://github.com/apple/coremltools/issues/1124",
        date="2021-03-04",
        frameworks="PyTorch, ONNX Runtime",
        how="both biases summed into the input's",
        references=("pytorch", "onnxruntime"),
        named=("recurrent-bias-merged",),
        places=FORWARD,
        record=_gru_bias_merged,
    ),
    KnownBug(
        name="flax-nnx-gru-without-b-hn",
        what="nnx.GRUCell has no b_hn: a port from PyTorch or linen loses it.",
        source="https://github.com/google/flax/issues/5594",
        date="2026-09-21",
        frameworks="PyTorch, Flax nnx",
        how="the real nnx.GRUCell, which still has none",
        references=("pytorch", "flax"),
        named=("gate-bias-lost:n", "gate-bias-lost:n@recurrent", "gate-recurrent-bias-lost:n"),
        places=FORWARD,
        record=_nnx_without_hn,
    ),
    KnownBug(
        name="mlx-gru-first-step",
        what="MLX's GRU leaves b_hn out at the first step where no state is passed.",
        source="https://github.com/ml-explore/mlx/issues/3249",
        date="2026-03-13",
        frameworks="MLX",
        how="the first step without bhn, the others as now; MLX 0.31.1 gives the same, bit for bit",
        references=("mlx",),
        named=("first-recurrent-bias-ignored",),
        places=FORWARD,
        record=_mlx_first_step,
    ),
    KnownBug(
        name="keras-onnx-bias-twice",
        what="The one bias of a Keras LSTM was not divided rightly between the two of ONNX's operator.",
        source="https://github.com/onnx/keras-onnx/issues/98",
        date="2019-05-31",
        frameworks="Keras, ONNX Runtime",
        how="the bias written as Wb and as Rb",
        references=("keras", "onnxruntime"),
        named=("bias-doubled",),
        places=FORWARD,
        record=_keras_onnx_two_biases,
    ),
    KnownBug(
        name="coreml-forget-bias",
        what="The 1 that TensorFlow 1's cell adds to its forget gate is not in the checkpoint.",
        source="https://github.com/apple/coremltools/issues/309",
        date="2018-12-20",
        frameworks="Keras",
        how="the run has the 1, the weights on file have not",
        references=("keras",),
        named=("forget-bias-added",),
        places=FORWARD,
        record=_forget_bias,
    ),
    KnownBug(
        name="pytorch-cpp-flat-weights",
        what="The C++ API listed the weights of stacked bidirectional layers by direction, then by layer.",
        source="https://github.com/pytorch/pytorch/pull/22850",
        date="2019-07-14",
        frameworks="PyTorch",
        how="layer 0 backward and layer 1 forward run with each other's weights",
        references=("pytorch",),
        named=("weights-of",),
        places=((0, "backward"), (1, "forward")),
        record=_flat_weights,
    ),
    KnownBug(
        name="vulkan-gru-blocks",
        what="PyTorch's Vulkan GRU cut its packed weights at multiples of the input size.",
        source="https://github.com/pytorch/pytorch/pull/78945",
        date="2022-06-06",
        frameworks="PyTorch",
        how="weights and biases cut so, I 4 and H 6",
        references=("pytorch",),
        named=("gate-blocks-cut:4",),
        places=FORWARD,
        record=_blocks_cut_at_input_size,
    ),
]

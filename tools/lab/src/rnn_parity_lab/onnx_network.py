"""Builds ONNX models of the layers that a description asks for, one operator each."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

from .case import Weights
from .conversion import onnx_from_pytorch
from .description import CaseDescription, LayerDescription, UnsupportedByFramework
from .network import Network

_OPERATORS = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
_DIRECTIONS = {"forward": "forward", "backward": "reverse", "bidirectional": "bidirectional"}
_ACTIVATIONS = {"tanh": "Tanh", "relu": "Relu", "sigmoid": "Sigmoid"}
_ELEMENTS = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE}
_OPSET, _IR_VERSION = 22, 10


def build_onnx(case: CaseDescription, network: Network) -> list[ModelProto]:
    """One model a layer, in ONNX's names and shapes.

    Inputs: X, sequence_lens, initial_h, and initial_c of an lstm. Outputs: Y, Y_h, and Y_c of an
    lstm. Initializers: W, R and B, the directions stacked.
    """
    return [
        _model(layer, [weights[name] for name in layer.directions], _ELEMENTS[case.dtype])
        for layer, weights in zip(case.layers, network.weights)
    ]


def _model(layer: LayerDescription, directions: list[Weights], element: int) -> ModelProto:
    _require_supported(layer)
    converted = [onnx_from_pytorch(layer.cell, weights) for weights in directions]
    initializers = [
        numpy_helper.from_array(np.stack([weights[name] for weights in converted]), name)
        for name in converted[0]
    ]
    states = ["initial_h", "initial_c"] if layer.cell == "lstm" else ["initial_h"]
    outputs = ["Y", "Y_h", "Y_c"] if layer.cell == "lstm" else ["Y", "Y_h"]
    options = {"linear_before_reset": int(layer.reset_after)} if layer.cell == "gru" else {}
    node = helper.make_node(
        _OPERATORS[layer.cell],
        ["X", "W", "R", "B" if layer.bias else "", "sequence_lens", *states],
        outputs,
        direction=_DIRECTIONS[layer.direction],
        hidden_size=layer.hidden_size,
        activations=_activations(layer) * len(directions),
        **options,
    )
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [node],
        layer.cell,
        [
            value("X", element, [None] * 3),
            value("sequence_lens", TensorProto.INT32, [None]),
            *(value(name, element, [None] * 3) for name in states),
        ],
        [value(name, element, [None] * (4 if name == "Y" else 3)) for name in outputs],
        initializers,
    )
    opset = helper.make_opsetid("", _OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return model


def _activations(layer: LayerDescription) -> list[str]:
    own = _ACTIVATIONS[layer.activation]
    return {"rnn": [own], "gru": ["Sigmoid", own], "lstm": ["Sigmoid", own, own]}[layer.cell]


def _require_supported(layer: LayerDescription) -> None:
    unsupported = {
        f"activation {layer.activation}": layer.activation not in _ACTIVATIONS,
        f"gate activation {layer.recurrent_activation}": layer.recurrent_activation != "sigmoid",
        "projection": layer.projection_size,
        f"merge mode {layer.merge_mode}": layer.merge_mode != "concat",
    }
    for what, found in unsupported.items():
        if found:
            raise UnsupportedByFramework(f"no {what} in ONNX models that are made here")

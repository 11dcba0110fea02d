"""ONNX models of one LSTM node, with what ONNX alone has: peepholes, clipping, coupled gates."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

INPUT, HIDDEN = 5, 7


def lstm_node(seed: int, peepholes: bool, **attributes: Any) -> ModelProto:
    """x (T, B, 5) to Y (T, 2, B, 7), in both directions."""
    generator = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        bound = 1.5 / np.sqrt(HIDDEN)
        return generator.uniform(-bound, bound, (2, *shape)).astype(np.float32)

    weights = {"W": draw(4 * HIDDEN, INPUT), "R": draw(4 * HIDDEN, HIDDEN), "B": draw(8 * HIDDEN)}
    if peepholes:
        weights["P"] = draw(3 * HIDDEN)
    node = helper.make_node(
        "LSTM",
        ["x", "W", "R", "B", *(["", "", "", "P"] if peepholes else [])],
        ["Y", "Y_h", "Y_c"],
        name="lstm",
        direction="bidirectional",
        hidden_size=HIDDEN,
        **attributes,
    )
    graph = helper.make_graph(
        [node],
        "lstm",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, None, INPUT])],
        [
            helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None] * 4),
            helper.make_tensor_value_info("Y_c", TensorProto.FLOAT, [None] * 3),
        ],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    checker.check_model(model)
    return model

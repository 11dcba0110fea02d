"""ONNX models of one recurrent node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from ..case import Array, Weights


def node(
    operator: str,
    weights: Sequence[Weights],
    inputs: Sequence[str] = (),
    lengths: Array | None = None,
    **attributes: Any,
) -> ModelProto:
    """X (T, B, I) to Y (T, D, B, H), by ONNX Runtime.

    weights: W, R, B and P by direction, in ONNX's convention.   inputs: of initial_h and initial_c
    those that are the model's inputs.   lengths: (B) sequence_lens.   attributes: the node's.
    """
    stacked = {name: np.stack([one[name] for one in weights]) for name in weights[0]}
    if lengths is not None:
        stacked["sequence_lens"] = lengths.astype(np.int32)
    hidden = stacked["R"].shape[2]
    known = {"X", *stacked, *inputs}
    slots = ["X", "W", "R", "B", "sequence_lens", "initial_h"]
    slots += ["initial_c", "P"] if operator == "LSTM" else []
    names = [name if name in known else "" for name in slots]
    while not names[-1]:
        names.pop()
    outputs = ["Y", "Y_h", "Y_c"] if operator == "LSTM" else ["Y", "Y_h"]
    made = helper.make_node(operator, names, outputs, name=operator.lower(), hidden_size=hidden, **attributes)
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [made],
        operator.lower(),
        [
            value("X", TensorProto.FLOAT, [None, None, stacked["W"].shape[2]]),
            *(value(name, TensorProto.FLOAT, [len(weights), None, hidden]) for name in inputs),
        ],
        [value(name, TensorProto.FLOAT, [None] * (4 if name == "Y" else 3)) for name in outputs],
        [numpy_helper.from_array(values, name) for name, values in stacked.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    checker.check_model(model)
    return model


def draw_node_weights(operator: str, seed: int, size: int, hidden: int, peepholes: bool = False) -> Weights:
    """W (G·H, I), R (G·H, H), B (2·G·H), and P (3·H) of one direction."""
    generator = np.random.default_rng(seed)
    bound = 1.5 / np.sqrt(hidden)
    rows = {"RNN": 1, "GRU": 3, "LSTM": 4}[operator] * hidden
    shapes: dict[str, tuple[int, ...]] = {"W": (rows, size), "R": (rows, hidden), "B": (2 * rows,)}
    if peepholes:
        shapes["P"] = (3 * hidden,)
    return {
        name: generator.uniform(-bound, bound, shape).astype(np.float32) for name, shape in shapes.items()
    }

"""Runs an LSTM node step by step, as a model of its own, for the c that it does not return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import onnx
from onnx import helper, numpy_helper

from .case import Array, States
from .onnx_model import session
from .onnx_nodes import RecurrentNode


def stepped(node: RecurrentNode, values: Mapping[str, Array], opset: int) -> Iterator[States]:
    """h and c (T, B, H) of each direction; padding is zero, as the node returns it."""
    sequence = values["X"]
    steps, batch, _ = sequence.shape
    lengths = values.get("sequence_lens", np.full(batch, steps))
    for place, direction in enumerate(node.directions):
        opened = session(_one_step(node, values, place, opset))
        zeros = np.zeros((batch, values["R"].shape[2]), sequence.dtype)
        state = [values[name][place] if name in values else zeros for name in ("initial_h", "initial_c")]
        shown = [np.zeros((steps, *zeros.shape), zeros.dtype) for _ in state]
        for t in range(steps) if direction == "forward" else reversed(range(steps)):
            fed = dict(zip(("h", "c"), (one[None] for one in state)))
            after = opened.run(["Y_h", "Y_c"], {"X": sequence[t : t + 1], **fed})
            valid = (lengths > t)[:, None]
            state = [np.where(valid, new[0], old) for new, old in zip(after, state)]
            for whole, one in zip(shown, state):
                whole[t] = np.where(valid, one, 0)
        yield States(*shown)


def _one_step(node: RecurrentNode, values: Mapping[str, Array], place: int, opset: int) -> onnx.ModelProto:
    """The node with the weights and activations of one direction; one step has no direction."""
    weights = {name: values[name][place : place + 1] for name in ("W", "R", "B", "P") if name in values}
    names = ["X", "W", "R", "B" if "B" in weights else "", "", "h", "c", "P" if "P" in weights else ""]
    attributes = {
        name: value
        for name, value in node.attributes.items()
        if name not in ("direction", "layout") and not name.startswith("activation")
    }
    if "activations" in node.attributes:
        attributes.update(node.activations[place].attributes)
    kind = helper.np_dtype_to_tensor_dtype(values["X"].dtype)
    graph = helper.make_graph(
        [helper.make_node("LSTM", names, ["", "Y_h", "Y_c"], **attributes)],
        "step",
        [helper.make_tensor_value_info(name, kind, None) for name in ("X", "h", "c")],
        [helper.make_tensor_value_info(name, kind, None) for name in ("Y_h", "Y_c")],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)

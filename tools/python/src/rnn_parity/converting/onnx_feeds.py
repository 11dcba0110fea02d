"""What the recurrent nodes of a graph read, as far as nothing but identities lies between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import onnx

from ..case import Array
from ..onnx_nodes import RecurrentNode


def feeds(
    graph: onnx.GraphProto,
    nodes: Sequence[RecurrentNode],
    names: Sequence[str],
    constants: Mapping[str, Array],
) -> dict[str, str]:
    """For each node, by name: the node whose whole output it reads, or what else it reads, in words."""
    producers = {output: node for node in graph.node for output in node.output}
    outputs = {node.tensors["Y"]: name for node, name in zip(nodes, names) if "Y" in node.tensors}
    directions = {node.tensors["Y"]: len(node.directions) for node in nodes if "Y" in node.tensors}
    inputs = {one.name for one in graph.input} - constants.keys()
    found = {}
    for node, name in zip(nodes, names):
        tensor = _behind_identities(node.tensors["X"], producers)
        whole = _whole_output(tensor, producers, constants, directions)
        if whole is not None:
            found[name] = outputs[whole]
        elif tensor in producers:
            found[name] = f"the {producers[tensor].op_type} node's {tensor}"
        else:
            found[name] = f"the model's input {tensor}" if tensor in inputs else tensor
    return found


def _behind_identities(tensor: str, producers: Mapping[str, onnx.NodeProto]) -> str:
    """Dropout passes its input on at inference."""
    while tensor in producers and producers[tensor].op_type in ("Identity", "Dropout"):
        tensor = producers[tensor].input[0]
    return tensor


def _whole_output(
    tensor: str,
    producers: Mapping[str, onnx.NodeProto],
    constants: Mapping[str, Array],
    directions: Mapping[str, int],
) -> str | None:
    """The Y (T, D, B, H) that is laid out as (T, B, D·H) in `tensor`: None where more is done to it."""
    last = producers.get(tensor)
    if last is None:
        return None
    if last.op_type == "Squeeze":
        own = last.input[0]
        return own if directions.get(own) == 1 and _axes(last, constants) == [1] else None
    if last.op_type == "Reshape" and last.input[1] in constants:
        shape = constants[last.input[1]].tolist()
        turned = producers.get(last.input[0])
        if shape == [0, 0, -1] and turned is not None and turned.op_type == "Transpose":
            own = turned.input[0]
            return own if own in directions and _ints(turned, "perm") == [0, 2, 1, 3] else None
    return None


def _axes(node: onnx.NodeProto, constants: Mapping[str, Array]) -> list[int]:
    """An attribute until opset 12, an input since."""
    if len(node.input) > 1:
        return list(constants[node.input[1]].tolist()) if node.input[1] in constants else []
    return _ints(node, "axes")


def _ints(node: onnx.NodeProto, name: str) -> list[int]:
    return next((list(one.ints) for one in node.attribute if one.name == name), [])

"""The recurrent nodes of an ONNX graph: their attributes, tensors and place in the user's model."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import onnx

from .case import LeftOut, Repeated
from .errors import UnknownModule, UnsupportedModule
from .onnx_activations import NodeActivations, parse_activations

_CELLS: dict[str, Literal["rnn", "gru", "lstm"]] = {"RNN": "rnn", "GRU": "gru", "LSTM": "lstm"}
_STANDARD_DOMAINS = ("", "ai.onnx")
_INPUTS = {
    "rnn": ("X", "W", "R", "B", "sequence_lens", "initial_h"),
    "gru": ("X", "W", "R", "B", "sequence_lens", "initial_h"),
    "lstm": ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"),
}
_OUTPUTS = {"rnn": ("Y", "Y_h"), "gru": ("Y", "Y_h"), "lstm": ("Y", "Y_h", "Y_c")}
_DEFAULT_ACTIVATIONS = {"rnn": ["Tanh"], "gru": ["Sigmoid", "Tanh"], "lstm": ["Sigmoid", "Tanh", "Tanh"]}


@dataclass(frozen=True)
class RecurrentNode:
    """One RNN, GRU or LSTM operator.

    position: in the graph, which is in data-flow order.   path: of the module in the user's model.
    tensors: names of its inputs and outputs by their names in the operator, those that it has.
    attributes: the node's own, for running it again.
    """

    position: int
    path: str
    cell: Literal["rnn", "gru", "lstm"]
    directions: tuple[str, ...]
    hidden_size: int | None
    tensors: Mapping[str, str]
    attributes: Mapping[str, Any]
    activations: tuple[NodeActivations, ...]

    @property
    def returned(self) -> tuple[str, ...]:
        """Names of Y, Y_h (and Y_c) in the graph."""
        return tuple(self.tensors[name] for name in _OUTPUTS[self.cell])


def name_outputs(graph: onnx.GraphProto) -> None:
    """Give every output that a recurrent node leaves out a name, so that it can be seen."""
    for position, node in enumerate(graph.node):
        if _is_recurrent(node):
            count = len(_OUTPUTS[_CELLS[node.op_type]])
            names = [*node.output, *[""] * (count - len(node.output))]
            del node.output[:]
            node.output.extend(name or f"rnn_parity/{position}/{k}" for k, name in enumerate(names))


def recurrent_nodes(graph: onnx.GraphProto) -> list[RecurrentNode]:
    """Those of the main graph, in data-flow order."""
    counts = dict.fromkeys(_CELLS, 0)
    nodes = []
    for position, node in enumerate(graph.node):
        if _is_recurrent(node):
            path = module_path(node) or f"{node.op_type.lower()}_{counts[node.op_type]}"
            counts[node.op_type] += 1
            nodes.append(_parsed(position, path, node))
    return nodes


def _parsed(position: int, path: str, node: onnx.NodeProto) -> RecurrentNode:
    cell = _CELLS[node.op_type]
    attributes = {one.name: _value(onnx.helper.get_attribute_value(one)) for one in node.attribute}
    declared = attributes.get("direction", "forward")
    directions = {
        "forward": ("forward",),
        "reverse": ("backward",),
        "bidirectional": ("forward", "backward"),
    }[declared]
    tensors = {name: tensor for name, tensor in zip(_INPUTS[cell], node.input) if tensor}
    tensors.update(zip(_OUTPUTS[cell], node.output))
    names = attributes.get("activations") or _DEFAULT_ACTIVATIONS[cell] * len(directions)
    activations = parse_activations(
        names,
        attributes.get("activation_alpha", ()),
        attributes.get("activation_beta", ()),
        len(directions),
    )
    return RecurrentNode(
        position,
        path,
        cell,
        directions,
        attributes.get("hidden_size"),
        tensors,
        attributes,
        tuple(activations),
    )


def _value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [_value(one) for one in value]
    return value


def module_path(node: onnx.NodeProto) -> str:
    """`encoder.lstm` of a node named `/encoder/lstm/LSTM`, or of the scopes that an exporter recorded."""
    scopes = {entry.key: entry.value for entry in node.metadata_props}.get("pkg.torch.onnx.name_scopes")
    if scopes:
        modules = [str(scope) for scope in ast.literal_eval(scopes)[:-1] if scope]
        if modules:
            return modules[-1]
    parts = [part for part in node.name.split("/") if part]
    if len(parts) > 1 and parts[-1].lower().startswith(node.op_type.lower()):
        parts.pop()
    return ".".join(parts)


def left_out(graph: onnx.GraphProto, ignore: Collection[str]) -> list[LeftOut]:
    """What is recurrent and ignored by name; raises for what cannot be recorded and is not."""
    found = [*refused(graph), *((one.path, one.cell.upper(), "") for one in recurrent_nodes(graph))]
    known = {path for path, _, _ in found}
    for path in ignore:
        if path not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise UnknownModule(
                path, expected=f"a recurrent node of the model: {listed}", found="no such node"
            )
    for path, _, why in found:
        if why and path not in ignore:
            raise UnsupportedModule(path, expected="RNN, GRU or LSTM of ONNX in the main graph", found=why)
    return [
        LeftOut(path, operator, "user", "ignored by the caller")
        for path, operator, _ in found
        if path in ignore
    ]


def refused(graph: onnx.GraphProto) -> Iterator[tuple[str, str, str]]:
    """(path, operator, what it is) of recurrent nodes that cannot be observed."""
    for node in graph.node:
        path = module_path(node) or (node.output[0] if node.output else node.op_type)
        if not _is_recurrent(node) and node.op_type.upper().endswith(tuple(_CELLS)):
            yield path, node.op_type, f"the operator {node.domain}.{node.op_type}"
        for subgraph in _subgraphs(node):
            for inner in _all_nodes(subgraph):
                if inner.op_type.upper().endswith(tuple(_CELLS)):
                    yield (
                        module_path(inner) or path,
                        inner.op_type,
                        f"{inner.op_type} inside the {node.op_type} node {node.name or path}",
                    )


def loops(graph: onnx.GraphProto) -> list[tuple[onnx.NodeProto, Repeated]]:
    """Loop and Scan nodes that carry a float state through a product: recurrences written by hand."""
    found = []
    for node in graph.node:
        if node.op_type in ("Loop", "Scan"):
            inner = {one.op_type for body in _subgraphs(node) for one in _all_nodes(body)}
            if inner & {"MatMul", "Gemm", "Conv", "Einsum"}:
                path = node.name.strip("/").replace("/", ".") or node.output[0]
                found.append((node, Repeated(path, node.op_type, 0)))
    return found


def _is_recurrent(node: onnx.NodeProto) -> bool:
    return node.op_type in _CELLS and node.domain in _STANDARD_DOMAINS


def _subgraphs(node: onnx.NodeProto) -> Iterator[onnx.GraphProto]:
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            yield attribute.g
        elif attribute.type == onnx.AttributeProto.GRAPHS:
            yield from attribute.graphs


def _all_nodes(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    for node in graph.node:
        yield node
        for subgraph in _subgraphs(node):
            yield from _all_nodes(subgraph)

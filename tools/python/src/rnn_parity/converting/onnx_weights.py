"""The recurrent nodes of an ONNX model: their weights, and what their attributes say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import onnx
from google.protobuf.message import DecodeError

from ..case import Array, layer_name
from ..onnx_model import initializers
from ..onnx_nodes import RecurrentNode, loops, recurrent_nodes, refused
from .conversion import Conversion
from .errors import ConversionError
from .tensor import Tensor
from .tensor_files import write_flat_hdf5, write_safetensors

_WEIGHTS = ("W", "R", "B", "P")
_STATES = ("initial_h", "initial_c")


def convert_onnx(source: Path, target: Path, ending: str) -> Conversion:
    """All constants of floats: those that recurrent nodes read as `<node>.W` and so on, others by name.

    ending: of the target. What the nodes' attributes say is its metadata `nodes`, in data-flow order.
    """
    graph = _graph(source)
    constants = initializers(graph)
    try:
        nodes = recurrent_nodes(graph)
    except KeyError as error:
        raise ConversionError(source, expected="a direction that ONNX has", found=str(error)) from error
    if not nodes:
        operators = sorted({node.op_type for node in graph.node})
        raise ConversionError(
            source, expected="RNN, GRU or LSTM nodes", found=", ".join(operators) or "no nodes"
        )
    names = _unique_names(nodes)
    arrays: dict[str, Array] = {}
    taken: set[str] = set()
    for node, name in zip(nodes, names):
        _check(source, node, name, constants)
        for parameter in (*_WEIGHTS, *_STATES):
            stored = node.tensors.get(parameter)
            if stored in constants:
                arrays[f"{name}.{parameter}"] = constants[stored]
                taken.add(stored)
    rest = {name: values for name, values in constants.items() if name not in taken}
    others = {name.lstrip("/"): values for name, values in rest.items() if values.dtype.kind == "f"}
    for name in others.keys() & arrays.keys():
        raise ConversionError(source, expected="a constant of a name that is no weight's", found=name)
    left_out = list(_left_out(graph, dict(zip(names, nodes)), constants))
    if len(rest) > len(others):
        left_out.append(f"{len(rest) - len(others)} constants that are no floats, as shapes and axes")
    tensors = {name: Tensor.of(values) for name, values in {**others, **arrays}.items()}
    metadata = {
        "format": "onnx",
        "nodes": json.dumps([_described(node, name) for node, name in zip(nodes, names)]),
    }
    write = write_safetensors if ending == ".safetensors" else write_flat_hdf5
    write(target, tensors, metadata)
    carried = f"the weights and attributes of {', '.join(names)}, and {len(others)} other arrays"
    return Conversion(target, carried, tuple(left_out))


def _graph(source: Path) -> onnx.GraphProto:
    try:
        return onnx.load(str(source)).graph
    except (DecodeError, OSError, ValueError) as error:
        raise ConversionError(source, expected="an ONNX model and its data", found=str(error)) from error


def _unique_names(nodes: list[RecurrentNode]) -> list[str]:
    """Paths of modules; nodes of one scope are the layers of a stack."""
    scopes = [node.path for node in nodes]
    return [
        layer_name(path, scopes[:index].count(path), scopes.count(path)) for index, path in enumerate(scopes)
    ]


def _check(source: Path, node: RecurrentNode, name: str, constants: Mapping[str, Array]) -> None:
    """What an operator needs is there, and is a constant; its shapes are for who reads the file."""
    for parameter in _WEIGHTS:
        stored = node.tensors.get(parameter)
        if stored is not None and stored not in constants:
            raise ConversionError(
                source, expected=f"{parameter} of {name} as a constant", found="a computed one"
            )
        if stored is None and parameter in ("W", "R"):
            raise ConversionError(source, expected=f"{parameter} of {name}", found="none")


def _described(node: RecurrentNode, name: str) -> dict[str, Any]:
    """Attributes by ONNX's own names."""
    return {"name": name, "op_type": node.cell.upper(), **node.attributes}


def _left_out(
    graph: onnx.GraphProto, nodes: Mapping[str, RecurrentNode], constants: Mapping[str, Array]
) -> Iterator[str]:
    """What has no place in a file of weights, but decides what the model returns."""
    for name, node in nodes.items():
        computed = [one for one in _STATES if one in node.tensors and node.tensors[one] not in constants]
        if computed:
            yield f"{name}: {' and '.join(computed)}, which it is given when it runs"
        if "sequence_lens" in node.tensors:
            yield f"{name}: the lengths of its sequences, which it is given when it runs"
    for path, _, what in refused(graph):
        yield f"{path}: {what}"
    for _, repeated in loops(graph):
        yield f"{repeated.path}: {repeated.class_name}, a recurrence written by hand"
    rest = sorted({node.op_type for node in graph.node} - {"RNN", "GRU", "LSTM", "Constant"})
    if rest:
        yield f"what else the graph computes: {', '.join(rest)}"

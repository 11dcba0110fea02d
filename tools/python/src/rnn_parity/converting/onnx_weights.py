"""The recurrent nodes of an ONNX model: their weights, and what their attributes say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnx
from google.protobuf.message import DecodeError

from ..case import Array, RecordedLayer, RecordedPass, layer_name
from ..onnx_layers import layer_options
from ..onnx_model import initializers
from ..onnx_nodes import RecurrentNode, loops, recurrent_nodes, refused
from .conversion import Conversion
from .described_hdf5 import DescribedLayer, write_described
from .errors import ConversionError
from .onnx_feeds import feeds

_WEIGHTS = ("W", "R", "B", "P")


def convert_onnx(source: Path, target: Path) -> Conversion:
    """All constants: those of recurrent nodes as layers in data-flow order, others by name."""
    model = _model(source)
    graph = model.graph
    constants = initializers(graph)
    try:
        nodes = recurrent_nodes(graph)
    except (KeyError, ValueError) as error:
        raise ConversionError(
            source, expected="attributes that the operators have", found=str(error)
        ) from error
    if not nodes:
        raise ConversionError(source, expected="RNN, GRU or LSTM nodes", found=_operators(graph))
    names = _unique_names(nodes)
    reads = feeds(graph, nodes, names, constants)
    layers = [
        DescribedLayer(_layer(source, node, name, constants), "onnx", reads[name])
        for node, name in zip(nodes, names)
    ]
    taken = {node.tensors[one] for node in nodes for one in _WEIGHTS if one in node.tensors}
    rest = {name: values for name, values in constants.items() if name not in taken}
    others = _by_path(source, {name: values for name, values in rest.items() if values.dtype.kind == "f"})
    left_out = list(_left_out(graph, nodes, constants))
    if len(rest) > len(others):
        left_out.append(f"{len(rest) - len(others)} constants that are no floats, as shapes and axes")
    opset = next((one.version for one in model.opset_import if one.domain in ("", "ai.onnx")), 1)
    write_described(target, f"onnx opset {opset}, {source.name}", layers, others)
    carried = f"{len(layers)} recurrent layers and {len(others)} other arrays"
    return Conversion(target, carried, tuple(left_out))


def _by_path(source: Path, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Names as paths of groups: without empty parts, of which HDF5 has none."""
    named: dict[str, Array] = {}
    for name, values in arrays.items():
        path = "/".join(part for part in name.split("/") if part not in ("", "."))
        clashes = (one for one in named if f"{one}/".startswith(f"{path}/") or path.startswith(f"{one}/"))
        clash = next(clashes, None if path else "a group")
        if clash is not None:
            expected = "names of constants of which none lies in another"
            raise ConversionError(source, expected=expected, found=f"{clash} and {name}")
        named[path] = values
    return named


def _model(source: Path) -> onnx.ModelProto:
    try:
        return onnx.load(str(source))
    except (DecodeError, OSError, ValueError) as error:
        raise ConversionError(source, expected="an ONNX model and its data", found=str(error)) from error


def _operators(graph: onnx.GraphProto) -> str:
    found = sorted({f"{node.op_type}" for node in graph.node})
    return ", ".join(found) or "no nodes"


def _unique_names(nodes: list[RecurrentNode]) -> list[str]:
    """Paths of modules; nodes of one scope are the layers of a stack."""
    scopes = [node.path for node in nodes]
    return [
        layer_name(path, scopes[:index].count(path), scopes.count(path)) for index, path in enumerate(scopes)
    ]


def _layer(source: Path, node: RecurrentNode, name: str, constants: Mapping[str, Array]) -> RecordedLayer:
    tensors: dict[str, Array] = {}
    for one in _WEIGHTS:
        if one in node.tensors:
            if node.tensors[one] not in constants:
                raise ConversionError(
                    source, expected=f"{one} of {name} as a constant", found="a computed one"
                )
            tensors[one] = constants[node.tensors[one]]
    for one in ("W", "R"):
        if one not in tensors or tensors[one].ndim != 3 or len(tensors[one]) != len(node.directions):
            found = str(tensors[one].shape) if one in tensors else "nothing"
            expected = f"{one} of {name} of three axes, the first of {len(node.directions)}"
            raise ConversionError(source, expected=expected, found=found)
    hidden_size = int(tensors["R"].shape[2])
    if node.hidden_size not in (None, hidden_size):
        raise ConversionError(
            source,
            expected=f"hidden_size {node.hidden_size} of {name} as its R has it",
            found=str(hidden_size),
        )
    passes = {
        direction: RecordedPass(weights={one: values[place] for one, values in tensors.items()})
        for place, direction in enumerate(node.directions)
    }
    options = layer_options(node, passes, None)
    return RecordedLayer(
        name=name,
        cell=node.cell,
        hidden_size=hidden_size,
        passes=passes,
        merge_mode="concat" if len(passes) == 2 else None,
        **options,
    )


def _left_out(
    graph: onnx.GraphProto, nodes: list[RecurrentNode], constants: Mapping[str, Array]
) -> Iterator[str]:
    """What has no place in a file of weights, but decides what the model returns."""
    for node in nodes:
        for state in ("initial_h", "initial_c"):
            if state in node.tensors and _is_not_zero(node.tensors[state], constants):
                yield f"{node.path}: its {state}, which the model gives it"
        if "sequence_lens" in node.tensors:
            yield f"{node.path}: the lengths of its sequences, which it is given when it runs"
    for path, _, what in refused(graph):
        yield f"{path}: {what}"
    for _, repeated in loops(graph):
        yield f"{repeated.path}: {repeated.class_name}, a recurrence written by hand"
    rest = sorted({node.op_type for node in graph.node} - {"RNN", "GRU", "LSTM", "Constant"})
    if rest:
        yield f"what else the graph computes: {', '.join(rest)}"


def _is_not_zero(name: str, constants: Mapping[str, Array]) -> bool:
    """Also of a state that is computed, or fed."""
    return name not in constants or bool(np.any(constants[name]))

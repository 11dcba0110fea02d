"""Changes to an ONNX model that leave what it computes alone: tensors made visible, moved or replaced."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

from .case import Array
from .errors import RecordingError
from .perturbation import made_of, movable

_LARGEST = 2.0**60
"""What is larger, infinity above all, is moved no further."""
_LARGEST_MESSAGE = (1 << 31) - (1 << 20)


def loaded(model: Any) -> onnx.ModelProto:
    """The model of a path or a copy of a ModelProto, without local functions."""
    if isinstance(model, onnx.ModelProto):
        read = onnx.ModelProto()
        read.CopyFrom(model)
    else:
        try:
            read = onnx.load(str(model))
        except Exception as error:
            raise RecordingError(str(model), expected="an ONNX model", found=str(error)) from error
    if read.functions:
        from onnx import inliner

        read = inliner.inline_local_functions(read)
    return read


def session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    """A session on the CPU with ONNX Runtime's default options, as the model's user would open one."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    providers = ["CPUExecutionProvider"]
    try:
        if model.ByteSize() < _LARGEST_MESSAGE:
            return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=providers)
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "model.onnx"
            onnx.save_model(model, str(place), save_as_external_data=True, location="weights")
            return onnxruntime.InferenceSession(str(place), options, providers=providers)
    except Exception as error:
        raise RecordingError(
            model.graph.name or "model", expected="a model that ONNX Runtime can run", found=str(error)
        ) from error


def run(
    model: onnx.ModelProto, feeds: Mapping[str, Array], names: Iterable[str] | None = None
) -> dict[str, Array]:
    """The outputs by name."""
    return run_session(session(model), feeds, names)


def run_session(
    opened: onnxruntime.InferenceSession, feeds: Mapping[str, Array], names: Iterable[str] | None = None
) -> dict[str, Array]:
    """The outputs by name; those that are not tensors are left out."""
    wanted = [one.name for one in opened.get_outputs()] if names is None else list(names)
    try:
        values = opened.run(wanted, dict(feeds))
    except Exception as error:
        found = "; ".join(f"{name}: {values.dtype} {values.shape}" for name, values in feeds.items())
        expected = "; ".join(f"{one.name}: {one.type} {one.shape}" for one in opened.get_inputs())
        raise RecordingError("inputs", expected=expected, found=f"{found}: {error}") from error
    return {name: value for name, value in zip(wanted, values) if isinstance(value, np.ndarray)}


def time_major(graph: onnx.GraphProto) -> bool:
    """Rewrite nodes of layout 1, which ONNX Runtime does not run, by transpositions. True if any were."""
    rewritten: list[onnx.NodeProto] = []
    changed = False
    for node in graph.node:
        layout = next((one for one in node.attribute if one.name == "layout" and one.i == 1), None)
        if layout is None or node.op_type not in ("RNN", "GRU", "LSTM"):
            rewritten.append(node)
            continue
        changed = True
        node.attribute.remove(layout)
        outputs = []
        for place in (0, 5, 6):
            if place < len(node.input) and node.input[place]:
                name = f"{node.output[0] or node.name}/time_major/{place}"
                rewritten.append(helper.make_node("Transpose", [node.input[place]], [name], perm=[1, 0, 2]))
                node.input[place] = name
        for place, perm in enumerate(([2, 0, 1, 3], [1, 0, 2], [1, 0, 2])):
            if place < len(node.output) and node.output[place]:
                name = f"{node.output[place]}/time_major"
                outputs.append(helper.make_node("Transpose", [name], [node.output[place]], perm=perm))
                node.output[place] = name
        rewritten += [node, *outputs]
    if changed:
        replace_nodes(graph, rewritten)
    return changed


def replace_nodes(graph: onnx.GraphProto, nodes: Iterable[onnx.NodeProto]) -> None:
    """Give the graph other nodes."""
    copies = []
    for node in nodes:
        copied = onnx.NodeProto()
        copied.CopyFrom(node)
        copies.append(copied)
    del graph.node[:]
    graph.node.extend(copies)


def initializers(graph: onnx.GraphProto) -> dict[str, Array]:
    """Constants by name, those of Constant nodes included."""
    values = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            for attribute in node.attribute:
                if attribute.name == "value":
                    values[node.output[0]] = numpy_helper.to_array(attribute.t)
    return values


def show(graph: onnx.GraphProto, names: Collection[str]) -> None:
    """Make tensors outputs of the graph."""
    shown = {one.name for one in graph.output}
    graph.output.extend(onnx.ValueInfoProto(name=name) for name in dict.fromkeys(names) if name not in shown)


def hide(graph: onnx.GraphProto, names: Collection[str]) -> None:
    """The opposite: what nobody reads is then not computed."""
    kept = [one for one in graph.output if one.name not in names]
    del graph.output[:]
    graph.output.extend(kept)


def parameters_as_inputs(graph: onnx.GraphProto) -> dict[str, Array]:
    """Let those constants be fed that rounding can be at work in, and return them by name."""
    found = {name: values for name, values in initializers(graph).items() if movable(values)}
    stored = {one.name for one in graph.initializer}
    kept = [one for one in graph.node if not (one.op_type == "Constant" and one.output[0] in found)]
    graph.initializer.extend(
        numpy_helper.from_array(values, name) for name, values in found.items() if name not in stored
    )
    replace_nodes(graph, kept)
    declared = {one.name for one in graph.input}
    graph.input.extend(
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(values.dtype), values.shape)
        for name, values in found.items()
        if name not in declared
    )
    return found


def move_results(graph: onnx.GraphProto, observed: Mapping[str, Array]) -> dict[str, Array]:
    """After every operation whose result rounding can be at work in, move it by a share of one unit.

    observed: what was fed, and the results of one run, by name; others are left alone.
    Returns the inputs that the graph has now, each as the most that its elements may be: shares of −1 to 1
    of a unit; of an activation's result (see `made_of`) that share itself.
    They are fed, because ONNX Runtime has no random operators of the later operator sets (22).
    """
    moving: dict[str, Array] = {}
    units = {np.dtype(np.float32): 2.0**-23, np.dtype(np.float64): 2.0**-52}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        nodes.append(node)
        for place, name in enumerate(node.output):
            values = observed.get(name)
            if values is None or values.dtype not in units:
                continue
            fed = observed.get(node.input[0]) if node.input else None
            magnitude = None if fed is None else made_of(node.op_type.lower(), fed)
            if magnitude is None and not movable(values):
                continue
            exact, noise, unit, step, shift = (
                f"{name}/{part}" for part in ("exact", "noise", "unit", "step", "shift")
            )
            node.output[place] = exact
            if magnitude is not None:
                most = np.fmin(np.fmax(np.abs(values), magnitude), _LARGEST) * units[values.dtype]
                moving[noise] = most.astype(values.dtype)
                nodes.append(helper.make_node("Add", [exact, noise], [name]))
                continue
            constant = numpy_helper.from_array(np.array(units[values.dtype], values.dtype))
            moving[noise] = np.ones_like(values)
            nodes += [
                helper.make_node("Constant", [], [unit], value=constant),
                helper.make_node("Mul", [exact, unit], [step]),
                helper.make_node("Mul", [step, noise], [shift]),
                helper.make_node("Add", [exact, shift], [name]),
            ]
    replace_nodes(graph, nodes)
    graph.input.extend(
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(values.dtype), values.shape)
        for name, values in moving.items()
    )
    return moving


def tensor_names(graph: onnx.GraphProto) -> list[str]:
    """Results of all nodes of the main graph."""
    return [name for node in graph.node for name in node.output if name]

"""Lets the consumers of recurrent nodes read what another recording holds in place of their results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import onnx
from onnx import helper

from .case import Array
from .given import Pin
from .onnx_model import replace_nodes
from .onnx_nodes import RecurrentNode


def pin(
    graph: onnx.GraphProto, nodes: Sequence[RecurrentNode], pins: Sequence[Pin]
) -> tuple[list[RecurrentNode], dict[str, Array]]:
    """Change the graph; the nodes' own results get other names.

    Returns the nodes with those names, and what to feed.
    """
    feeds: dict[str, Array] = {}
    renamed: list[RecurrentNode] = []
    inserted: dict[int, list[onnx.NodeProto]] = {}
    for node, pinned in zip(nodes, pins):
        tensors = dict(node.tensors)
        for name, (values, valid) in _read(pinned).items():
            public = tensors[name]
            tensors[name] = f"rnn_parity/own/{public}"
            outputs = graph.node[node.position].output
            outputs[list(outputs).index(public)] = tensors[name]
            reader, fed = _reader(public, tensors[name], values, valid)
            inserted.setdefault(node.position, []).append(reader)
            feeds.update(fed)
        renamed.append(replace(node, tensors=tensors))
    replace_nodes(
        graph,
        [
            one
            for position, original in enumerate(graph.node)
            for one in (original, *inserted.get(position, []))
        ],
    )
    graph.input.extend(
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
        for name, array in feeds.items()
    )
    return renamed, feeds


def _read(pinned: Pin) -> dict[str, tuple[Array, Array | None]]:
    """Values and masks as the operator returns them: Y (T, D, B, H), Y_h and Y_c (D, B, H)."""
    valid = pinned.valid
    steps = None if valid is None else valid[:, None, :, None]
    ran = None if valid is None else np.asarray(valid.any(axis=0))[None, :, None]
    found: dict[str, tuple[Array, Array | None]] = {"Y": (pinned.h.swapaxes(0, 1), steps)}
    if pinned.final_h is not None:
        found["Y_h"] = (pinned.final_h, ran)
    if pinned.final_c is not None:
        found["Y_c"] = (pinned.final_c, ran)
    return found


def _reader(
    public: str, own: str, values: Array, valid: Array | None
) -> tuple[onnx.NodeProto, dict[str, Array]]:
    given, mask = f"rnn_parity/given/{public}", f"rnn_parity/valid/{public}"
    feeds = {given: np.ascontiguousarray(values)}
    if valid is None:
        return helper.make_node("Identity", [given], [public]), feeds
    feeds[mask] = np.ascontiguousarray(valid)
    return helper.make_node("Where", [mask, given, own], [public]), feeds

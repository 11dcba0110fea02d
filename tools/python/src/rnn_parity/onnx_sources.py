"""Where an initial state of an ONNX node comes from: given, carried from another node, or computed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import onnx

from .case import Source

_MOVES = frozenset(
    ("Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Slice")
    + ("Gather", "Transpose", "Concat", "Expand", "Split", "Tile")
)
"""Operators that put values elsewhere and compute none."""
_CONSTANTS = frozenset(("Constant", "ConstantOfShape"))


def source_of(
    graph: onnx.GraphProto, names: Collection[str], carriers: Collection[str], stored: Mapping[str, object]
) -> Source | None:
    """names: the tensors of the state.   carriers: Y_h and Y_c of recorded nodes.

    stored: constants and model inputs.
    """
    producers = {output: node for node in graph.node for output in node.output}
    kinds = {_kind(name, producers, set(carriers), set(stored)) for name in names}
    kind: Source
    for kind in ("computed", "carried", "given"):
        if kind in kinds:
            return kind
    return None


def _kind(name: str, producers: Mapping[str, onnx.NodeProto], carriers: set[str], stored: set[str]) -> Source:
    if name in carriers:
        return "carried"
    if name in stored or name not in producers:
        return "given"
    node = producers[name]
    if node.op_type in _CONSTANTS:
        return "given"
    if node.op_type not in _MOVES:
        return "computed"
    moved = list(node.input) if node.op_type == "Concat" else list(node.input[:1])
    kinds = {_kind(one, producers, carriers, stored) for one in moved}
    return "computed" if "computed" in kinds else "carried" if "carried" in kinds else "given"

"""One recurrent node as a recorded layer, from the values that its tensors had in a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from .case import Array, RecordedLayer, RecordedPass, Source, States
from .onnx_nodes import RecurrentNode
from .onnx_steps import stepped

_LARGEST_CLIP = 3e38
"""ONNX Runtime's clip where there is none is the largest Float32."""


def recorded_layer(
    node: RecurrentNode, values: Mapping[str, Array], source: Source | None, opset: int, *, stepping: bool
) -> RecordedLayer:
    """values: X (T, B, I), Y (T, D, B, H), Y_h (D, B, H) and so on, by the operator's names.

    stepping: whether c of every step is wanted.
    The c of each step, which the operator does not return, comes from running the node with T = 1. Where
    that gives an h with other bits, `h` is the stepped one and `output` the returned one.
    """
    sequence, output = values["X"], values["Y"]
    lengths = values.get("sequence_lens")
    if lengths is not None and (lengths >= len(sequence)).all():
        lengths = None
    states: list[States | None] = [None] * len(node.directions)
    if node.cell == "lstm" and stepping:
        states = list(stepped(node, values, opset))
    passes = {
        direction: RecordedPass(
            weights={one: values[one][place] for one in ("W", "R", "B", "P") if one in values},
            h=_stepped_h(states[place], output[:, place]),
            c=None if (own := states[place]) is None else own.c,
            initial=_states(values.get("initial_h"), values.get("initial_c"), place),
            final=_states(values["Y_h"], values.get("Y_c"), place),
            source=source,
        )
        for place, direction in enumerate(node.directions)
    }
    return RecordedLayer(
        name=node.path,
        module=node.path,
        cell=node.cell,
        hidden_size=int(values["R"].shape[2]),
        passes=passes,
        input=sequence,
        output=np.concatenate(list(output.swapaxes(0, 1)), axis=2),
        lengths=lengths,
        merge_mode="concat" if len(passes) == 2 else None,
        **_options(node, passes, lengths),
    )


def _stepped_h(states: States | None, returned: Array) -> Array | None:
    if states is None or states.h is None or states.h.tobytes() == returned.tobytes():
        return returned
    return states.h


def _states(h: Array | None, c: Array | None, place: int) -> States | None:
    if h is None and c is None:
        return None
    return States(None if h is None else h[place], None if c is None else c[place])


def _options(node: RecurrentNode, passes: dict[str, RecordedPass], lengths: Array | None) -> dict[str, Any]:
    """Attributes as fields of a layer; what differs in the backward pass goes into `passes`."""
    attributes, unknown = node.attributes, {}
    for direction, own in zip(node.directions, node.activations):
        unknown.update({f"{direction} {letter}": found for letter, found in own.unknown.items()})
    clip = attributes.get("clip")
    options: dict[str, Any] = {
        **_functions(node, 0),
        "clip": clip if clip is not None and 0 < clip < _LARGEST_CLIP else None,
        "other_options": unknown,
        "empty_final": _empty_final(lengths),
    }
    if node.cell == "gru":
        options["reset_after"] = bool(attributes.get("linear_before_reset", 0))
    if node.cell == "lstm" and attributes.get("input_forget", 0):
        options["input_forget"] = True
    if len(node.directions) == 2 and node.activations[0] != node.activations[1]:
        passes["backward"] = replace(passes["backward"], **_functions(node, 1))
    return options


def _functions(node: RecurrentNode, place: int) -> dict[str, Any]:
    functions = node.activations[place].functions
    if node.cell == "rnn":
        return {"activation": functions[0]}
    named = {"recurrent_activation": functions[0], "activation": functions[1]}
    if node.cell == "lstm" and functions[2] != functions[1]:
        named["output_activation"] = functions[2]
    return named


def _empty_final(lengths: Array | None) -> Literal["zeros"] | None:
    return "zeros" if lengths is not None and (lengths == 0).any() else None

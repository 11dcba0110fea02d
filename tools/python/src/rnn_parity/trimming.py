"""Keeps a few steps and sequences of a case, so that a bug report has a small file.

A layer keeps its first steps and sequences. Its backward pass then starts in the middle: from the state
that the run had there. Its forward pass ends in the middle, where nothing was returned. The model's own
inputs and outputs have axes of any meaning, so they are left out, and the file says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from .case import Array, Calls, Case, ModelRecord, RecordedLayer, RecordedPass, Reference, States
from .spread import BoundarySpread, Spread


def trimmed(case: Case, trim: tuple[int, int] | int) -> Case:
    """`case` with at most the first (steps, sequences) of every layer."""
    steps, sequences = (trim, trim) if isinstance(trim, int) else trim
    if steps < 1 or sequences < 1:
        raise ValueError(f"trim: expected at least one step and one sequence, found {(steps, sequences)}")
    return replace(
        case,
        input=_cut(case.input, steps, sequences),
        mask=_cut(case.mask, steps, sequences),
        lengths=_lengths(case.lengths, steps, sequences),
        references=tuple(_reference(reference, steps, sequences) for reference in case.references),
    )


def _reference(reference: Reference, steps: int, sequences: int) -> Reference:
    model = reference.model or ModelRecord()
    spread = model.spread and _spread(model.spread, steps, sequences)
    return replace(
        reference,
        layers=tuple(_layer(layer, steps, sequences) for layer in reference.layers),
        model=replace(model, inputs={}, outputs={}, spread=spread, trimmed=(steps, sequences)),
    )


def _layer(layer: RecordedLayer, steps: int, sequences: int) -> RecordedLayer:
    if layer.calls.kind == "single":
        calls = layer.calls
    else:
        limit = steps if layer.calls.kind == "chained" else sequences
        calls = Calls(layer.calls.kind, _sizes(layer.calls.sizes, limit))
    return replace(
        layer,
        input=_cut(layer.input, steps, sequences),
        output=_cut(layer.output, steps, sequences),
        mask=_cut(layer.mask, steps, sequences),
        lengths=_lengths(layer.lengths, steps, sequences),
        passes={name: _pass(layer, name, steps, sequences) for name in layer.passes},
        calls=calls,
    )


def _pass(layer: RecordedLayer, name: str, steps: int, sequences: int) -> RecordedPass:
    recorded = layer.passes[name]
    initial, final = recorded.initial, recorded.final
    if steps < layer.extent[0]:
        if name == "backward":
            initial = _entering(layer, recorded, steps)
        else:
            final = None
    return replace(
        recorded,
        h=_cut(recorded.h, steps, sequences),
        c=_cut(recorded.c, steps, sequences),
        initial=_first(initial, sequences),
        final=_first(final, sequences),
    )


def _entering(layer: RecordedLayer, recorded: RecordedPass, steps: int) -> States | None:
    """The state before the backward step `steps - 1`: that of the first valid step from there on."""
    valid = layer.valid
    valid = np.ones(layer.extent, np.bool_) if valid is None else valid
    later = valid[steps:]
    position = steps + later.argmax(axis=0)
    ran = np.asarray(later.any(axis=0))[:, None]

    def at(states: Array | None, initial: Array | None) -> Array | None:
        if states is None:
            return initial
        shown = states[position, np.arange(states.shape[1])]
        return np.where(ran, shown, np.zeros_like(shown) if initial is None else initial)

    before = recorded.initial or States()
    h = recorded.h
    if h is None and layer.output is not None and layer.merge_mode in (None, "concat"):
        h = np.split(layer.output, len(layer.passes), axis=2)[-1]
    return States(at(h, before.h), at(recorded.c, before.c))


def _first(states: States | None, sequences: int) -> States | None:
    if states is None:
        return None
    return States(*(None if values is None else values[:sequences] for values in (states.h, states.c)))


def _cut(values: Array | None, steps: int, sequences: int) -> Array | None:
    return None if values is None else values[:steps, :sequences]


def _lengths(lengths: Array | None, steps: int, sequences: int) -> Array | None:
    return None if lengths is None else np.minimum(lengths[:sequences], steps)


def _sizes(sizes: tuple[int, ...], limit: int) -> tuple[int, ...]:
    kept: list[int] = []
    for size in sizes:
        if limit <= 0:
            break
        kept.append(min(size, limit))
        limit -= size
    return tuple(kept)


def _spread(spread: Spread, steps: int, sequences: int) -> Spread:
    def cut(path: str, boundary: BoundarySpread) -> BoundarySpread:
        limits = (steps, sequences) if path.endswith("/input") else (sequences,)
        axes = (axis[: limits[i]] if i < len(limits) else axis for i, axis in enumerate(boundary.axes))
        return replace(boundary, axes=tuple(axes))

    def layers(boundaries: Mapping[str, BoundarySpread]) -> dict[str, BoundarySpread]:
        return {path: cut(path, own) for path, own in boundaries.items() if path.startswith("layers/")}

    return replace(spread, boundaries=layers(spread.boundaries), held=layers(spread.held))

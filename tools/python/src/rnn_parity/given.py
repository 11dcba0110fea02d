"""What another recording holds of a call: what pinned runs return in place of their own results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .arrangement import Arrangement, Part
from .case import Array, Case, RecordedLayer, Reference
from .errors import RecordingError
from .pairing import pair_layers


@dataclass(frozen=True)
class Pin:
    """What the model reads in place of one call's results.

    h: (D, T, B, S), forward first, as the layer returned it.
    final_h, final_c: (D, B, ·); None where the model carries its own state on, or has none.
    valid: (T, B) bool, None where all steps are; at the others the model reads its own values.
    """

    h: Array
    final_h: Array | None
    final_c: Array | None
    valid: Array | None


def given_reference(given: Case | Reference | str | Path) -> tuple[Reference, str]:
    """The (first) reference that is given, and how the file names it."""
    if isinstance(given, Reference):
        return given, given.name
    if isinstance(given, Case):
        return given.references[0], f"{given.references[0].name} of {given.case}"
    reference = Case.load(given).references[0]
    return reference, f"{reference.name} in {Path(given).name}"


def pins(arrangement: Arrangement, convention: str, other: Reference) -> list[Pin]:
    """For each call what `other` has of it."""
    layers: Sequence[RecordedLayer] = arrangement.recorded
    order = pair_layers(layers, other.layers, (convention, other.convention))
    return [_pin(other.layers[order[part.layer]], part) for part in arrangement.parts()]


def _pin(layer: RecordedLayer, part: Part) -> Pin:
    directions = range(len(layer.passes))
    valid = layer.valid

    def finals(letter: str) -> Array:
        return np.stack([_final(layer, place, letter)[part.sequences] for place in directions])

    return Pin(
        np.stack([_states(layer, place)[part.steps, part.sequences] for place in directions]),
        finals("h") if part.ends else None,
        finals("c") if part.ends and layer.cell == "lstm" else None,
        None if valid is None else valid[part.steps, part.sequences],
    )


def _states(layer: RecordedLayer, place: int) -> Array:
    """h of one direction, (T, B, S), as the layer returned it where that can be seen."""
    recorded = list(layer.passes.values())[place]
    if layer.output is not None and (len(layer.passes) == 1 or layer.merge_mode in (None, "concat")):
        return np.split(layer.output, len(layer.passes), axis=2)[place]
    if recorded.h is None:
        raise RecordingError(
            layer.name, expected="states of every step in given=", found="merged outputs only"
        )
    return recorded.h


def _final(layer: RecordedLayer, place: int, letter: str) -> Array:
    """(B, ·): as returned, else the state after the last valid step in processing order."""
    direction, recorded = list(layer.passes.items())[place]
    returned = None if recorded.final is None else getattr(recorded.final, letter)
    if returned is not None:
        return np.asarray(returned)
    states = _states(layer, place) if letter == "h" else recorded.c
    if states is None:
        raise RecordingError(layer.name, expected="c of every step, or the last, in given=", found="neither")
    valid = np.ones(layer.extent, bool) if layer.valid is None else layer.valid
    last = len(valid) - 1 - valid[::-1].argmax(axis=0) if direction == "forward" else valid.argmax(axis=0)
    final: Array = states[last, np.arange(states.shape[1])]
    return final

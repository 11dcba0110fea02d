"""Returns, in place of what recurrent calls computed, what another recording has of them.

Then every boundary is judged alone: whatever a chaotic layer upstream does, both models read the same.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .case import Array, Case, RecordedLayer, Reference
from .errors import RecordingError
from .pytorch_layers import Arrangement
from .pytorch_observation import ObservedCall

Replacement = Callable[[int, ObservedCall], "tuple[Tensor, tuple[Tensor, ...]] | None"]


def given_reference(given: Case | Reference | str | Path) -> tuple[Reference, str]:
    """The (first) reference that is given, and how the file names it."""
    if isinstance(given, (str, Path)):
        case = Case.load(given)
        return case.references[0], f"{case.references[0].name} in {Path(given).name}"
    if isinstance(given, Case):
        return given.references[0], f"{given.references[0].name} of {given.case}"
    return given, given.name


def replacement(own: Arrangement, other: Reference) -> Replacement:
    """What to return for each call: the part of `other` that it had, paired by name or by order."""
    layers = _paired(own.recorded, other)
    places = own.places()

    def replace(index: int, call: ObservedCall) -> tuple[Tensor, tuple[Tensor, ...]] | None:
        first, count, steps, batch, ends = places[index]
        last = layers[first + count - 1]
        output = _output(last)[steps, batch]
        like = call.output
        shown = torch.as_tensor(np.ascontiguousarray(output)).to(like)
        if not ends:
            # What a chain passes on stays its own: its steps are judged from the states before them.
            return None if call.operator.is_cell else (shown, call.final)
        return shown, _finals(layers[first : first + count], call, batch) or call.final

    return replace


def _paired(own: list[RecordedLayer], other: Reference) -> list[RecordedLayer]:
    if len(own) != len(other.layers):
        raise RecordingError(
            "given",
            expected=f"{len(own)} recurrent layers, as here",
            found=f"{len(other.layers)} in {other.name}",
        )
    named = {layer.name: layer for layer in other.layers}
    by_name = all(layer.name in named for layer in own)
    paired = [named[layer.name] if by_name else other.layers[index] for index, layer in enumerate(own)]
    for mine, theirs in zip(own, paired):
        wanted = (mine.cell, mine.direction, *mine.extent, mine.hidden_size)
        found = (theirs.cell, theirs.direction, *theirs.extent, theirs.hidden_size)
        if wanted != found:
            raise RecordingError(
                mine.name,
                expected=f"(cell, direction, T, B, H) {wanted} in given=",
                found=f"{found} at {theirs.name}",
            )
    return paired


def _output(layer: RecordedLayer) -> Array:
    if layer.output is not None:
        return layer.output
    halves = [recorded.h for recorded in layer.passes.values() if recorded.h is not None]
    if len(halves) != len(layer.passes):
        raise RecordingError(layer.name, expected="an output or states in given=", found="neither")
    return np.concatenate(halves, axis=2)


def _finals(layers: list[RecordedLayer], call: ObservedCall, batch: slice) -> tuple[Tensor, ...] | None:
    finals = [recorded.final for layer in layers for recorded in layer.passes.values()]
    found = []
    for letter, own in zip(("h", "c"), call.final):
        rows = [None if final is None else getattr(final, letter) for final in finals]
        present = [row[batch] for row in rows if row is not None]
        if len(present) != len(rows):
            return None
        found.append(torch.as_tensor(np.stack(present)).to(own))
    return tuple(found)

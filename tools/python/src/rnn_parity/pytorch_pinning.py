"""Returns, in place of what recurrent calls computed, what another recording has of them.

Then every boundary is judged alone: whatever a chaotic layer upstream does, both models read the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from .case import Array, RecordedLayer, Reference
from .errors import RecordingError
from .pairing import pair_layers
from .pytorch_layers import Arrangement
from .pytorch_observation import ObservedCall

Replacement = Callable[[int, ObservedCall], "tuple[Tensor, tuple[Tensor, ...]] | None"]


def replacement(own: Arrangement, other: Reference) -> Replacement:
    """What to return for each call: the part of `other` that it had, paired as `join` pairs them."""
    order = pair_layers(own.recorded, other.layers, ("pytorch", other.convention))
    layers = [other.layers[index] for index in order]
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


def held(calls: Sequence[ObservedCall]) -> Replacement:
    """What each call of an earlier run returned to the model, hooks of its module included."""

    def replace(index: int, call: ObservedCall) -> tuple[Tensor, tuple[Tensor, ...]] | None:
        return (calls[index].output, calls[index].final) if index < len(calls) else None

    return replace


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

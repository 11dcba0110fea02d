"""Where an initial state comes from, for frameworks whose arrays do not show what memory they share."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .case import Array, Source, States


class Origins:
    """Tells states that the caller gave from those that the model computed, by their bits.

    known: the model's inputs, parameters and buffers.
    """

    def __init__(self, known: Iterable[Array]) -> None:
        self._known = [np.asarray(array) for array in known]
        self._returned: list[Array] = []

    def remember(self, *finals: States | None) -> None:
        """States that a recorded call returned."""
        for final in finals:
            if final is not None:
                self._returned += [values for values in (final.h, final.c) if values is not None]

    def of(self, state: States | None) -> Source | None:
        """None where no state was passed."""
        if state is None:
            return None
        kinds = {self._of(values) for values in (state.h, state.c) if values is not None}
        kind: Source
        for kind in ("computed", "carried"):
            if kind in kinds:
                return kind
        return "given"

    def _of(self, values: Array) -> Source:
        if not values.any() or any(_holds(array, values) for array in self._known):
            return "given"
        return "carried" if any(_holds(array, values) for array in self._returned) else "computed"


def _holds(array: Array, values: Array) -> bool:
    """Whether `values` are `array`, or a part of it at one index of its first axes."""
    if array.dtype != values.dtype or array.shape[-1:] != values.shape[-1:]:
        return False
    if array.ndim == 1 and values.ndim > 1:  # A learned state, repeated for every sequence.
        return bool(np.all(values == array))
    if array.size < values.size:
        return False
    if array.size == values.size:
        return array.tobytes() == values.tobytes()
    if array.ndim <= values.ndim or array.shape[-values.ndim :] != values.shape:
        return False
    parts = array.reshape(-1, *values.shape)
    return any(part.tobytes() == values.tobytes() for part in parts)

"""Every step of a layer whose call did not show every step.

The user's own cells run once more, in the framework's own scan, on what the layer was given. On a
CPU the TensorFlow backend gives the very bits of the call; where a fused kernel gave others, these
are one honest step each, and the judge holds both together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..case import Array, States
from .cells import Cell
from .framework import Framework


class _AllStates:
    """A stack of cells as one cell, whose output is all of their new states."""

    def __init__(self, framework: Framework, cells: Sequence[Cell]) -> None:
        self._framework = framework
        self._cells = cells
        self.state_size = [cell.hidden_size for cell in cells for _ in range(cell.state_count)]
        self.output_size = sum(self.state_size)
        self.compute_dtype = cells[0].object.compute_dtype

    def call(self, inputs: Any, states: Sequence[Any]) -> tuple[Any, list[Any]]:
        new: list[Any] = []
        for cell in self._cells:
            own = list(states[len(new) : len(new) + cell.state_count])
            inputs, returned = cell.object(inputs, own)
            new += self._framework.flatten(returned)
        return self._framework.concatenate(new), new

    __call__ = call


def stepped(
    framework: Framework,
    layer: Any,
    cells: Sequence[Cell],
    sequences: Array,
    mask: Array | None,
    initial: Sequence[States] | None,
) -> list[States]:
    """The states (T, B, H) of every cell, in input time; at masked steps they may be anything.

    layer: an RNN layer; its direction and its types are taken.
    sequences: (B, T, I). mask: (B, T). initial: one state (B, H) for each cell.
    """
    probe = framework.rnn(
        _AllStates(framework, cells),
        return_sequences=True,
        go_backwards=layer.go_backwards,
        zero_output_for_mask=True,
        dtype=layer.dtype_policy,
        name="every_step",
    )
    dtype = cells[0].object.compute_dtype
    states = initial or [
        States(zeros := np.zeros((len(sequences), cell.hidden_size), np.float32), zeros) for cell in cells
    ]
    flat = [
        framework.to_tensor(array, dtype)
        for cell, state in zip(cells, states)
        for array in (state.h, state.c)[: cell.state_count]
        if array is not None
    ]
    returned = framework.to_array(
        probe.call(
            framework.to_tensor(sequences, dtype),
            initial_state=flat,
            mask=None if mask is None else framework.to_tensor(mask),
            training=False,
        )
    )
    steps = np.swapaxes(returned, 0, 1)
    if layer.go_backwards:
        steps = steps[::-1]
    found, start = [], 0
    for cell in cells:
        parts = []
        for _ in range(cell.state_count):
            parts.append(np.ascontiguousarray(steps[:, :, start : start + cell.hidden_size]))
            start += cell.hidden_size
        found.append(States(*parts))
    return found

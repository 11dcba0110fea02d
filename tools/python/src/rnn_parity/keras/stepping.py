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


def stepped_whole(
    framework: Framework, layer: Any, cell: Cell, sequences: Array, initial: Sequence[States] | None
) -> list[States]:
    """The states (T, B, H) in input time, by the layer's own loop over one step at a time.

    Where that is a fused function which computes more exactly than the layer's cell.
    sequences: (B, T, I), none of it masked.   initial: one state (B, H).
    """
    dtype = cell.object.compute_dtype
    state = _flat(framework, [cell], initial, len(sequences))
    order = range(sequences.shape[1])
    found: list[States] = [States()] * len(order)
    for step in reversed(order) if layer.go_backwards else order:
        fed = framework.to_tensor(sequences[:, step : step + 1], dtype)
        _, _, state = layer.inner_loop(fed, list(state), None, training=False)
        found[step] = States(*(framework.to_array(each) for each in state))
    cs = [each.c for each in found if each.c is not None]
    return [States(np.stack([each.h for each in found if each.h is not None]), np.stack(cs) if cs else None)]


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
    flat = _flat(framework, cells, initial, len(sequences))
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


def _flat(
    framework: Framework, cells: Sequence[Cell], initial: Sequence[States] | None, batch: int
) -> list[Any]:
    """The states of all cells as tensors (B, H); zeros where none are given."""
    states = initial or [
        States(zeros := np.zeros((batch, cell.hidden_size), np.float32), zeros) for cell in cells
    ]
    return [
        framework.to_tensor(array, cell.object.compute_dtype)
        for cell, state in zip(cells, states)
        for array in (state.h, state.c)[: cell.state_count]
        if array is not None
    ]

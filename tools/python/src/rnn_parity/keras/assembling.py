"""From one call of a recurrent layer to layers of the format: what it returned, and every step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import numpy as np

from ..case import Array, RecordedLayer, RecordedPass, States
from .arguments import Arguments, Half, Pair, is_time_major
from .cells import Cell
from .framework import Framework
from .narrowing import Narrowing
from .paths import Paths
from .stepping import stepped, stepped_whole


class Assembly:
    """Makes layers of calls.

    stepping: whether to run the cells again for the steps that a call does not show.
    unseeing: while it lasts, what runs is not taken for a call of the model's.
    """

    def __init__(
        self,
        framework: Framework,
        paths: Paths,
        arguments: Arguments,
        stepping: bool,
        unseeing: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._framework = framework
        self._paths = paths
        self._arguments = arguments
        self._stepping = stepping
        self._unseeing = unseeing
        self._narrowing = Narrowing()

    def complete(self, half: Half, returned: Any) -> None:
        """Add what the layer returned, and the steps that this does not show."""
        framework, layer = self._framework, half.layer
        states: list[Any] = []
        if layer.return_state:
            returned, *states = returned
        output = framework.to_array(returned)
        if layer.return_sequences:
            half.sequence = np.swapaxes(output, 0, 1) if is_time_major(layer) else output
        if not states and layer.stateful:
            states = framework.states(layer) or []
        if states:
            half.final = list(self._arguments.states(half.cells, framework.flatten(states)))
        else:
            half.final = [None] * len(half.cells)
            if not layer.return_sequences and _is_last_state(half):
                half.final[-1] = States(output)
        self._step(half)

    def _step(self, half: Half) -> None:
        shown = half.sequence is not None and [cell.kind for cell in half.cells] in (
            ["rnn"],
            ["gru"],
        )
        is_stepped = self._stepping or len(half.cells) > 1  # what the upper cells read is a boundary
        may_narrow = self._stepping and self._framework.narrows(half.cells[0].object.compute_dtype)
        if not is_stepped or half.dropout or (shown and not may_narrow):
            return
        with self._unseeing():
            steps = stepped(self._framework, half.layer, half.cells, half.input, half.mask, half.initial)
            half.is_narrow = may_narrow and _ran_by_cells(half, steps)
            if may_narrow and not half.is_narrow:
                own = half.layer, half.cells[0], half.input, half.initial
                steps = stepped_whole(self._framework, *own)
        half.steps = None if shown else steps

    def calls(self, half: Half, layer: Any) -> list[RecordedLayer]:
        """The layers of one call."""
        calls = self._calls(half, layer)
        return self._narrowed(calls) if half.is_narrow else calls

    def cell_call(self, cell: Cell, layer: RecordedLayer) -> RecordedLayer:
        """The layer of one step that was taken by hand, by the cell alone."""
        return self._narrowing.layer(layer) if self._framework.narrows(cell.object.compute_dtype) else layer

    def _narrowed(self, calls: list[RecordedLayer]) -> list[RecordedLayer]:
        return [self._narrowing.layer(call) for call in calls]

    def _calls(self, half: Half, layer: Any, prefix: str = "") -> list[RecordedLayer]:
        """One for each cell: in a stack, an upper one reads the stepped states of the lower."""
        backward = bool(half.layer.go_backwards)
        sequence = None if half.sequence is None else np.swapaxes(half.sequence, 0, 1)
        if sequence is not None and backward:
            sequence = sequence[::-1]
        fed = np.swapaxes(half.input, 0, 1)
        calls: list[RecordedLayer] = []
        for index, cell in enumerate(half.cells):
            is_last = index == len(half.cells) - 1
            steps = None if half.steps is None else half.steps[index]
            if steps is None and is_last and sequence is not None:
                steps = States(sequence)
            run = RecordedPass(
                weights=half.weights[index],
                h=None if steps is None else steps.h,
                c=None if steps is None else steps.c,
                initial=None if half.initial is None else half.initial[index],
                final=half.final[index],
            )
            part = [prefix] if prefix else []
            part += [f"l{index}"] if len(half.cells) > 1 else []
            path = self._paths.path(layer)
            calls.append(
                self.layer(
                    cell,
                    path,
                    ".".join([path, *part]),
                    {"backward" if backward else "forward": run},
                    fed,
                    sequence if is_last else None,
                    None if half.mask is None else half.mask.T,
                    half.dropout,
                )
            )
            if steps is None or steps.h is None:
                break  # what the upper ones read was not shown, and cannot be found again
            fed = steps.h
        return calls

    def pair_calls(self, pair: Pair, returned: Any) -> list[RecordedLayer]:
        """One call of both halves where the format has one, else those of each half."""
        layer = pair.layer
        forward, backward = pair.halves.values()
        output = self._merged(pair, returned)
        upper = self._calls(forward, layer, "forward")
        lower = self._calls(backward, layer, "backward")
        is_one = _are_halves(forward, backward) and upper[0].precision == lower[0].precision
        if not is_one or forward.is_narrow != backward.is_narrow:
            upper = self._narrowed(upper) if forward.is_narrow else upper
            return upper + (self._narrowed(lower) if backward.is_narrow else lower)
        (one,), (other,) = upper, lower
        calls = [
            replace(
                one,
                name=self._paths.path(layer),
                passes={**one.passes, "backward": self._overriding(one, other)},
                output=output,
                merge_mode=layer.merge_mode or "concat",
                other_options={**one.other_options, **other.other_options},
            )
        ]
        return self._narrowed(calls) if forward.is_narrow else calls

    def _overriding(self, one: RecordedLayer, other: RecordedLayer) -> RecordedPass:
        """The backward half, with its own activations where they are not the forward half's."""
        own = other.passes["backward"]
        if other.activation != one.activation:
            own = replace(own, activation=other.activation)
        if other.recurrent_activation != one.recurrent_activation:
            own = replace(own, recurrent_activation=other.recurrent_activation)
        return own

    def layer(
        self,
        cell: Cell,
        module: str,
        name: str,
        passes: dict[str, RecordedPass],
        fed: Array,
        output: Array | None,
        mask: Array | None,
        dropout: dict[str, float],
    ) -> RecordedLayer:
        """One layer of the format: fed (T, B, I), output (T, B, ·) and mask (T, B), in input time."""
        lengths, mask = _lengths(mask)
        empty = (mask is not None and not mask.any(axis=0).all()) or (
            lengths is not None and not lengths.all()
        )
        return RecordedLayer(
            name=name,
            module=module,
            cell=cell.kind,
            hidden_size=cell.hidden_size,
            passes=passes,
            input=fed,
            output=output,
            lengths=lengths,
            mask=mask,
            activation=cell.activation,
            recurrent_activation=cell.recurrent_activation,
            reset_after=cell.reset_after,
            precision=self._precision(cell),
            empty_final="initial" if empty else None,
            other_options=dict(dropout),
        )

    def _merged(self, pair: Pair, returned: Any) -> Array | None:
        """The layer's own output (T, B, ·). A merge mode of None returns two: side by side."""
        layer = pair.layer
        forward, backward = pair.halves.values()
        tensors = self._framework.flatten(returned)
        count = 1 if layer.merge_mode else 2
        outputs = [self._framework.to_array(tensor) for tensor in tensors[:count]]
        if is_time_major(forward.layer) and layer.return_sequences:
            outputs = [np.swapaxes(output, 0, 1) for output in outputs]
        if not forward.final:
            self._complete_pair(pair, outputs, tensors[count:])
        if not layer.return_sequences:
            return None
        return np.swapaxes(np.concatenate(outputs, axis=-1), 0, 1)

    def _complete_pair(self, pair: Pair, outputs: list[Array], states: list[Any]) -> None:
        """Where one kernel ran both halves: what of its output is whose."""
        merge_mode, halves = pair.layer.merge_mode, list(pair.halves.values())
        if merge_mode == "concat":
            outputs = np.split(outputs[0], [halves[0].cells[-1].hidden_size], axis=-1)
        middle = len(states) // 2
        for half, output, own in zip(halves, outputs * 2, (states[:middle], states[middle:])):
            if merge_mode in ("concat", None) and pair.layer.return_sequences:
                half.sequence = output[:, ::-1] if half.layer.go_backwards else output
            half.final = list(self._arguments.states(half.cells, own)) if own else [None] * len(half.cells)
            self._step(half)

    def _precision(self, cell: Cell) -> str | None:
        """What the policy declares; None where the types that are stored say it."""
        compute, variable = str(cell.object.compute_dtype), str(cell.object.variable_dtype)
        if compute != variable:
            return f"mixed-{compute}"
        if compute == "float32":
            return "tf32" if self._framework.uses_tf32() else None
        return None if compute == "float64" else compute


def _lengths(mask: Array | None) -> tuple[Array | None, Array | None]:
    """A mask (T, B) as lengths (B) where it is valid first and then not; neither where all is."""
    if mask is None or mask.all():
        return None, None
    lengths = mask.sum(axis=0)
    if np.array_equal(mask, np.arange(len(mask))[:, None] < lengths):
        return lengths, None
    return None, mask


def _is_last_state(half: Half) -> bool:
    """Whether the last output is the last state. Of no valid step, or where masked, it is zeros."""
    if half.mask is None:
        return True
    last = half.mask[:, 0 if half.layer.go_backwards else -1]
    zeroed = half.layer.zero_output_for_mask and not last.all()
    return bool(half.mask.any(axis=1).all()) and not zeroed


def _ran_by_cells(half: Half, steps: list[States]) -> bool:
    """Whether the call ran the layer's cells, which make these steps, and no fused function.

    Masks and stacks have none of torch's; else the cells give what the call returned, bit for bit.
    """
    h = steps[-1].h
    if half.mask is not None or len(half.cells) > 1 or h is None:
        return True
    if half.layer.go_backwards:
        h = h[::-1]
    if half.sequence is not None:
        return np.array_equal(np.swapaxes(h, 0, 1), half.sequence)
    last = half.final[-1]
    return last is not None and last.h is not None and np.array_equal(h[-1], last.h)


def _are_halves(forward: Half, backward: Half) -> bool:
    """Whether the two make one bidirectional layer of the format."""
    return (
        not forward.layer.go_backwards
        and bool(backward.layer.go_backwards)
        and len(forward.cells) == len(backward.cells) == 1
        and forward.cells[0].like(backward.cells[0])
    )

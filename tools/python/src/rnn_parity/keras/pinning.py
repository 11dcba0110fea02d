"""Giving a model, in place of what its recurrent layers return, what another recording holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..calls import continues
from ..case import Array, Case, RecordedLayer, Reference, States
from ..errors import RecordingError
from ..given import given_reference
from .framework import Framework
from .gathering import Plan, places
from .returns import Returns
from .seen import Turn


@dataclass(frozen=True)
class _Value:
    """What one call is to return: output (T, B, ·) in input time, and the final states."""

    output: Array | None
    final: dict[str, States]
    is_whole: bool
    """Whether it is a sequence of its own: in a chain the states stay what they are."""


class Held(Returns):
    """Notes what the layers return in one run, for others in which they return the same and need not run.

    name: of the recording that it is of; None where it is the run's own.
    """

    name: str | None = None

    def __init__(self, framework: Framework) -> None:
        self._framework = framework
        self._returned: dict[int, Any] = {}

    def after(self, turn: int, layer: Any, calls: list[RecordedLayer], returned: Any) -> Any:
        """`returned`; a copy of it is kept, as the model may write to it."""
        framework = self._framework
        copies = [
            framework.to_tensor(np.array(framework.to_array(each)), framework.dtype(each))
            for each in framework.flatten(returned)
        ]
        self._returned[turn] = _packed(returned, iter(copies))
        return returned

    def again(self) -> Returns:
        """The same values for another run."""
        return _Again(self._returned)


class Pins(Held):
    """The recorded values of `given`, in the shapes in which the layers return them.

    Steps that are masked keep the layer's own values: nothing was recorded there.

    free: turns that return what they computed. Where a model passes an output on as the next step's state,
    another run's output would be a state that this layer was never in.
    """

    def __init__(
        self,
        framework: Framework,
        given: Case | str | Path,
        layers: Sequence[RecordedLayer],
        turns: Sequence[Turn],
        plans: Sequence[Plan],
        free: Collection[int] = (),
    ) -> None:
        other, self.name = _reference(given)
        super().__init__(framework)
        self._free = free
        self._values = _values(_paired(layers, other), turns, plans)

    def after(self, turn: int, layer: Any, calls: list[RecordedLayer], returned: Any) -> Any:
        """`returned` with everything that is known of the other run in its place."""
        if turn in self._free:
            return returned
        values = self._values[turn]
        self._returned[turn] = _Replacement(self._framework, layer, calls, values).of(returned)
        return self._returned[turn]


class _Again(Returns):
    def __init__(self, returned: dict[int, Any]) -> None:
        self._returned = returned

    def instead(self, turn: int) -> Any | None:
        return self._returned.get(turn)


def parted(turns: Sequence[Turn], plans: Sequence[Plan]) -> set[int]:
    """The turns of a pinned run, but for the last, of the chains whose calls do not follow on each other."""
    found: set[int] = set()
    for plan in plans:
        for chain in (chain for group in plan.groups for chain in group):
            called = [plan.turns[index] for index in chain]
            calls = [turns[turn].layers for turn in called]
            if not all(continues(one, following) for one, following in zip(calls, calls[1:])):
                found.update(called[:-1])
    return found


def _reference(given: Case | str | Path) -> tuple[Reference, str]:
    case = given if isinstance(given, Case) else Case.load(given)
    if len(case.references) != 1:
        names = ", ".join(reference.name for reference in case.references)
        raise RecordingError("given=", expected="a case of one reference", found=names)
    return given_reference(given)


def _paired(layers: Sequence[RecordedLayer], other: Reference) -> list[tuple[RecordedLayer, RecordedLayer]]:
    """By name where the names are the same, else by order."""
    names = {layer.name: layer for layer in other.layers}
    by_name = {layer.name for layer in layers} == names.keys()
    if not by_name and len(layers) != len(other.layers):
        raise RecordingError(
            "given=",
            expected=f"{len(layers)} recurrent layers: {', '.join(layer.name for layer in layers)}",
            found=f"{len(other.layers)}: {', '.join(names)}",
        )
    pairs = [
        (layer, names[layer.name] if by_name else other.layers[index]) for index, layer in enumerate(layers)
    ]
    for layer, partner in pairs:
        mine = (layer.cell, layer.direction, layer.hidden_size, layer.extent)
        theirs = (partner.cell, partner.direction, partner.hidden_size, partner.extent)
        if mine != theirs:
            raise RecordingError(
                f"given=, {partner.name}",
                expected="the cell, direction, hidden size and (T, B) of {}: {}, {}, {}, {}".format(
                    layer.name, *mine
                ),
                found="{}, {}, {}, {}".format(*theirs),
            )
    return pairs


def _values(
    pairs: Sequence[tuple[RecordedLayer, RecordedLayer]], turns: Sequence[Turn], plans: Sequence[Plan]
) -> dict[int, list[_Value]]:
    """For every turn what each of its layers is to return, cut out of the partner's sequences."""
    values: dict[int, list[_Value]] = {index: [] for index in range(len(turns))}
    for place, (_, partner) in zip(places(turns, plans), pairs):
        column = 0
        for chain in place.group:
            called = [place.plan.turns[index] for index in chain]
            batch = turns[called[0]].layers[place.part].extent[1]
            row = 0
            for turn in called:
                steps = turns[turn].layers[place.part].extent[0]
                part = slice(row, row + steps), slice(column, column + batch)
                values[turn].append(_cut(partner, *part, is_whole=len(chain) == 1))
                row += steps
            column += batch
    return values


def _cut(layer: RecordedLayer, steps: slice, batch: slice, *, is_whole: bool) -> _Value:
    output = _output(layer)
    return _Value(
        None if output is None else output[steps, batch],
        {name: _final(layer, name, batch) for name in layer.passes},
        is_whole,
    )


def _output(layer: RecordedLayer) -> Array | None:
    if layer.output is not None:
        return layer.output
    hs = [one.h for one in layer.passes.values()]
    if any(h is None for h in hs):
        return None
    return merged([h for h in hs if h is not None], layer.merge_mode or "concat")


def _final(layer: RecordedLayer, direction: str, batch: slice) -> States:
    """As it was returned, else the state after the last valid step."""
    one = layer.passes[direction]
    returned = one.final or States()

    def last(final: Array | None, steps: Array | None, initial: Array | None) -> Array | None:
        if final is not None or steps is None:
            return None if final is None else final[batch]
        valid = np.ones(layer.extent, bool) if layer.valid is None else layer.valid
        ordered = valid if direction == "backward" else valid[::-1]
        index = ordered.argmax(axis=0)
        if direction == "forward":
            index = len(valid) - 1 - index
        states = steps[index, np.arange(valid.shape[1])]
        none = ~valid.any(axis=0)
        if none.any():
            states = states.copy()
            states[none] = 0 if initial is None else initial[none]
        return np.asarray(states[batch])

    initial = one.initial or States()
    h = one.h if one.h is not None or len(layer.passes) > 1 else layer.output
    return States(last(returned.h, h, initial.h), last(returned.c, one.c, initial.c))


def merged(halves: Sequence[Array], mode: str | None) -> Array:
    """Both directions as one array, as Keras merges them."""
    if len(halves) == 1:
        return halves[0]
    forward, backward = halves
    if mode == "sum":
        return np.asarray(forward + backward)
    if mode == "mul":
        return np.asarray(forward * backward)
    if mode == "ave":
        return np.asarray((forward + backward) / 2)
    return np.concatenate([forward, backward], axis=-1)


class _Replacement:
    """What one call returns, with another run's values in it."""

    def __init__(
        self, framework: Framework, layer: Any, calls: list[RecordedLayer], values: list[_Value]
    ) -> None:
        self._framework = framework
        self._layer = layer
        self._calls = calls
        self._values = values

    def of(self, returned: Any) -> Any:
        """`returned`, in its own structure."""
        flat = self._framework.flatten(returned)
        is_pair = isinstance(self._layer, self._framework.bidirectional)
        count = 2 if is_pair and not self._layer.merge_mode else 1
        new = [*self._outputs(count), *self._states()]
        replaced = iter(
            [
                own if value is None else self._tensor(own, value)
                for own, value in zip(flat, [*new, *[None] * len(flat)])
            ]
        )
        return _packed(returned, replaced)

    def _tensor(self, own: Any, value: Array) -> Any:
        array = self._framework.to_array(own)
        valid = self._valid(value)
        mixed = value if valid is None else np.where(valid[..., None], value, array)
        return self._framework.to_tensor(mixed.astype(array.dtype), self._framework.dtype(own))

    def _valid(self, value: Array) -> Array | None:
        """(B, T) in processing order of an output, (B) of states: where the own value gives way."""
        valid = self._calls[-1].valid
        if valid is None:
            return None
        if value.ndim == 2:
            return np.asarray(valid.any(axis=0))
        ordered = valid[::-1] if self._is_reversed() else valid
        return np.asarray(ordered.T)

    def _is_reversed(self) -> bool:
        """Whether the layer returns its output in processing order, which is not input time."""
        return not isinstance(self._layer, self._framework.bidirectional) and bool(
            getattr(self._layer, "go_backwards", False)
        )

    def _outputs(self, count: int) -> list[Array | None]:
        layer, values = self._layer, self._values
        if not isinstance(layer, (self._framework.rnn, self._framework.bidirectional)):
            output = values[-1].output  # a cell: one step
            return [None if output is None else output[0]]
        if not layer.return_sequences:
            return self._last_outputs(count)
        halves = self._sides()
        outputs = [value.output for value in halves]
        if any(output is None for output in outputs):
            return [None] * count
        whole = merged([output for output in outputs if output is not None], _merge_mode(layer))
        if self._is_reversed():
            whole = whole[::-1]
        batch_major = np.swapaxes(whole, 0, 1)
        return list(np.split(batch_major, count, axis=-1)) if count == 2 else [batch_major]

    def _last_outputs(self, count: int) -> list[Array | None]:
        if not self._values[-1].is_whole:
            return [None] * count
        last = [state.h for value in self._sides() for state in value.final.values()]
        if any(h is None for h in last) or self._keeps_last():
            return [None] * count
        known = [h for h in last if h is not None]
        return list(known) if count == 2 else [merged(known, _merge_mode(self._layer))]

    def _keeps_last(self) -> bool:
        """Whether masked last outputs are zeros, which nothing was recorded for."""
        valid = self._calls[-1].valid
        return valid is not None and bool(getattr(self._layer, "zero_output_for_mask", False))

    def _sides(self) -> list[_Value]:
        """The values that make the output: of a stack the uppermost, of unlike halves both."""
        names = [call.name for call in self._calls]
        module = str(self._calls[0].module)
        starts = [f"{module}.forward", f"{module}.backward"]
        sides = [
            [value for name, value in zip(names, self._values) if name == s or name.startswith(f"{s}.")]
            for s in starts
        ]
        return [side[-1] for side in sides] if all(sides) else [self._values[-1]]

    def _states(self) -> list[Array | None]:
        states: list[Array | None] = []
        for call, value in zip(self._calls, self._values):
            for state in value.final.values():
                own = [state.h, state.c] if call.cell == "lstm" else [state.h]
                states += own if value.is_whole else [None] * len(own)
        return states


def _merge_mode(layer: Any) -> str | None:
    """The merge mode of a Bidirectional layer."""
    return getattr(layer, "merge_mode", None)


def _packed(structure: Any, leaves: Any) -> Any:
    if isinstance(structure, (list, tuple)):
        return type(structure)([_packed(each, leaves) for each in structure])
    return next(leaves)

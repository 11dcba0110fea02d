"""From the calls of one run to the layers of the format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..calls import Groups, grouped, put_together
from ..case import Array, RecordedLayer, RecordedPass, Source, States, unique_names
from .seen import Turn


@dataclass(frozen=True)
class Plan:
    """Which turns of a run are one layer of the format, and where its initial states came from."""

    turns: tuple[int, ...]
    """All turns of one layer of Keras's."""
    groups: Groups
    """How they go together, by their places in `turns`."""
    sources: tuple[tuple[dict[str, Source | None], ...], ...]
    """Of each turn and layer of the format, by direction."""


def planned(turns: Sequence[Turn], givens: Iterable[Array]) -> list[Plan]:
    """How the calls of a run go together, in the order of first calls.

    givens: the model's inputs and variables. A state that equals one, or is zeros, was given.
    """
    sources = _sources(turns, list(givens))
    by_layer: dict[int, list[int]] = {}
    for index, turn in enumerate(turns):
        by_layer.setdefault(id(turn.layer), []).append(index)
    plans = []
    for indices in by_layer.values():
        calls = [_sourced(turns[index].layers, sources[index]) for index in indices]
        own = tuple(sources[index] for index in indices)
        plans.append(Plan(tuple(indices), grouped(calls), own))
    return plans


@dataclass(frozen=True)
class Place:
    """One layer of the format: layer `part` of the turns of a group."""

    plan: Plan
    group: Sequence[Sequence[int]]
    part: int

    @property
    def first(self) -> int:
        """The turn in which it is first called."""
        return self.plan.turns[self.group[0][0]]


def places(turns: Sequence[Turn], plans: Sequence[Plan]) -> list[Place]:
    """All layers of the format, in the order of their first calls."""
    found = [
        Place(plan, group, part)
        for plan in plans
        for group in plan.groups
        for part in range(len(turns[plan.turns[group[0][0]]].layers))
    ]
    return sorted(found, key=lambda place: (place.first, place.part))


def gathered(turns: Sequence[Turn], plans: Sequence[Plan]) -> list[RecordedLayer]:
    """The layers of the format, named apart; weights that two share are with the first."""
    together: dict[tuple[int, int], RecordedLayer] = {}
    for plan in plans:
        calls = [_sourced(turns[index].layers, own) for index, own in zip(plan.turns, plan.sources)]
        for group, layers in zip(plan.groups, put_together(calls, plan.groups)):
            for part, layer in enumerate(layers):
                together[plan.turns[group[0][0]], part] = layer
    found = [together[place.first, place.part] for place in places(turns, plans)]
    names = unique_names([layer.name for layer in found])
    return _sharing([replace(layer, name=name) for layer, name in zip(found, names)])


def _sharing(layers: list[RecordedLayer]) -> list[RecordedLayer]:
    owners: dict[tuple[tuple[str, int], ...], int] = {}
    for index, layer in enumerate(layers):
        key = tuple((name, id(one.weights)) for name, one in layer.passes.items())
        owner = owners.setdefault(key, index)
        if owner != index and any(one.weights for one in layer.passes.values()):
            passes = {name: replace(one, weights={}) for name, one in layer.passes.items()}
            layers[index] = replace(layer, passes=passes, weights_of=owner)
    return layers


def _sourced(
    layers: Sequence[RecordedLayer], sources: Sequence[dict[str, Source | None]]
) -> list[RecordedLayer]:
    return [
        replace(layer, passes={name: replace(one, source=own[name]) for name, one in layer.passes.items()})
        for layer, own in zip(layers, sources)
    ]


def _sources(turns: Sequence[Turn], givens: list[Array]) -> list[tuple[dict[str, Source | None], ...]]:
    returned: set[bytes] = set()
    found = []
    for turn in turns:
        found.append(
            tuple(
                {name: _source(one, givens, returned) for name, one in layer.passes.items()}
                for layer in turn.layers
            )
        )
        for layer in turn.layers:
            for one in layer.passes.values():
                returned.update(array.tobytes() for array in _arrays(one.final))
    return found


def _source(one: RecordedPass, givens: list[Array], returned: set[bytes]) -> Source | None:
    arrays = _arrays(one.initial)
    if not arrays:
        return None
    if all(not array.any() or any(_holds(given, array) for given in givens) for array in arrays):
        return "given"
    return "carried" if all(array.tobytes() in returned for array in arrays) else "computed"


def _holds(given: Array, state: Array) -> bool:
    """Whether `state` is `given`, rounded to its type or repeated for each sequence."""
    if given.size not in (state.size, state.shape[-1]) or given.dtype.kind != "f":
        return False
    rows = given.reshape(-1, state.shape[-1]) if given.size % state.shape[-1] == 0 else given
    if rows.shape not in (state.shape, (1, state.shape[-1])):
        return False
    return bool(np.array_equal(np.broadcast_to(rows, state.shape).astype(state.dtype), state))


def _arrays(states: States | None) -> list[Array]:
    if states is None:
        return []
    return [array for array in (states.h, states.c) if array is not None]

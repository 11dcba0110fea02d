"""Which calls make up which layers: found in one run, applied to every other run of the same model."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from .calls import Groups, grouped, put_together
from .case import RecordedLayer, unique_names
from .errors import RecordingError


@dataclass(frozen=True)
class Part:
    """What of a recorded layer one call had.

    ends: false inside a chain, where the model carries its own state on.
    """

    layer: int
    steps: slice
    sequences: slice
    ends: bool


class Arrangement:
    """Calls of single layers, grouped by the layer that they are of.

    calls: in data-flow order, each named by its path.   keys: for each call, which layer it is of.
    """

    def __init__(self, calls: Sequence[RecordedLayer], keys: Sequence[Hashable]) -> None:
        if not calls:
            raise RecordingError(
                "the model",
                expected="a model that calls a recurrent layer which is not ignored",
                found="none was called",
            )
        members: dict[Hashable, list[int]] = {}
        for index, key in enumerate(keys):
            members.setdefault(key, []).append(index)
        self._members = list(members.values())
        self._groups: list[Groups] = [grouped([[calls[i]] for i in own]) for own in self._members]
        self._extents = [call.extent for call in calls]
        self._sources = [{key: one.source for key, one in call.passes.items()} for call in calls]
        self.recorded = self.applied(calls)

    def applied(self, calls: Sequence[RecordedLayer]) -> list[RecordedLayer]:
        """The layers of a run, in the order of the first call of each. Equal weights are stored once.

        Where initial states come from is as in the first run: moved values look like any other.
        """
        if len(calls) != len(self._extents):
            raise RecordingError(
                "the model",
                expected=f"{len(self._extents)} recurrent calls in every run; spread=0 runs it once",
                found=f"{len(calls)} in another run",
            )
        calls = [
            replace(call, passes={key: replace(one, source=own[key]) for key, one in call.passes.items()})
            for call, own in zip(calls, self._sources)
        ]
        assembled: dict[tuple[int, int], RecordedLayer] = {}
        for place, (own, groups) in enumerate(zip(self._members, self._groups)):
            for stack, (layer,) in zip(groups, put_together([[calls[i]] for i in own], groups)):
                assembled[own[stack[0][0]], place] = layer
        placed = sorted(assembled.items(), key=lambda one: one[0])
        names = unique_names([layer.name for _, layer in placed])
        first: dict[int, int] = {}
        layers = []
        for index, (((_, place), layer), name) in enumerate(zip(placed, names)):
            if first.setdefault(place, index) != index:
                bare = {key: replace(own, weights={}) for key, own in layer.passes.items()}
                layer = replace(layer, passes=bare, weights_of=first[place])
            layers.append(replace(layer, name=name))
        return layers

    def parts(self) -> list[Part]:
        """For each call its part of a layer: the inverse of how calls are put together."""
        order = sorted(
            (own[stack[0][0]], place, stack)
            for place, (own, groups) in enumerate(zip(self._members, self._groups))
            for stack in groups
        )
        found: dict[int, Part] = {}
        for layer, (_, place, stack) in enumerate(order):
            own, batch = self._members[place], 0
            for chain in stack:
                step = 0
                size = self._extents[own[chain[0]]][1]
                for position, index in enumerate(chain):
                    steps = self._extents[own[index]][0]
                    found[own[index]] = Part(
                        layer,
                        slice(step, step + steps),
                        slice(batch, batch + size),
                        ends=position == len(chain) - 1,
                    )
                    step += steps
                batch += size
        return [found[index] for index in range(len(self._extents))]

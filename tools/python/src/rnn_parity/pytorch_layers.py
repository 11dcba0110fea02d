"""Recorded layers of observed PyTorch calls."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

import torch
from torch import Tensor

from .calls import Groups, grouped, put_together
from .case import Activation, Array, RecordedLayer, RecordedPass, Source, States, layer_name, unique_names
from .errors import RecordingError
from .pytorch_observation import ObservedCall
from .pytorch_trees import array, storage


class Sources:
    """Where initial states came from, told by the memory they lie in and by what earlier calls returned.

    given: the memory of the model's inputs, parameters and buffers.
    """

    def __init__(self, given: set[int]) -> None:
        self._given = given
        self._returned: set[bytes] = set()

    def of(self, call: ObservedCall) -> list[Source | None]:
        """For every layer and direction of the call; None where no state was passed."""
        if call.initial is None:
            return [None] * len(call.final[0])
        known = call.passed is not None and all(storage(state) in self._given for state in call.passed)
        return [
            "given" if known else self._source([state[index] for state in call.initial])
            for index in range(len(call.initial[0]))
        ]

    def remember(self, call: ObservedCall) -> None:
        """What the call returned may be passed on."""
        self._returned |= {_digest(row) for state in call.final for row in state}

    def _source(self, states: Sequence[Tensor]) -> Source:
        if not any(bool(state.any()) for state in states):
            return "given"  # Zeros, as if none had been passed.
        return "carried" if all(_digest(state) in self._returned for state in states) else "computed"


def _digest(state: Tensor) -> bytes:
    return sha256(array(state).tobytes()).digest()


def call_layers(call: ObservedCall, path: str, sources: Sequence[Source | None]) -> list[RecordedLayer]:
    """The layers of one call."""
    operator, inside = call.operator, call.inside
    count, names = len(operator.weights), operator.directions

    def padded(data: Tensor) -> Array:
        values = operator.sequences.like(data).padded()
        return array(values if call.order is None else values[:, call.order])

    layers = []
    for layer in range(count):
        passes: dict[str, RecordedPass] = {}
        for place, name in enumerate(names):
            index = layer * len(names) + place
            h, c = inside.states[layer][place] if inside.states else (None, None)
            passes[name] = RecordedPass(
                weights=call.weights[layer][place],
                h=None if h is None else padded(h),
                c=None if c is None else padded(c),
                initial=None
                if call.initial is None
                else States(*(array(state[index]) for state in call.initial)),
                final=States(*(array(state[index]) for state in call.final)),
                source=sources[index],
            )
        shown = inside.outputs[layer]
        layers.append(
            RecordedLayer(
                name=layer_name(path, layer, count),
                module=path,
                cell=operator.cell,
                hidden_size=operator.hidden_size,
                activation=Activation(operator.activation),
                recurrent_activation=None if operator.cell == "rnn" else Activation("sigmoid"),
                reset_after=True if operator.cell == "gru" else None,
                projection_size=operator.projection_size,
                merge_mode="concat" if len(names) == 2 else None,
                input=array(call.input) if layer == 0 else padded(inside.inputs[layer]),
                output=array(call.output) if layer == count - 1 else padded(shown),
                lengths=None if call.lengths is None else array(call.lengths),
                passes=passes,
                precision=call.precision,
            )
        )
    return layers


class Arrangement:
    """Which calls make up which layers: found in one run, applied to every other run of the model."""

    def __init__(self, calls: Sequence[ObservedCall], given: set[int]) -> None:
        sources = Sources(given)
        self.sources: list[list[Source | None]] = []
        for call in calls:
            self.sources.append(sources.of(call))
            sources.remember(call)
        self._paths = [call.path or call.operator.cell for call in calls]
        layers = self._of_calls(calls)
        self._extents = [own[0].extent for own in layers]
        self._counts = [len(own) for own in layers]
        kinds: dict[tuple[str, str], list[int]] = {}
        for index, call in enumerate(calls):
            kinds.setdefault((self._paths[index], call.operator.name), []).append(index)
        self.modules = list(kinds.values())
        self.groups: list[Groups] = [grouped([layers[i] for i in own]) for own in self.modules]
        self.recorded = self._assembled(layers)

    def applied(self, calls: Sequence[ObservedCall]) -> list[RecordedLayer]:
        """The layers of another run, which must have made the same calls."""
        return self._assembled(self._of_calls(calls))

    def _of_calls(self, calls: Sequence[ObservedCall]) -> list[list[RecordedLayer]]:
        if len(calls) != len(self.sources):
            raise RecordingError(
                "the model",
                expected=f"{len(self.sources)} recurrent calls in every run; spread=0 runs it once",
                found=f"{len(calls)} in another run",
            )
        return [call_layers(*one) for one in zip(calls, self._paths, self.sources)]

    def _assembled(self, layers: Sequence[list[RecordedLayer]]) -> list[RecordedLayer]:
        """All layers, in the order of the first call of each group."""
        placed: list[tuple[int, list[RecordedLayer]]] = []
        for own, groups in zip(self.modules, self.groups):
            for stack, found in zip(groups, put_together([layers[i] for i in own], groups)):
                placed.append((own[stack[0][0]], found))
        placed.sort(key=lambda one: one[0])
        paths = unique_names([found[0].module or "" for _, found in placed])
        return [
            replace(layer, name=layer_name(path, index, len(found)))
            for path, (_, found) in zip(paths, placed)
            for index, layer in enumerate(found)
        ]

    def formats(self, calls: Sequence[ObservedCall]) -> dict[str, str]:
        """The boundaries between layers that are bfloat16, which is stored as float32."""
        found = {}
        order = sorted(own[stack[0][0]] for own, groups in zip(self.modules, self.groups) for stack in groups)
        first = 0
        for call in (calls[index] for index in order):
            for layer, fed in enumerate(call.inside.inputs):
                boundary = f"layers/{first + layer}"
                if (call.input if layer == 0 else fed).dtype == torch.bfloat16:
                    found[f"{boundary}/input"] = "bfloat16"
                if call.initial is not None and call.initial[0].dtype == torch.bfloat16:
                    for direction in call.operator.directions:
                        for letter in ("h", "c"):
                            found[f"{boundary}/{direction}/initial_state/{letter}"] = "bfloat16"
            first += len(call.inside.inputs)
        return found

    def places(self) -> dict[int, tuple[int, int, slice, slice, bool]]:
        """For each call: its first layer, the number of its layers, its T and B there, and whether it ends.

        The inverse of how calls were put together: what of a recorded layer a call had.
        """
        first = 0
        found: dict[int, tuple[int, int, slice, slice, bool]] = {}
        order = sorted(
            (own[stack[0][0]], own, stack)
            for own, groups in zip(self.modules, self.groups)
            for stack in groups
        )
        for start, own, stack in order:
            batch = 0
            for chain in stack:
                step = 0
                for position, index in enumerate(chain):
                    steps, size = self._extents[own[index]]
                    own_slices = slice(step, step + steps), slice(batch, batch + size)
                    found[own[index]] = (
                        first,
                        self._counts[own[index]],
                        *own_slices,
                        position == len(chain) - 1,
                    )
                    step += steps
                batch += self._extents[own[chain[0]]][1]
            first += self._counts[start]
        return found


def shared_weights(layers: Iterable[RecordedLayer]) -> tuple[RecordedLayer, ...]:
    """Layers of the same tensors refer to the first of them."""
    first: dict[tuple[object, ...], int] = {}
    found = []
    for index, layer in enumerate(layers):
        key: tuple[object, ...] = tuple(
            (name, kind, id(tensor))
            for name, own in layer.passes.items()
            for kind, tensor in own.weights.items()
        )
        place = first.setdefault(key, index)
        if place != index:
            bare = {name: replace(own, weights={}) for name, own in layer.passes.items()}
            layer = replace(layer, passes=bare, weights_of=place)
        found.append(layer)
    return tuple(found)


def environment(device: str, compiled: bool) -> dict[str, object]:
    """The settings under which PyTorch ran."""
    return {
        "execution": "eager; compiled modules were run as they are written" if compiled else "eager",
        "backend": device,
        "machine": platform.machine(),
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "mkldnn": torch.backends.mkldnn.is_available() and torch.backends.mkldnn.enabled,
        "threads": torch.get_num_threads(),
    }

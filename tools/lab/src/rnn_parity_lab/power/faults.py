"""The faults: each is put into a run that PyTorch really makes, in a given size.

A faulty run is recorded as if nothing had happened: with the weights and the input of the honest
one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..case import Array, Case, DirectionRecord, LayerRecord
from ..description import CaseDescription, Direction, LayerDescription
from ..network import Network, State
from ..runs import run_pytorch
from .honest import Honest, Place, merged, outputs

RELATIVE_SIZES = tuple(10.0**-exponent for exponent in range(1, 9))
PRECISIONS = (8, 10, 12, 14, 16, 18, 19, 20, 21, 22, 23)


@dataclass(frozen=True)
class Faulty:
    """A faulty run.

    places: the first wrong timestep of each layer and direction that is wrong.
    record: makes the run and records it.
    outputs: makes the run and returns what a user sees of it (T, B, D·H).
    honest_outputs: the same without the fault.
    """

    places: dict[Place, int]
    record: Callable[[], Case]
    outputs: Callable[[], Array]
    honest_outputs: Callable[[], Array]


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    sizes: falling; each a δ or a number of significant bits.
    inject: None where the fault is so small that Float32 has the same number.
    """

    name: str
    sizes: tuple[float, ...]
    inject: Callable[[Honest, float], Faulty | None]
    cells: tuple[str, ...] = ("rnn", "gru", "lstm")

    @property
    def in_bits(self) -> bool:
        """Whether its sizes are numbers of significant bits."""
        return self.sizes == PRECISIONS


def rounded(values: Array, bits: int) -> Array:
    """To that many significant bits, to nearest even."""
    significand, exponent = np.frexp(values.astype(np.float64))
    return np.asarray(np.ldexp(np.rint(np.ldexp(significand, bits)), exponent - bits), values.dtype)


def _wrong_weight(*names: str) -> Callable[[Honest, float], Faulty | None]:
    """One element of one of these tensors, times 1 + δ."""

    def inject(honest: Honest, size: float) -> Faulty | None:
        layer, direction = honest.place
        generator = honest.generator()
        name = names[generator.integers(len(names))]
        tensor = honest.network.weights[layer][direction][name]
        element = tuple(generator.integers(extent) for extent in tensor.shape)
        changed = np.float32(tensor[element] * (1 + size))
        if changed == tensor[element]:
            return None

        def network() -> Network:
            wrong = tensor.copy()
            wrong[element] = changed
            return _with_tensors(honest.network, {(layer, direction, name): wrong})

        return _other_run(honest, [honest.place], network=network)

    return inject


def _rounded_recurrent_weights(honest: Honest, bits: float) -> Faulty:
    def network() -> Network:
        tensors = {
            (layer, direction, "weight_hh"): rounded(
                honest.network.weights[layer][direction]["weight_hh"], int(bits)
            )
            for layer, direction in honest.places
        }
        return _with_tensors(honest.network, tensors)

    return _other_run(honest, honest.places, network=network)


def _with_tensors(network: Network, tensors: dict[tuple[int, Direction, str], Array]) -> Network:
    weights = [{name: dict(own) for name, own in layer.items()} for layer in network.weights]
    for (layer, direction, name), tensor in tensors.items():
        weights[layer][direction][name] = tensor
    return replace(network, weights=weights)


def _rounded_input(honest: Honest, bits: float) -> Faulty:
    places = [place for place in honest.places if place[0] == 0]
    return _other_run(honest, places, input=rounded(honest.input, int(bits)))


def _other_run(
    honest: Honest,
    places: list[Place],
    network: Callable[[], Network] | None = None,
    input: Array | None = None,
) -> Faulty:
    """network: made when it is needed, because it may be large."""
    network = network or (lambda: honest.network)
    input = honest.input if input is None else input
    return Faulty(
        places={place: honest.first_timestep(place[1]) for place in places},
        record=lambda: honest.declared(run_pytorch(honest.description, network(), input)),
        outputs=lambda: outputs(honest.description, network(), input),
        honest_outputs=lambda: honest.outputs,
    )


def _spike(state: str) -> Callable[[Honest, float], Faulty | None]:
    """δ added to one element of h or c after one step; PyTorch goes on from there."""

    def inject(honest: Honest, size: float) -> Faulty | None:
        generator = honest.generator()
        steps = int(generator.integers(1, honest.setup.timesteps))
        spike = _Spike(honest, state, steps, int(generator.integers(honest.setup.hidden_size)))
        before = spike.first[state][-1, 0, spike.unit]
        if np.float32(before + np.float32(size)) == before:
            return None
        return Faulty(
            places={honest.place: spike.timestep},
            record=lambda: spike.record(size),
            outputs=lambda: spike.outputs(size),
            # Interrupted at the same step: the whole run may round differently.
            honest_outputs=lambda: spike.outputs(0),
        )

    return inject


_Run = tuple[CaseDescription, Network, Array]
"""What is run: on an input (T, B, I)."""


@dataclass(frozen=True)
class _Spike:
    """In `state` of `unit`, after `steps` steps at the place of the fault."""

    honest: Honest
    state: str
    steps: int
    unit: int

    @property
    def timestep(self) -> int:
        return range(self.honest.setup.timesteps)[self._order][self.steps - 1]

    @property
    def first(self) -> dict[str, Array]:
        """The honest states up to the spike, as they are processed."""
        states = {"h": self._own.h, "c": self._own.c}
        return {
            name: values[self._order][: self.steps].copy()
            for name, values in states.items()
            if values is not None
        }

    def outputs(self, size: float) -> Array:
        first, rest = self._rest(size)
        h = np.concatenate([first["h"], outputs(*rest)])[self._order]
        merged = self._merged(replace(self._own, h=h))
        above = self._above(merged.output)
        return merged.output if above is None else outputs(*above)

    def record(self, size: float) -> Case:
        (reference,) = self.honest.case.references
        first, rest = self._rest(size)
        continued = run_pytorch(*rest).references[0].layers[0].directions["forward"]
        whole: dict[str, Any] = {
            name: np.concatenate([values, getattr(continued, name)])[self._order]
            for name, values in first.items()
        }
        spiked = self._merged(replace(self._own, **whole, final_h=None, final_c=None))
        layers = [*reference.layers[: self.honest.place[0]], spiked]
        above = self._above(spiked.output)
        if above is not None:
            layers += run_pytorch(*above).references[0].layers
        layers = [replace(layer, input=None) for layer in layers]
        return replace(self.honest.case, references=[replace(reference, layers=layers)])

    @property
    def _order(self) -> slice:
        """From input time to processing order, and back."""
        return slice(None, None, 1 if self.honest.place[1] == "forward" else -1)

    @property
    def _layer(self) -> LayerRecord:
        return self.honest.case.references[0].layers[self.honest.place[0]]

    @property
    def _own(self) -> DirectionRecord:
        return self._layer.directions[self.honest.place[1]]

    def _merged(self, own: DirectionRecord) -> LayerRecord:
        layer = self._layer
        directions = {**layer.directions, self.honest.place[1]: own}
        return replace(layer, directions=directions, output=merged(directions))

    def _rest(self, size: float) -> tuple[dict[str, Array], _Run]:
        """The states up to and with the spike; and what PyTorch goes on with."""
        first = self.first
        first[self.state][-1, 0, self.unit] += np.float32(size)
        last = State(**{name: values[-1].copy() for name, values in first.items()})
        index = self.honest.place[0]
        below = self.honest.case.references[0].layers[index - 1].directions if index else None
        fed = self.honest.input if below is None else merged(below)
        description = replace(
            self.honest.description,
            layers=(LayerDescription(self.honest.setup.cell, self.honest.setup.hidden_size),),
            input_size=fed.shape[2],
        )
        network = Network([{"forward": self._own.weights}], [{"forward": last}])
        return first, (description, network, fed[self._order][self.steps :].copy())

    def _above(self, fed: Array) -> _Run | None:
        honest, above = self.honest, slice(self.honest.place[0] + 1, None)
        layers = honest.description.layers[above]
        if not layers:
            return None
        description = replace(honest.description, layers=layers, input_size=fed.shape[2])
        states = honest.network.initial_states
        network = Network(honest.network.weights[above], None if states is None else states[above])
        return description, network, fed


FAULTS = (
    Fault("one input weight, × (1 + δ)", RELATIVE_SIZES, _wrong_weight("weight_ih")),
    Fault("one recurrent weight, × (1 + δ)", RELATIVE_SIZES, _wrong_weight("weight_hh")),
    Fault("one bias element, × (1 + δ)", RELATIVE_SIZES, _wrong_weight("bias_ih", "bias_hh")),
    Fault("one element of h, + δ at one step", RELATIVE_SIZES, _spike("h")),
    Fault("one element of c, + δ at one step", RELATIVE_SIZES, _spike("c"), ("lstm",)),
    Fault("input rounded to k bits", PRECISIONS, _rounded_input),
    Fault("recurrent weights rounded to k bits", PRECISIONS, _rounded_recurrent_weights),
)

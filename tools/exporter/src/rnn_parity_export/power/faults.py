"""The faults: each is put into a run that PyTorch really makes, in a given size.

A faulty run is recorded as if nothing had happened: with the weights and the input of the honest
one.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..case import Array, Case, DirectionRecord
from ..description import LayerDescription
from ..network import Network, State
from ..runs import run_pytorch
from .honest import Honest, Place, merged, outputs, recorded_outputs

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
    honest_outputs: Array


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
        return self.sizes == PRECISIONS


def rounded(values: Array, bits: int) -> Array:
    """To that many significant bits, to nearest even."""
    significand, exponent = np.frexp(values.astype(np.float64))
    return np.ldexp(np.rint(np.ldexp(significand, bits)), exponent - bits).astype(values.dtype)


def _wrong_weight(*names: str) -> Callable[[Honest, float], Faulty | None]:
    """One element of one of these tensors, times 1 + δ."""

    def inject(honest: Honest, size: float) -> Faulty | None:
        layer, direction = honest.place
        generator = honest.generator()
        weights = copy.deepcopy(honest.network.weights)
        tensor = weights[layer][direction][names[generator.integers(len(names))]]
        element = tuple(generator.integers(extent) for extent in tensor.shape)
        changed = np.float32(tensor[element] * (1 + size))
        if changed == tensor[element]:
            return None
        tensor[element] = changed
        return _other_weights(honest, weights, [honest.place])

    return inject


def _rounded_recurrent_weights(honest: Honest, bits: float) -> Faulty:
    weights = copy.deepcopy(honest.network.weights)
    for directions in weights:
        for tensors in directions.values():
            tensors["weight_hh"] = rounded(tensors["weight_hh"], int(bits))
    return _other_weights(honest, weights, honest.places)


def _other_weights(honest: Honest, weights: list, places: list[Place]) -> Faulty:
    return _other_run(honest, Network(weights, honest.network.initial_states), honest.input, places)


def _rounded_input(honest: Honest, bits: float) -> Faulty:
    places = [place for place in honest.places if place[0] == 0]
    return _other_run(honest, honest.network, rounded(honest.input, int(bits)), places)


def _other_run(honest: Honest, network: Network, input: Array, places: list[Place]) -> Faulty:
    return Faulty(
        places={place: honest.first_timestep(place[1]) for place in places},
        record=lambda: honest.declared(run_pytorch(honest.description, network, input)),
        outputs=lambda: outputs(honest.description, network, input),
        honest_outputs=honest.outputs,
    )


def _spike(state: str) -> Callable[[Honest, float], Faulty | None]:
    """δ added to one element of h or c after one step; PyTorch goes on from there."""

    def inject(honest: Honest, size: float) -> Faulty | None:
        layer, direction = honest.place
        generator = honest.generator()
        done = int(generator.integers(1, honest.setup.timesteps))
        element = (0, int(generator.integers(honest.setup.hidden_size)))
        timestep = done - 1 if direction == "forward" else honest.setup.timesteps - done
        record = honest.case.references[0].layers[layer].directions[direction]
        before = getattr(record, state)[timestep][element]
        if np.float32(before + size) == before:
            return None

        def run(size: float) -> Case:
            return _spiked(honest, state, done, element, size)

        return Faulty(
            places={honest.place: timestep},
            record=lambda: run(size),
            outputs=lambda: recorded_outputs(run(size)),
            # Interrupted at the same step: the whole run may round differently.
            honest_outputs=recorded_outputs(run(0)),
        )

    return inject


def _spiked(honest: Honest, state: str, done: int, element: tuple[int, int], size: float) -> Case:
    """The honest run up to step `done` of the place, and from there PyTorch's on a changed state."""
    layer, direction = honest.place
    (reference,) = honest.case.references
    layers = list(reference.layers[: layer + 1])
    fed = honest.input if layer == 0 else merged(layers[layer - 1])
    own = layers[layer].directions[direction]
    spiked = _continued(honest, own, fed, state, done, element, size)
    directions = {**layers[layer].directions, direction: spiked}
    layers[layer] = replace(layers[layer], directions=directions, input=None)
    layers[layer] = replace(layers[layer], output=merged(layers[layer]))
    above = slice(layer + 1, None)
    if honest.description.layers[above]:
        description = replace(
            honest.description,
            layers=honest.description.layers[above],
            input_size=layers[layer].output.shape[2],
        )
        network = Network(
            honest.network.weights[above], honest.network.initial_states[above]
        )
        run = run_pytorch(description, network, layers[layer].output)
        layers += [replace(record, input=None) for record in run.references[0].layers]
    return replace(honest.case, references=[replace(reference, layers=layers)])


def _continued(
    honest: Honest,
    record: DirectionRecord,
    fed: Array,
    state: str,
    done: int,
    element: tuple[int, int],
    size: float,
) -> DirectionRecord:
    _, direction = honest.place
    order = slice(None) if direction == "forward" else slice(None, None, -1)
    first = {"h": record.h[order][:done].copy()}
    if record.c is not None:
        first["c"] = record.c[order][:done].copy()
    first[state][-1][element] += np.float32(size)
    last = {name: values[-1].copy() for name, values in first.items()}
    single = replace(
        honest.description,
        layers=(LayerDescription(honest.setup.cell, honest.setup.hidden_size),),
        input_size=fed.shape[2],
    )
    network = Network([{"forward": record.weights}], [{"forward": State(**last)}])
    rest = run_pytorch(single, network, np.ascontiguousarray(fed[order][done:]))
    continued = rest.references[0].layers[0].directions["forward"]
    whole = {
        name: np.concatenate([values, getattr(continued, name)])[order]
        for name, values in first.items()
    }
    return replace(record, **whole, final_h=None, final_c=None)


FAULTS = (
    Fault("one input weight, × (1 + δ)", RELATIVE_SIZES, _wrong_weight("weight_ih")),
    Fault("one recurrent weight, × (1 + δ)", RELATIVE_SIZES, _wrong_weight("weight_hh")),
    Fault("one bias element, × (1 + δ)", RELATIVE_SIZES, _wrong_weight("bias_ih", "bias_hh")),
    Fault("one element of h, + δ at one step", RELATIVE_SIZES, _spike("h")),
    Fault("one element of c, + δ at one step", RELATIVE_SIZES, _spike("c"), ("lstm",)),
    Fault("input rounded to k bits", PRECISIONS, _rounded_input),
    Fault("recurrent weights rounded to k bits", PRECISIONS, _rounded_recurrent_weights),
)

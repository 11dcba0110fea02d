"""The networks that faults are put into, and their honest runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
import torch

from ..case import Array, Case, DirectionRecord
from ..description import CaseDescription, Cell, Direction, LayerDescription, LayerDirection
from ..drawing import draw_input, draw_network
from ..network import Network
from ..pytorch_network import build_pytorch
from ..runs import converted, run_pytorch

CELLS: tuple[Cell, ...] = ("rnn", "gru", "lstm")
STRUCTURES = ("single", "stacked bidirectional")
HIDDEN_SIZES = (16, 64, 256)
TIMESTEPS = (32, 200)
BATCH, INPUT_SIZE = 1, 24
POSITIONS = 8
"""Of each fault in each setup: another network, input and place for each."""

Place = tuple[int, Direction]


@dataclass(frozen=True)
class Setup:
    """What the networks of all positions are alike in."""

    cell: Cell
    structure: str
    hidden_size: int
    timesteps: int

    @property
    def name(self) -> str:
        """For files."""
        structure = self.structure.replace(" ", "-")
        return f"{self.cell}-{structure}-{self.hidden_size}-{self.timesteps}"


def setups(quick: bool) -> Iterator[Setup]:
    """The cheap first. quick: only the smallest size."""
    sizes, timesteps = (HIDDEN_SIZES[:1], TIMESTEPS[:1]) if quick else (HIDDEN_SIZES, TIMESTEPS)
    for size, steps, structure, cell in product(sizes, timesteps, STRUCTURES, CELLS):
        yield Setup(cell, structure, size, steps)


@dataclass(frozen=True)
class Honest:
    """One network, its input and its honest run; and where in it a fault is put."""

    setup: Setup
    position: int
    description: CaseDescription
    network: Network
    input: Array

    @classmethod
    def drawn(cls, setup: Setup, position: int) -> Honest:
        """The network and input of that position."""
        stacked = setup.structure != "single"
        direction: LayerDirection = "bidirectional" if stacked else "forward"
        layer = LayerDescription(setup.cell, setup.hidden_size, direction)
        description = CaseDescription(
            case=f"{setup.name}-{position}-honest",
            description="An honest run.",
            layers=(layer,) * (2 if stacked else 1),
            timesteps=setup.timesteps,
            batch=BATCH,
            input_size=INPUT_SIZE,
            seed=1000 + position,
            weight_scale=1.0,
            references=("pytorch",),
        )
        return cls(setup, position, description, draw_network(description), draw_input(description))

    @property
    def place(self) -> Place:
        """The layer and direction of a fault: each in turn."""
        places = self.places
        return places[self.position % len(places)]

    @property
    def places(self) -> list[Place]:
        """Every layer and direction."""
        return [
            (index, direction)
            for index, layer in enumerate(self.description.layers)
            for direction in layer.directions
        ]

    def first_timestep(self, direction: Direction) -> int:
        """The one that is processed first."""
        return 0 if direction == "forward" else self.setup.timesteps - 1

    def generator(self) -> np.random.Generator:
        """The same for every size of a fault."""
        return np.random.default_rng([self.position, self.setup.hidden_size, self.setup.timesteps])

    @cached_property
    def case(self) -> Case:
        """Its run, recorded."""
        return run_pytorch(self.description, self.network, self.input)

    @cached_property
    def outputs(self) -> Array:
        """What the module returns (T, B, D·H)."""
        return outputs(self.description, self.network, self.input)

    @cached_property
    def exact_outputs(self) -> Array:
        """What an honest framework of more exact arithmetic returns for the same network."""
        run = outputs(self.description, self.network, self.input, torch.float64)
        return run.astype(np.float32)

    def declared(self, case: Case) -> Case:
        """The run `case`, as if it were of this network and this input."""
        (reference,) = case.references
        layers = []
        for index, (run, own) in enumerate(zip(reference.layers, self.network.weights)):
            directions = {
                name: replace(direction, weights=own[name])
                for name, direction in run.directions.items()
            }
            fed = None if index == 0 else run.input
            layers.append(replace(run, directions=directions, input=fed))
        return replace(case, input=self.input, references=[replace(reference, layers=layers)])


def outputs(
    description: CaseDescription,
    network: Network,
    input: Array,
    dtype: torch.dtype = torch.float32,
) -> Array:
    """What the module returns (T, B, D·H), run as users run it."""
    modules, states = build_pytorch(description, network)
    sequence = torch.tensor(input).to(dtype)
    with torch.no_grad():
        for module, state in zip(modules, states):
            sequence, _ = module.to(dtype)(sequence, converted(state, dtype))
    return np.array(sequence)


def merged(directions: dict[Direction, DirectionRecord]) -> Array:
    """The states of a layer (T, B, D·H)."""
    return np.concatenate([direction.h for direction in directions.values()], axis=2)


def final(run: Array, setup: Setup) -> Array:
    """The final states (B, D·H) of outputs (T, B, D·H): the last of each direction."""
    if setup.structure == "single":
        return np.asarray(run[-1])
    forward, backward = np.split(run, 2, axis=2)
    return np.concatenate([forward[-1], backward[0]], axis=1)

"""What one call of a recurrent layer is given, cloned before the layer runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..case import Array, States
from .cells import Cell, NoFormulaError, cells_of
from .framework import Framework


@dataclass
class Half:
    """One call of one RNN layer as it went: batch-major, in processing order."""

    layer: Any
    cells: tuple[Cell, ...]
    input: Array  # (B, T, I)
    mask: Array | None  # (B, T)
    initial: list[States] | None
    weights: list[Mapping[str, Array]]
    dropout: dict[str, float]
    sequence: Array | None = None  # (B, T, H)
    final: list[States | None] = field(default_factory=list)
    steps: list[States] | None = None  # (T, B, H), in input time
    is_narrow: bool = False  # whether it ran in float32, though its types are float64


@dataclass
class Pair:
    """A Bidirectional layer that is running, and what was seen of its halves."""

    layer: Any
    halves: dict[int, Half] = field(default_factory=dict)


class Arguments:
    """Takes down what calls are given. Without `weights`, only what lies between the layers."""

    def __init__(self, framework: Framework, *, weights: bool) -> None:
        self._framework = framework
        self._with_weights = weights
        self._known_weights: dict[int, dict[str, Array]] = {}

    def given(self, layer: Any, given: dict[str, Any]) -> Half:
        """Cloned before the layer runs."""
        framework = self._framework
        sequences, *others = given.values()
        initial = given.get("initial_state")
        if isinstance(sequences, (list, tuple)):  # as a functional tf_keras model passes states
            sequences, *initial = sequences
            initial = initial or given.get("initial_state")
        if getattr(layer, "_num_constants", 0) or given.get("constants") is not None:
            raise NoFormulaError("it is given constants")
        if not hasattr(sequences, "dtype") or hasattr(sequences, "row_splits"):
            raise NoFormulaError(f"it is given a {type(sequences).__name__}: expected a tensor")
        cells = cells_of(framework, layer)
        array = framework.to_array(sequences)
        if array.ndim != 3:
            raise NoFormulaError(f"it is given shape {array.shape}: expected (batch, time, features)")
        if is_time_major(layer):
            array = np.swapaxes(array, 0, 1)
        return Half(
            layer,
            cells,
            array,
            self._mask(layer, given.get("mask"), array),
            self._initial(layer, cells, initial),
            [self.weights(cell) for cell in cells],
            {
                name: rate
                for cell in cells
                for name, rate in self.dropout(cell, given.get("training")).items()
            },
        )

    def pair_given(self, layer: Any, given: dict[str, Any]) -> Pair:
        """What the halves are given: each the whole sequence, and its half of the states."""
        name, sequences = next(iter(given.items()))
        initial = given.get("initial_state")
        if isinstance(sequences, (list, tuple)):
            sequences, *initial = sequences
            initial = initial or given.get("initial_state")
        states = [] if initial is None else list(initial)
        middle = len(states) // 2
        pair = Pair(layer)
        for half, own in (
            (layer.forward_layer, states[:middle]),
            (layer.backward_layer, states[middle:]),
        ):
            own_given = given | {name: sequences, "initial_state": own or None}
            pair.halves[id(half)] = self.given(half, own_given)
        return pair

    def _mask(self, layer: Any, mask: Any, sequences: Array) -> Array | None:
        """(B, T) of bool."""
        masks = [each for each in self._framework.flatten(mask) if each is not None]
        if not masks:
            return None
        array = self._framework.to_array(masks[0]).astype(bool)
        if is_time_major(layer):
            array = np.swapaxes(array, 0, 1)
        return array.reshape(sequences.shape[:2])

    def _initial(self, layer: Any, cells: tuple[Cell, ...], given: Any) -> list[States] | None:
        """What the call starts from: given, or what a stateful layer has kept."""
        framework = self._framework
        kept = framework.states(layer) if layer.stateful else None
        if given is None or (kept and framework.prefers_kept_states(kept)):
            given = kept
        return None if given is None else self.states(cells, framework.flatten(given))

    def states(self, cells: Any, tensors: list[Any]) -> list[States]:
        """One state (B, H) of each cell, of the tensors that hold them in this order."""
        arrays = iter([self._framework.to_array(tensor) for tensor in tensors])
        return [States(*(next(arrays) for _ in range(cell.state_count))) for cell in cells]

    def weights(self, cell: Cell) -> dict[str, Array]:
        """As they are stored, whatever they are cast to for this call. Equal ones are kept once."""
        if not self._with_weights:
            return {}
        with self._framework.uncast():
            weights = {
                name: self._framework.to_array(weight)
                for name in ("kernel", "recurrent_kernel", "bias")
                if (weight := getattr(cell.object, name, None)) is not None
            }
        known = self._known_weights.setdefault(id(cell.object), weights)
        if all(np.array_equal(known[name], weights[name]) for name in weights):
            return known
        self._known_weights[id(cell.object)] = weights
        return weights

    def dropout(self, cell: Cell, training: Any) -> dict[str, float]:
        """The dropout that acts in this call."""
        if training is None:
            training = self._framework.learning_phase()
        if not bool(training):
            return {}
        rates = {name: getattr(cell.object, name) for name in ("dropout", "recurrent_dropout")}
        return {name: float(rate) for name, rate in rates.items() if rate}


def is_time_major(layer: Any) -> bool:
    """Whether its sequences are (T, B, ·), as tf_keras can be told."""
    return bool(getattr(layer, "time_major", False))

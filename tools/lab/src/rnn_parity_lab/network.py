"""The numbers of a network, apart from any framework's objects."""

from __future__ import annotations

from dataclasses import dataclass

from .case import Array, LayerRecord, Reference, Weights
from .conversion import pytorch_from_keras
from .description import Direction


@dataclass(frozen=True)
class State:
    """h (B, H or P) and, for an lstm, c (B, H)."""

    h: Array
    c: Array | None = None


@dataclass(frozen=True)
class Network:
    """Weights in PyTorch's names, shapes and gate order, and states, by layer and direction."""

    weights: list[dict[Direction, Weights]]
    initial_states: list[dict[Direction, State]] | None = None

    @classmethod
    def of_pytorch(cls, reference: Reference) -> Network:
        """The recorded weights, without initial states."""
        return cls([_weights_by_direction(layer) for layer in reference.layers])

    @classmethod
    def of_keras(cls, reference: Reference) -> Network:
        """The recorded weights carried over to PyTorch's convention, without initial states."""
        return cls(
            [
                {
                    direction: pytorch_from_keras(layer.cell, weights)
                    for direction, weights in _weights_by_direction(layer).items()
                }
                for layer in reference.layers
            ]
        )


def _weights_by_direction(layer: LayerRecord) -> dict[Direction, Weights]:
    return {name: direction.weights for name, direction in layer.directions.items()}

"""What a fixture holds, in memory: one input sequence and what frameworks computed from it.

Every sequence is time-major, (T, B, ·). Time index t is input time in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from .description import Cell, Direction, LayerDirection

Array = np.ndarray
Weights = dict[str, Array]
"""The tensors of one layer and direction, by the framework's own names without suffixes."""


@dataclass
class DirectionRecord:
    """One direction of one layer. Absent states are zeros, absent biases do not exist."""

    weights: Weights
    h: Array  # (T, B, H or P)
    c: Array | None = None  # (T, B, H), lstm
    initial_h: Array | None = None  # (B, H or P)
    initial_c: Array | None = None  # (B, H), lstm
    final_h: Array | None = None  # (B, H or P)
    final_c: Array | None = None  # (B, H), lstm


@dataclass
class LayerRecord:
    """One layer. `input` is None where the layer read the case's input or the layer below."""

    name: str
    cell: Cell
    direction: LayerDirection
    hidden_size: int
    activation: str
    output: Array  # (T, B, ·), merged, as the framework returned it
    directions: dict[Direction, DirectionRecord]
    recurrent_activation: str | None = None
    reset_after: bool | None = None
    projection_size: int | None = None
    merge_mode: str | None = None
    input: Array | None = None  # (T, B, I)


@dataclass
class Reference:
    """What one framework computed for the case."""

    name: str
    framework: str
    framework_version: str
    convention: str
    environment: dict[str, Any]
    layers: list[LayerRecord]


@dataclass
class Case:
    """One input sequence and its references."""

    case: str
    input: Array  # (T, B, I)
    references: list[Reference] = field(default_factory=list)
    lengths: Array | None = None  # (B,)
    description: str | None = None
    seed: int | None = None

    def joined(self, other: Case) -> Case:
        """This case with the references of `other`, which must have had the same input."""
        if self.lengths is None or other.lengths is None:
            same_lengths = self.lengths is other.lengths
        else:
            same_lengths = np.array_equal(self.lengths, other.lengths)
        if not (np.array_equal(self.input, other.input) and same_lengths):
            raise ValueError(f"{self.case}: the two runs had different inputs or lengths")
        taken = {reference.name for reference in self.references}
        for reference in other.references:
            if reference.name in taken:
                raise ValueError(f"{self.case}: two references are named {reference.name!r}")
        return replace(self, references=self.references + other.references)

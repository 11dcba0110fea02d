"""The description of a case: what network is run on what input.

Axis letters, here and everywhere in this package: T timesteps, B batch, I input size,
H hidden size, P projection size, G gates (rnn 1, gru 3, lstm 4), D directions, L layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cell = Literal["rnn", "gru", "lstm"]
Direction = Literal["forward", "backward"]
LayerDirection = Literal["forward", "backward", "bidirectional"]
InputKind = Literal["uniform", "constant", "bfloat16", "float16"]
WeightKind = Literal["symmetric", "positive", "equal"]

GATES: dict[Cell, int] = {"rnn": 1, "gru": 3, "lstm": 4}


class UnsupportedByFramework(ValueError):
    """The framework has no layer that computes what the description asks for."""


@dataclass(frozen=True)
class LayerDescription:
    """One recurrent layer. The defaults are those of both frameworks."""

    cell: Cell
    hidden_size: int
    direction: LayerDirection = "forward"
    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"
    reset_after: bool = True
    projection_size: int = 0
    merge_mode: Literal["concat", "sum", "mul", "ave"] = "concat"
    bias: bool = True

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The forward one first."""
        return ("forward", "backward") if self.direction == "bidirectional" else (self.direction,)

    @property
    def state_size(self) -> int:
        """Size of h in one direction: P with a projection, else H."""
        return self.projection_size or self.hidden_size

    @property
    def output_size(self) -> int:
        """Size of the merged output of all directions."""
        concatenates = self.direction == "bidirectional" and self.merge_mode == "concat"
        return self.state_size * (2 if concatenates else 1)


@dataclass(frozen=True)
class CaseDescription:
    """One case: a network with random weights, its input, and who runs it.

    Weights are uniform in ±weight_scale/√H, or in (0, weight_scale/H) where `weights` is
    "positive"; initial states are uniform in ±1. Where `weights` is "equal", weights are
    weight_scale/(I + H), biases weight_scale/7 and states weight_scale/3. The input is uniform in
    ±1.5; "constant" is 0.75 everywhere; "bfloat16" and "float16" are uniform and rounded to that
    type.
    """

    case: str
    description: str
    layers: tuple[LayerDescription, ...]
    timesteps: int
    batch: int
    input_size: int
    seed: int
    dtype: Literal["float32", "float64"] = "float32"
    weight_scale: float = 1.5
    weights: WeightKind = "symmetric"
    input: InputKind = "uniform"
    initial_state: bool = True
    lengths: tuple[int, ...] | None = None
    references: tuple[str, ...] = ("pytorch", "keras")

    @property
    def input_sizes(self) -> tuple[int, ...]:
        """I of every layer."""
        return (self.input_size, *(layer.output_size for layer in self.layers[:-1]))

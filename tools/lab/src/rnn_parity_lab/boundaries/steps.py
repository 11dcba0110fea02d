"""What models are made of here, with weights, in no framework's terms: every builder reads these.

Sequences are (B, T, F) between steps, and (B, F) after a pooling one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..case import Array, Weights
from ..description import Cell

Activation = Literal["linear", "relu", "tanh", "gelu", "gelu_tanh", "sigmoid", "hard_sigmoid"]
"""gelu_tanh and hard_sigmoid are faults, which only ports have: PyTorch's and Keras's builders."""


@dataclass(frozen=True, eq=False)
class Embedding:
    """table: (V, F)"""

    table: Array


@dataclass(frozen=True, eq=False)
class Dense:
    """kernel: (I, O)   bias: (O)"""

    kernel: Array
    bias: Array
    activation: Activation = "linear"


@dataclass(frozen=True, eq=False)
class Convolution:
    """Along T, with as many zeros around as keep T.   kernel: (K, I, O), K odd   bias: (O)"""

    kernel: Array
    bias: Array
    activation: Activation = "linear"


@dataclass(frozen=True, eq=False)
class LayerNorm:
    """scale, offset: (F)   squares: whether the variance is E[x²] − µ²."""

    scale: Array
    offset: Array
    epsilon: float = 1e-5
    squares: bool = False


@dataclass(frozen=True, eq=False)
class BatchNorm:
    """By the statistics of training.   all: (F)"""

    scale: Array
    offset: Array
    mean: Array
    variance: Array
    epsilon: float = 1e-5


@dataclass(frozen=True, eq=False)
class Recurrent:
    """One layer.   ways: PyTorch's weights of the forward and perhaps the backward direction."""

    cell: Cell
    ways: tuple[Weights, ...]

    @property
    def hidden_size(self) -> int:
        """H"""
        return int(self.ways[0]["weight_hh"].shape[1])

    @property
    def input_size(self) -> int:
        """I"""
        return int(self.ways[0]["weight_ih"].shape[1])


@dataclass(frozen=True, eq=False)
class SequenceToSequence:
    """The final states of `encoder`, each through its bridge, start `decoder`, which reads the
    model's second input. One bridge for h, and one for the c of an LSTM."""

    encoder: Recurrent
    bridges: tuple[Dense, ...]
    decoder: Recurrent


@dataclass(frozen=True, eq=False)
class Attention:
    """One head over T. A mask hides what is yet to come: as booleans; or, which is a fault, as
    zeros and ones that are added to the scores."""

    query: Dense
    key: Dense
    value: Dense
    output: Dense
    mask: Literal["none", "causal", "float"] = "none"


@dataclass(frozen=True, eq=False)
class Residual:
    """x + steps(x)"""

    steps: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Branches:
    """Side by side along F."""

    branches: tuple[tuple[Step, ...], ...]


@dataclass(frozen=True)
class MaxPool:
    """Of two timesteps each; T is halved."""


@dataclass(frozen=True)
class MeanPool:
    """Over T."""


@dataclass(frozen=True)
class Last:
    """The last timestep."""


@dataclass(frozen=True)
class Softmax:
    """Over F."""


@dataclass(frozen=True)
class Shift:
    """x + by"""

    by: float


@dataclass(frozen=True)
class Scale:
    """x × by"""

    by: float


@dataclass(frozen=True)
class Flip:
    """Of T."""


@dataclass(frozen=True)
class Dropout:
    """At work, as in training."""

    rate: float


Step = (
    Embedding
    | Dense
    | Convolution
    | LayerNorm
    | BatchNorm
    | Recurrent
    | SequenceToSequence
    | Attention
    | Residual
    | Branches
    | MaxPool
    | MeanPool
    | Last
    | Softmax
    | Shift
    | Scale
    | Flip
    | Dropout
)


@dataclass(frozen=True, eq=False)
class Model:
    """inputs: (B, T, I), or tokens (B, T); with a `SequenceToSequence` the decoder's too."""

    steps: tuple[Step, ...]
    inputs: tuple[Array, ...]

    @property
    def named_inputs(self) -> dict[str, Array]:
        """Each by the name that graphs give it."""
        return dict(zip(("x", "target"), self.inputs))

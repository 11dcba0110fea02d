"""Which pairs are recorded: round by round, so that any number of rounds is of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from .architectures import ARCHITECTURES, Architecture
from .faults import FAULTS

ROUNDS = 32
FAULTY_ROUNDS = 3
"""The rounds that have every fault as well."""

_SLOW_EVERY = 4

_TF, _TORCH = "tensorflow", "torch"

_PARTNERS = (
    ("pytorch", "onnxruntime", _TF),
    ("keras", "pytorch", _TF),
    ("onnxruntime", "pytorch", _TF),
    ("pytorch", "onnxruntime", _TF),
    ("pytorch", "keras", _TORCH),
    ("onnxruntime", "pytorch", _TF),
    ("pytorch", "onnxruntime", _TF),
    ("pytorch", "keras", _TF),
    ("onnxruntime", "pytorch", _TF),
    ("keras", "onnxruntime", _TF),
    ("pytorch", "onnxruntime", _TF),
    ("pytorch", "flax", _TF),
    ("onnxruntime", "pytorch", _TF),
    ("pytorch", "onnxruntime", _TF),
    ("onnxruntime", "keras", _TF),
    ("onnxruntime", "pytorch", _TF),
    ("pytorch", "onnxruntime", _TF),
    ("keras", "pytorch", _TORCH),
    ("flax", "onnxruntime", _TF),
    ("onnxruntime", "pytorch", _TF),
    ("pytorch", "onnxruntime", _TF),
    ("pytorch", "keras", _TF),
    ("keras", "pytorch", _TF),
)
"""Original, port, and the backend that Keras has in that process. The quick ones more often:
Keras's eager layers take a call a timestep, and JAX compiles every operation of a new shape."""

_FAST_PARTNERS = tuple(each for each in _PARTNERS if "keras" not in each)
"""For long sequences."""


Way = Literal["free", "pinned"]
WAYS: tuple[Way, ...] = ("free", "pinned")
"""Free: two runs of their own. Pinned: the port reads the original's recurrent outputs, and is judged
by its spread and by that which the original has with those outputs held."""


@dataclass(frozen=True)
class Pair:
    """fault: of FAULTS, in the port; None where an architecture is recorded twice, honestly.
    subject: the architecture, or "tame" or "chaotic" for what lies upstream of a fault."""

    subject: str
    seed: int
    first: str
    second: str
    backend: str
    way: Way
    fault: str | None = None

    @property
    def name(self) -> str:
        """All that tells it from others."""
        words = (self.subject, self.seed, self.first, self.second, self.backend, self.way)
        return " | ".join(map(str, (*words, *([self.fault] if self.fault else []))))

    @property
    def partners(self) -> str:
        """The original and the port, for the document."""
        keras = f"keras ({self.backend})"
        return " → ".join(keras if one == "keras" else one for one in (self.first, self.second))


def plan(rounds: int, faulty_rounds: int) -> Iterator[Pair]:
    """All pairs of so many rounds, the first of which have the faults as well."""
    for number in range(rounds):
        for index, architecture in enumerate(ARCHITECTURES):
            if not architecture.slow or number % _SLOW_EVERY == 0:
                yield _honest(architecture, index, number)
        if number < faulty_rounds:
            yield from _faulty(number)


def _honest(architecture: Architecture, index: int, number: int) -> Pair:
    partners = _FAST_PARTNERS if architecture.name == "long" else _PARTNERS
    # In slow rounds all remainders of the number would be one.
    turn = number // _SLOW_EVERY if architecture.slow else number
    first, second, backend = partners[(index + turn) % len(partners)]
    # As the partners turn by twenty-threes, every kind of pair comes in every way.
    return Pair(architecture.name, number, first, second, backend, WAYS[(index + turn) % len(WAYS)])


def _faulty(number: int) -> Iterator[Pair]:
    # The slow partner once.
    ways = (("pytorch", "keras"), ("onnxruntime", "pytorch"))[0 if number == 0 else 1 :]
    for fault, subject, way in product(FAULTS, ("tame", "chaotic"), WAYS):
        for first, second in ways:
            yield Pair(subject, number, first, second, _TF, way, fault)

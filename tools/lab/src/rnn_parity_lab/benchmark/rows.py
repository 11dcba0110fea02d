"""What was measured, and by what it is held: rounds of interleaved measurements, rows, targets."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Rounds = dict[str, list[float]]
"""What every subject took, one figure a round."""


def interleaved(subjects: Mapping[str, Callable[[], float]], rounds: int) -> Rounds:
    """Measure every subject once a round, so that whatever slows the machine meets all of them."""
    measured: Rounds = {name: [] for name in subjects}
    for number in range(rounds):
        for name, measure in subjects.items():
            measured[name].append(measure())
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return measured


@dataclass(frozen=True)
class Target:
    """What a row must not exceed, or with `at_least` must reach."""

    bound: float
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        """Whether the value keeps to it."""
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True)
class Row:
    """One figure of one thing, and where it has a peer the same of the peer, round by round.

    values and peer_values are in `unit`: "s", "ms" or "MiB". The target is of the ratio, where there is a
    peer, and else of the value.
    """

    section: str
    what: str
    values: tuple[float, ...]
    unit: str = "s"
    peer: str | None = None
    peer_values: tuple[float, ...] = ()
    target: Target | None = None

    @property
    def value(self) -> float:
        """The median round."""
        return median(self.values)

    @property
    def ratios(self) -> list[float]:
        """Of each round; empty without a peer."""
        if self.peer is None:
            return []
        return [value / peer for value, peer in zip(self.values, self.peer_values, strict=True)]

    @property
    def judged(self) -> float:
        """What the target is of."""
        return median(self.ratios) if self.peer else self.value

    @property
    def is_met(self) -> bool | None:
        """None without a target."""
        return self.target.is_met(self.judged) if self.target else None

    def json(self) -> dict[str, object]:
        """Everything, for other programs."""
        return {
            "section": self.section,
            "what": self.what,
            "unit": self.unit,
            "value": self.value,
            "values": list(self.values),
            "peer": self.peer,
            "peer_value": median(self.peer_values) if self.peer else None,
            "peer_values": list(self.peer_values),
            "ratio": median(self.ratios) if self.peer else None,
            "target": self.target and self.target.bound,
            "target_is_least": self.target and self.target.at_least,
            "met": self.is_met,
        }

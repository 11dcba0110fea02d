"""Finds the smallest fault that each way of looking at a run catches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch

from ..case import Array, Case
from .faults import FAULTS, Fault, Faulty
from .honest import POSITIONS, Honest, Place, Setup, final
from .judging import Judgement, judge

PARITY = "parity"
COMPARISONS = (
    "assert_close, final state",
    "assert_close, all outputs",
    "allclose, final state",
    "allclose, all outputs",
)
WAYS = (PARITY, *COMPARISONS)


@dataclass
class Trial:
    """One fault at one position.

    caught: by each way, how many of the sizes from the largest on were caught without a gap.
    judged: the sizes that parity was asked about, what is wrong there, and what parity said.
    """

    setup: Setup
    fault: Fault
    position: int
    caught: dict[str, int] = field(default_factory=dict)
    judged: list[tuple[float, dict[Place, int], Judgement]] = field(default_factory=list)


@dataclass
class HonestResult:
    """What was said of an honest run: by parity of itself, by the others of it and an exact run."""

    setup: Setup
    alarms: dict[str, bool]


def measure(setup: Setup, parity: Path) -> tuple[list[HonestResult], list[Trial]]:
    """Of all positions of a setup: what was said of the honest runs, and of each fault."""
    runs = [Honest.drawn(setup, position) for position in range(POSITIONS)]
    judgements = judge(parity, [partial(_recorded, run) for run in runs])
    honest = [
        HonestResult(
            setup,
            {
                PARITY: judgement.is_caught,
                **differences(run.exact_outputs, run.outputs, setup),
            },
        )
        for run, judgement in zip(runs, judgements)
    ]
    trials: list[Trial] = []
    guesses: dict[str, int] = {}
    # The first position says where the others should look.
    for group in (runs[:1], runs[1:]):
        searches = [
            _Search(run, fault, guesses.get(fault.name))
            for run in group
            for fault in FAULTS
            if setup.cell in fault.cells
        ]
        while pending := [search for search in searches if search.size is not None]:
            records = [search.current.record for search in pending]
            for search, judgement in zip(pending, judge(parity, records)):
                search.take(judgement)
        for search in searches:
            guesses.setdefault(search.trial.fault.name, search.low)
            search.trial.caught[PARITY] = search.low
            trials.append(search.trial)
    return honest, trials


def _recorded(run: Honest) -> Case:
    return run.case


def differences(run: Array, honest: Array, setup: Setup) -> dict[str, bool]:
    """Whether each of the usual comparisons, with its defaults, tells the two runs apart."""
    found = {}
    pairs = {
        "final state": (final(run, setup), final(honest, setup)),
        "all outputs": (run, honest),
    }
    for what, (actual, expected) in pairs.items():
        found[f"assert_close, {what}"] = not _is_close(actual, expected)
        found[f"allclose, {what}"] = not np.allclose(actual, expected)
    return found


def _is_close(actual: Array, expected: Array) -> bool:
    try:
        torch.testing.assert_close(torch.tensor(actual), torch.tensor(expected))
    except AssertionError:
        return False
    return True


class _Search:
    """Bisects the sizes for parity; the comparisons, which are cheap, look at every size."""

    def __init__(self, run: Honest, fault: Fault, guess: int | None):
        self.trial = Trial(run.setup, fault, run.position)
        self.faulty = [fault.inject(run, size) for size in fault.sizes]
        self.guess = guess
        self.low = 0  # so many of the largest are caught
        # From here on they are missed; a fault that changes no number is not there.
        self.high = next((i for i, f in enumerate(self.faulty) if f is None), len(self.faulty))
        self._compare()

    @property
    def next(self) -> int:
        if self.guess is not None:
            for index in (self.guess - 1, self.guess):
                if self.low <= index < self.high:
                    return index
        return (self.low + self.high) // 2

    @property
    def size(self) -> float | None:
        return self.trial.fault.sizes[self.next] if self.low < self.high else None

    @property
    def current(self) -> Faulty:
        """The run of the next size; below `high` every size changes some number."""
        faulty = self.faulty[self.next]
        assert faulty is not None
        return faulty

    def take(self, judgement: Judgement) -> None:
        index = self.next
        self.trial.judged.append((self.trial.fault.sizes[index], self.current.places, judgement))
        if judgement.is_caught:
            self.low = index + 1
        else:
            self.high = index

    def _compare(self) -> None:
        """Counts for each comparison the sizes from the largest on, up to the first it misses."""
        going = dict.fromkeys(COMPARISONS, True)
        self.trial.caught = dict.fromkeys(COMPARISONS, 0)
        for different in self._compared():
            for way in COMPARISONS:
                going[way] &= different[way]
                self.trial.caught[way] += going[way]
            if not any(going.values()):
                return

    def _compared(self) -> Iterator[dict[str, bool]]:
        honest = None
        for faulty in self.faulty:
            if faulty is None:
                return
            if honest is None:
                honest = faulty.honest_outputs()
            yield differences(faulty.outputs(), honest, self.trial.setup)

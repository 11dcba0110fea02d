"""A fault that somebody reported in public, and how it is made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rnn_parity import Case

Place = tuple[int, str]
"""Layer and direction."""

FORWARD: tuple[Place, ...] = ((0, "forward"),)
BACKWARD: tuple[Place, ...] = ((0, "backward"),)
BOTH_WAYS: tuple[Place, ...] = (*FORWARD, *BACKWARD)


@dataclass(frozen=True, kw_only=True)
class KnownBug:
    """One report.

    what: what went wrong, and what in.   source, date: the report's address and day.
    frameworks: what runs here.   how: how the run is made here.
    references: the run, by its name in the file, or the original and its wrong port.
    named: the findings of which any tells what to change; joined with `+` where it takes several.
    places: the layers and directions that compute something else.   unseen: those below of which nothing is
        recorded, so that they are judged through these.
    record: runs the frameworks, from a seed; with the fault, or else without it.
    verdict: `drift` where the fault is one of arithmetic.
    """

    name: str
    what: str
    source: str
    date: str
    frameworks: str
    how: str
    references: tuple[str, ...]
    named: tuple[str, ...]
    places: tuple[Place, ...]
    record: Callable[[int, bool], Case]
    unseen: tuple[Place, ...] = ()
    verdict: str = "mismatch"

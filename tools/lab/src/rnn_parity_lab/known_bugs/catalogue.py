"""All reports that are made again, in the order of the page."""

from __future__ import annotations

from dataclasses import replace
from zlib import crc32

from rnn_parity import Case

from . import initial_states, options, precision, sequences, weights
from .bug import KnownBug

FAMILIES: dict[str, list[KnownBug]] = {
    "Weights": weights.BUGS,
    "States": initial_states.BUGS,
    "What a layer reads": sequences.BUGS,
    "What a cell computes": options.BUGS,
    "Precision": precision.BUGS,
}


def all_bugs() -> list[KnownBug]:
    """Of every family."""
    return [bug for family in FAMILIES.values() for bug in family]


def recorded(bug: KnownBug, wrong: bool = True) -> Case:
    """Its recording, or that of the same networks without the fault. The seed follows from the name."""
    seed = crc32(bug.name.encode()) % 10_000
    description = bug.what if wrong else f"Without its fault: {bug.what}"
    return replace(bug.record(seed, wrong), case=bug.name, description=description, seed=seed)

"""Faults that were reported in public, made again: what the manifest says of their recordings."""

from __future__ import annotations

from typing import Any

from rnn_parity import Case

from ..fixture import Fixture
from ..known_bugs.bug import KnownBug
from ..known_bugs.catalogue import all_bugs, recorded

GROUP = "known-bugs"


def fixtures() -> list[Fixture]:
    """One of each report."""
    return [_fixture(bug) for bug in all_bugs()]


def _fixture(bug: KnownBug) -> Fixture:
    def produce() -> tuple[Case, dict[str, Any]]:
        case = recorded(bug)
        return case, {"case": bug.name, "description": bug.what, "seed": case.seed, "source": bug.source}

    return Fixture(name=bug.name, group=GROUP, folder=GROUP, produce=produce, expect=_expected(bug))


def _expected(bug: KnownBug) -> dict[str, Any]:
    """A run contradicts what its file declares; a port its original's weights, and the other way round."""
    places = [{"layer": layer, "direction": way} for layer, way in sorted({*bug.places, *bug.unseen})]
    common = {"verdict": bug.verdict, "flagged": places, "named": list(bug.named)}
    if len(bug.references) == 1:
        return common | {"references": {bug.references[0]: bug.verdict}}
    pairs = (bug.references, bug.references[::-1])
    return common | {
        "references": dict.fromkeys(bug.references, "match"),
        "cross": [
            {"states_of": states, "weights_of": weights, "verdict": bug.verdict} for weights, states in pairs
        ],
    }

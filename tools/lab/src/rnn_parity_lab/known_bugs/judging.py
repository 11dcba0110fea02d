"""Lets `parity report` judge the recordings, and compares what it names with what it has to name."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .bug import KnownBug, Place


@dataclass(frozen=True)
class Judged:
    """One report, judged.

    verdict: of the whole case.   flagged: layers and directions that do not match.
    found, says: name and sentence of what a reader sees first, at a place where it is what is looked for, if
        there is one.   named: whether it is so at each of the bug's places.
    """

    bug: KnownBug
    verdict: str
    flagged: frozenset[Place]
    found: str
    says: str
    named: bool

    @property
    def is_flagged(self) -> bool:
        """Whether anything does not match, where something is wrong and nowhere else."""
        return self.verdict != "match" and self.flagged == {*self.bug.places, *self.bug.unseen}


def judge(parity: Path, folder: Path, bugs: list[KnownBug]) -> list[Judged]:
    """Every bug's file in `folder`."""
    cases = _cases(parity, folder)
    return [judged(bug, cases[bug.name]) for bug in bugs]


def mismatches(parity: Path, folder: Path) -> list[str]:
    """The names of the cases in `folder` that do not match."""
    return [name for name, case in _cases(parity, folder).items() if case["verdict"] != "match"]


def _cases(parity: Path, folder: Path) -> dict[str, dict[str, Any]]:
    """What the program reports of every file in `folder`, by name."""
    done = subprocess.run([parity, "report", "--format", "json", folder], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{parity} report: exit {done.returncode}: {done.stderr}")
    return {case["case"]: case for case in json.loads(done.stdout)["cases"]}


def judged(bug: KnownBug, case: dict[str, Any]) -> Judged:
    """What the report of its case says of a bug."""
    flagged = [each for each in _passes(bug, case) if each["verdict"] != "match"]
    first = {_place(each): (each["findings"] or [{}])[0] for each in flagged}
    firsts = [first.get(place, {}) for place in bug.places]
    right = [one for one in firsts if _is_named(bug, one)]
    shown = (right or firsts)[0]
    return Judged(
        bug,
        case["verdict"],
        frozenset(map(_place, flagged)),
        shown.get("name", ""),
        shown.get("says", ""),
        len(right) == len(bug.places),
    )


def _passes(bug: KnownBug, case: dict[str, Any]) -> list[dict[str, Any]]:
    """The run by what its file declares, or the port's by the original's weights."""
    if len(bug.references) == 1:
        (run,) = case["references"]
        return list(run["layers"])
    original, port = bug.references
    (cross,) = (each for each in case["cross"] if (each["states_of"], each["weights_of"]) == (port, original))
    return list(cross["layers"])


def _place(judged: dict[str, Any]) -> Place:
    return judged["layer"], judged["direction"]


def _is_named(bug: KnownBug, finding: dict[str, Any]) -> bool:
    """Whether a finding that accounts for everything is one of those that are looked for."""
    if finding.get("explains") != "all":
        return False
    return any(_is_of(finding["name"], name) for name in bug.named)


def _is_of(found: str, expected: str) -> bool:
    """The same hypotheses, in any order; one that is expected without a parameter may have any."""
    founds, expecteds = sorted(found.split("+")), sorted(expected.split("+"))
    return len(founds) == len(expecteds) and all(
        one == other or (":" not in other and one.startswith(f"{other}:"))
        for one, other in zip(founds, expecteds, strict=True)
    )

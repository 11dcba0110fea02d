"""Lets `parity report` judge the recordings, and compares what it names with what it has to name."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .bug import KnownBug, Place


@dataclass(frozen=True)
class Judged:
    """One report, judged.

    verdict: of the whole case.   flagged: layers and directions that do not match, but for those that are judged
    through another.   found, says: the name and the sentence of the finding that a reader sees first: the one that
    is expected, if it is among the first ones.   named: whether each of the bug's places has it.
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
        return self.verdict != "match" and self.flagged == frozenset(self.bug.places)


def judge(parity: Path, folder: Path, bugs: list[KnownBug]) -> list[Judged]:
    """Every bug's file in `folder`, judged in one run of the program."""
    files = [folder / f"{bug.name}.h5" for bug in bugs]
    done = subprocess.run([parity, "report", "--format", "json", *files], capture_output=True, text=True)
    if done.returncode != 1:
        raise RuntimeError(f"{parity} report: exit {done.returncode}: {done.stderr}")
    cases = {case["case"]: case for case in json.loads(done.stdout)["cases"]}
    return [_judged(bug, cases[bug.name]) for bug in bugs]


def _judged(bug: KnownBug, case: dict[str, Any]) -> Judged:
    if case.get("error"):
        raise RuntimeError(f"{bug.name}: {case['error']}")
    passes = [each for each in _passes(case) if each["verdict"] != "match" and not _is_relayed(each)]
    findings = {place: [_first(each) for each in passes if _place(each) == place] for place in bug.places}
    right = {place: [one for one in firsts if _is_named(bug, one)] for place, firsts in findings.items()}
    shown = next((one for ones in (*right.values(), *findings.values()) for one in ones if one), {})
    return Judged(
        bug,
        case["verdict"],
        frozenset(map(_place, passes)),
        shown.get("name", ""),
        shown.get("says", ""),
        all(right.values()),
    )


def _passes(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Of every reference by its own weights, and by every other's."""
    for judged in (*case["references"], *case["cross"]):
        yield from judged["layers"]


def _is_relayed(judged: dict[str, Any]) -> bool:
    return any(finding["name"] == "judged-through-another-layer" for finding in judged["findings"])


def _place(judged: dict[str, Any]) -> Place:
    return judged["layer"], judged["direction"]


def _first(judged: dict[str, Any]) -> dict[str, Any]:
    """What a reader sees first."""
    findings: list[dict[str, Any]] = judged["findings"]
    return findings[0] if findings else {}


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

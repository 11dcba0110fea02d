"""Lets `parity report` judge recorded pairs, and reads what it says of their boundaries."""

from __future__ import annotations

import json
import math
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .plan import Pair
from .recording import Record


@dataclass(frozen=True)
class Boundary:
    """ratios: the largest of each kind of slice.   ratio: the largest, by the program; None where
    it compared no numbers."""

    name: str
    verdict: str
    ratio: float | None
    ratios: dict[str, float]


@dataclass(frozen=True)
class Finding:
    """verdict: of the whole case.   boundaries: those that are no input of the model."""

    pair: Pair
    verdict: str
    boundaries: tuple[Boundary, ...]

    @property
    def differs(self) -> bool:
        """Whether any boundary does."""
        return any(one.verdict == "differs" for one in self.boundaries)

    @property
    def is_undecided(self) -> bool:
        """Whether any boundary is."""
        return any(one.verdict == "inconclusive" for one in self.boundaries)

    @property
    def decided_ratios(self) -> list[float]:
        """Infinite where no number says how far apart the two are."""
        return [
            math.inf if one.ratio is None else one.ratio
            for one in self.boundaries
            if one.verdict != "inconclusive"
        ]


def judge(parity: Path, folder: Path, records: list[Record]) -> list[Finding]:
    """One finding for each record, in their order."""
    judged = subprocess.run(
        [parity, "report", "--format", "json", folder], capture_output=True, text=True
    )
    if judged.returncode not in (0, 1, 2):
        raise RuntimeError(f"{parity} report: exit {judged.returncode}: {judged.stderr}")
    cases = {case["case"]: case for case in json.loads(judged.stdout)["cases"]}
    return [_finding(record, cases[record.pair.name]) for record in records]


def _finding(record: Record, case: dict[str, Any]) -> Finding:
    if case.get("error"):
        raise RuntimeError(f"{record.pair.name}: {case['error']}")
    return Finding(
        record.pair,
        case["verdict"],
        tuple(
            _boundary(record, one)
            for one in case.get("boundaries") or []
            if not one["boundary"].startswith("inputs/")
        ),
    )


def _boundary(record: Record, judged: dict[str, Any]) -> Boundary:
    ratio = judged.get("ratio")
    own = record.ratios.get(judged["boundary"], {})
    ratio = None if ratio is None else float(ratio)
    if ratio is not None and own and not math.isclose(ratio, max(own.values()), rel_tol=1e-4):
        raise RuntimeError(
            f"{record.pair.name}: {judged['boundary']}: the program's ratio {ratio}, here {own}"
        )
    return Boundary(judged["boundary"], judged["verdict"], ratio, own)

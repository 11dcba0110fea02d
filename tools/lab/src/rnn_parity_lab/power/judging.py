"""Lets `parity report` judge recorded runs, and reads where it found something."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..case import Case
from ..hdf5_writer import write_case
from .honest import Place

_BATCH_FILES = 24


@dataclass(frozen=True)
class Judgement:
    """flagged: the first flagged timestep of each flagged layer and direction."""

    verdict: str
    flagged: dict[Place, int | None]

    @property
    def is_caught(self) -> bool:
        """Whether parity says that anything is wrong."""
        return self.verdict != "match"


def judge(parity: Path, records: list[Callable[[], Case]]) -> list[Judgement]:
    """One judgement for each record, in their order.   records: each makes a run when it is due."""
    judgements: list[Judgement] = []
    for start in range(0, len(records), _BATCH_FILES):
        with tempfile.TemporaryDirectory(prefix="parity-power-") as folder:
            batch = records[start : start + _BATCH_FILES]
            for index, record in enumerate(batch):
                write_case(Path(folder, f"{index:03}.h5"), record())
            judgements += _judged(parity, folder, len(batch))
    return judgements


def _judged(parity: Path, folder: str, count: int) -> list[Judgement]:
    judged = subprocess.run(
        [parity, "report", folder, "--format", "json"], capture_output=True, text=True
    )
    if judged.returncode not in (0, 1):
        raise RuntimeError(f"{parity} report: exit {judged.returncode}: {judged.stderr}")
    cases = sorted(json.loads(judged.stdout)["cases"], key=lambda case: case["file"])
    if len(cases) != count:
        raise RuntimeError(f"{count} fixtures, but {len(cases)} judged cases")
    return [_judgement(case) for case in cases]


def _judgement(case: dict[str, Any]) -> Judgement:
    (reference,) = case["references"]
    flagged = {}
    for layer in reference["layers"]:
        if layer["verdict"] in ("invalid", "inconclusive") or layer["evidence"] != "stepwise":
            raise RuntimeError(f"{case['case']}: {layer['verdict']} by {layer['evidence']}")
        if layer["verdict"] != "match":
            first = layer["first_flagged"]
            place = layer["layer"], layer["direction"]
            flagged[place] = first and first["timestep"]
    return Judgement(case["verdict"], flagged)

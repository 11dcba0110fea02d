"""Lets `parity report` judge recorded runs, and reads what it found."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .plan import BFLOAT16, FLOAT16, Run

FIXED_RMS, FIXED_ELEMENT = 4.0, 32.0
"""The limits of the effective roundoff that hold without a control."""


@dataclass(frozen=True)
class Finding:
    """One layer and direction of one reference, or one of its cross checks.

    rms, element: the effective roundoff, of the worst timestep and of the worst element; None in
        cross checks, and in half precision, where they are not those of the precision.
    ratio: the largest residual over its certified bound; in half precision over that precision's.
    named: in half precision, what accounts for the run: "precision:bfloat16", or "match" where its
        rounding changed nothing that is measurable; None if nothing does, and in other precisions.
    flagged: where and as what; None if it is what an honest run should be.
    """

    run: Run
    framework: str
    steps: int
    rms: float | None
    element: float | None
    ratio: float
    cross: bool
    named: str | None
    flagged: str | None

    @property
    def beyond_fixed_limits(self) -> bool:
        """Honest only if its data explain it."""
        if self.rms is None or self.element is None:
            return False
        return self.rms > FIXED_RMS or self.element > FIXED_ELEMENT


def judge(parity: Path, fixtures: dict[Path, Run]) -> Iterator[tuple[Path, Finding]]:
    """What was found in each file.   fixtures: what run each holds."""
    judged = subprocess.run(
        [parity, "report", "--format", "json", *fixtures], capture_output=True, text=True
    )
    if judged.returncode not in (0, 1, 2):
        raise RuntimeError(f"{parity} report: exit {judged.returncode}: {judged.stderr}")
    runs = {run.description.case: (path, run) for path, run in fixtures.items()}
    cases = json.loads(judged.stdout)["cases"]
    if len(cases) != len(runs):
        raise RuntimeError(f"{len(runs)} fixtures, but {len(cases)} judged cases")
    for case in cases:
        if "error" in case and case["error"]:
            raise RuntimeError(case["error"])
        path, run = runs[case["case"]]
        for finding in _findings(run, case):
            yield path, finding


def _findings(run: Run, case: dict[str, Any]) -> Iterator[Finding]:
    half = run.precision in (BFLOAT16, FLOAT16)
    for reference in case["references"]:
        for layer in reference["layers"]:
            measured = layer["stepwise"]
            named, ratio = _explanation(run, layer) if half else (None, None)
            as_expected = named is not None if half else layer["verdict"] == "match"
            as_expected &= layer["evidence"] == "stepwise"
            yield Finding(
                run=run,
                framework=reference["name"],
                steps=len(layer["timesteps"]),
                rms=None if half else measured["effective_roundoff_rms"],
                element=None if half else measured["max_effective_roundoff"],
                ratio=measured["max_bound_ratio"] if ratio is None else ratio,
                cross=False,
                named=named,
                flagged=None if as_expected else f"{reference['name']}, {_place(layer)}",
            )
    for check in case["cross"]:
        pair = f"{check['states_of']} states by {check['weights_of']} weights"
        for layer in check["layers"]:
            yield Finding(
                run=run,
                framework=pair,
                steps=0,
                rms=None,
                element=None,
                ratio=layer["max_bound_ratio"],
                cross=True,
                named=None,
                flagged=None if layer["verdict"] == "match" else f"{pair}, {_place(layer)}",
            )
        if check["parameters"] and all(layer["verdict"] == "match" for layer in check["layers"]):
            raise RuntimeError(f"{case['case']}: {pair}: parameters differ, layers match")


def _explanation(run: Run, layer: dict[str, Any]) -> tuple[str | None, float | None]:
    """What accounts for a run in half precision, and its residual over that bound."""
    if layer["verdict"] == "match":
        return "match", layer["stepwise"]["max_bound_ratio"]
    own = f"precision:{run.precision}"
    for finding in layer["diagnosis"] or []:
        if finding["explains"] and finding["hypothesis"].startswith("precision:"):
            named = own if own in finding["equivalent_to"] else finding["hypothesis"]
            return named, finding["max_bound_ratio"]
    return None, None


def _place(layer: dict[str, Any]) -> str:
    return f"layer {layer['layer']} {layer['direction']}: {layer['verdict']}"

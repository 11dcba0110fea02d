"""Judges a recording with the `parity` program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .case import Case


class ParityProgramError(RuntimeError):
    """The `parity` program is missing, or ended without a report."""


@dataclass(frozen=True, eq=False)
class Result:
    """What `parity` says of a case.

    verdict: match, inconclusive, drift, differs, mismatch or invalid.   text: the report for people.
    report: the JSON report, as its format document describes it.
    """

    verdict: str
    text: str
    report: dict[str, Any]

    def __bool__(self) -> bool:
        return self.verdict == "match"

    def __str__(self) -> str:
        return f"parity: {self.verdict}\n{self.text}"


def check(case: Case | str | Path, *, original: str | None = None, options: Sequence[str] = ()) -> Result:
    """Run `parity report` on a recording, or on a file.

    original: the name of the reference that is right; the report then says what the others depart in.
    options: further options of `parity report`, such as ["--rtol", "1e-5"].
    True for `match` only; whatever the verdict, nothing is raised for it. Raises ParityProgramError
    where the program is missing or fails.
    """
    program = parity_program()
    if not isinstance(case, Case) and not Path(case).exists():
        raise FileNotFoundError(f"{case}: expected a fixture; found no such file")
    with tempfile.TemporaryDirectory() as folder:
        path = case.save(Path(folder) / "case.h5") if isinstance(case, Case) else Path(case)
        written, words = Path(folder) / "report.json", Path(folder) / "report.txt"
        command = [program, "report", str(path), "--format", "json", "--output", str(written)]
        command += ["--format", "terminal", "--output", str(words), *options]
        command += [] if original is None else ["--original", original]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            raise ParityProgramError(f"{program}: {error}") from error
        if done.returncode not in (0, 1, 2) or not (written.exists() and words.exists()):
            said = done.stderr.strip() or done.stdout.strip() or "it said nothing"
            raise ParityProgramError(f"{program} ended with status {done.returncode}: {said}")
        report = json.loads(written.read_text(encoding="utf-8"))
        text = words.read_text(encoding="utf-8").strip()
    return Result(str(report["verdict"]), text, report)


def assert_parity(
    case: Case | str | Path, *, original: str | None = None, options: Sequence[str] = ()
) -> Result:
    """Check, and raise an AssertionError that says what to mend unless it is a match."""
    result = check(case, original=original, options=options)
    if not result:
        raise AssertionError(str(result))
    return result


def parity_program() -> str:
    """$PARITY, else the program inside the wheel, else `parity` on PATH."""
    named = os.environ.get("PARITY")
    if named:
        if not (os.path.isfile(named) and os.access(named, os.X_OK)):
            raise ParityProgramError(f"PARITY={named}: expected the parity program; found no such program")
        return named
    bundled = Path(__file__).parent / "bin" / ("parity.exe" if os.name == "nt" else "parity")
    found = str(bundled) if bundled.is_file() else shutil.which("parity")
    if found is None:
        raise ParityProgramError(
            "the parity program is missing: install a wheel of rnn-parity that has it, put it on PATH, or "
            "name it by the environment variable PARITY"
        )
    return found

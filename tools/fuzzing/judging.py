"""Runs the judge on many files, and measures it from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What one command may take for all its files.
MOST_SECONDS = 180.0
# The documented limit of one process, and room for what the system counts beside it.
MOST_BYTES = (1 << 30) * 9 // 8
OPTIONS = ("--format", "json", "--timesteps", "flagged")


@dataclass(frozen=True)
class Run:
    """cases: the reports by file.   problems: what is wrong with the command itself, in words.

    seconds: from start to end.   processor: seconds of all its processes together.
    peak: bytes of the largest of them.
    """

    cases: Mapping[str, Mapping[str, Any]]
    problems: tuple[str, ...]
    seconds: float
    processor: float
    peak: int


def judge(parity: str, files: Sequence[str], folder: Path) -> Run:
    """Judges files of a folder, named within it."""
    command = [parity, "report", *OPTIONS, *files]
    with open(folder / "report.json", "wb") as output, open(folder / "errors.txt", "wb") as errors:
        start = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        status, usage = _wait(process.pid, start + MOST_SECONDS)
        seconds = time.monotonic() - start
    process.returncode = status if status is not None else -signal.SIGKILL
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    problems = []
    if status is None:
        problems.append(f"it took more than {MOST_SECONDS:.0f} s")
    elif status not in (0, 1, 2):
        problems.append(f"exit status {status}")
    if said := (folder / "errors.txt").read_text(errors="backslashreplace").strip():
        problems.append(f"standard error: {said[:300]}")
    if peak > MOST_BYTES:
        problems.append(f"{peak >> 20} MiB in one process")
    if _outlived(process.pid):
        problems.append("a process outlived the command")
    cases: dict[str, Mapping[str, Any]] = {}
    try:
        report = json.loads((folder / "report.json").read_bytes())
        cases = {case["file"]: case for case in report["cases"]}
    except (ValueError, KeyError):
        problems.append("no report that can be read")
    if missing := [file for file in files if file not in cases]:
        problems.append(f"no word of {', '.join(missing[:4])}")
    return Run(cases, tuple(problems), seconds, usage.ru_utime + usage.ru_stime, peak)


def _wait(process: int, end: float) -> tuple[int | None, Any]:
    """The exit status, negative for a signal and None for too long; what it and all it waited for used."""
    while True:
        found, status, usage = os.wait4(process, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), usage
        if time.monotonic() > end:
            os.killpg(process, signal.SIGKILL)
            return None, os.wait4(process, 0)[2]
        time.sleep(0.01)


def _outlived(group: int) -> bool:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True

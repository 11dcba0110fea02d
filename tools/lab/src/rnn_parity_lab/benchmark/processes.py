"""Runs a program as a user does, and measures its time, or the memory of all its processes."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_SECONDS_BETWEEN_LOOKS = 0.02


class UnexpectedExit(Exception):
    """The program ended otherwise than what is measured would: its time would mean nothing."""


@dataclass(frozen=True)
class Command:
    """A command line, and the exit status without which its time is not counted."""

    arguments: tuple[str | Path, ...]
    exit_status: int = 0

    def seconds(self) -> float:
        """The wall time from before the start to after the end."""
        started = time.perf_counter()
        ended = subprocess.run(self.arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        elapsed = time.perf_counter() - started
        self._check(ended.returncode, ended.stderr)
        return elapsed

    def peak_bytes(self) -> int:
        """The sum of what every process of the command, children included, held in memory at its peak.

        The processes need not reach their peaks together, and share some pages: so this is at least what they
        need. Only where there is /proc.
        """
        with subprocess.Popen(
            self.arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            peaks: dict[int, int] = {}
            while process.poll() is None:
                for member in _family(process.pid):
                    peaks[member] = max(peaks.get(member, 0), _high_water_mark(member))
                time.sleep(_SECONDS_BETWEEN_LOOKS)
            errors = process.stderr.read() if process.stderr else b""
        self._check(process.returncode, errors)
        return sum(peaks.values())

    def output(self) -> str:
        """What the command prints."""
        ended = subprocess.run(self.arguments, capture_output=True)
        self._check(ended.returncode, ended.stderr)
        return ended.stdout.decode()

    def _check(self, status: int, errors: bytes) -> None:
        if status != self.exit_status:
            line = " ".join(map(str, self.arguments))
            raise UnexpectedExit(
                f"{line}: exit {status}, expected {self.exit_status}: {errors.decode(errors='replace')}"
            )


def can_measure_memory() -> bool:
    """Whether the peaks of other processes can be read here."""
    return sys.platform == "linux"


def _family(pid: int) -> list[int]:
    """A process and all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            parent = _status(int(folder.name)).get("PPid")
            if parent:
                children.setdefault(int(parent[0]), []).append(int(folder.name))
    family = [pid]
    for member in family:
        family += children.get(member, [])
    return family


def _high_water_mark(pid: int) -> int:
    """In bytes; 0 where the process has ended."""
    peak = _status(pid).get("VmHWM")
    return int(peak[0]) * 1024 if peak else 0


def _status(pid: int) -> dict[str, list[str]]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return {}
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}

"""tools/benchmark judging: how fast recorded runs are judged, and in how much memory."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from .processes import Command, can_measure_memory
from .recording import (
    Recordings,
    Size,
    forward_seconds,
    record_drift,
    record_honest,
    record_lost_bias,
)
from .rows import Rounds, Row, Target, interleaved

STEPWISE = "A recorded run, step by step"
WITH_FREE_RUN = "The same with the free run"
FLAGGED = "A flagged run"
SCRIPT = "A plain Python script"
FOLDER = "A folder of 1,000 files"
START = "Start-up"
MEMORY = "Memory"

_CELLS = ("lstm", "gru", "rnn")
_SIZES = {1: ((1, 1024, 1000),), 2: ((32, 256, 100), (32, 512, 100))}
"""(B, H, T) by how many times PyTorch's own pass their verdict may take."""
_FOLDER_FILES = 1000
_STARTS_A_ROUND = 5
_LONG = Size("lstm", 8, 256, 30_000)
_LARGE = Size("lstm", 8, 256, 300_000)
_GIBIBYTE = 2**30


@dataclass(frozen=True)
class Plan:
    """What is measured: with which program, how often, and where its files are kept.

    fixtures: the folder of bundled fixtures. large: whether a file of 10 GB is written and judged as well.
    """

    parity: Path
    fixtures: Path
    folder: Path
    rounds: int = 5
    quick: bool = False
    large: bool = False

    @property
    def sizes(self) -> Iterator[tuple[Size, Target]]:
        """The layers, each with its target."""
        for bound, shapes in _SIZES.items():
            for batch, hidden_size, timesteps in shapes:
                for cell in _CELLS:
                    if not self.quick or (batch > 1 and hidden_size == 256):
                        yield Size(cell, batch, hidden_size, timesteps), Target(bound)

    @property
    def scripted(self) -> Size:
        """The layer that the plain script runs as well."""
        return next(size for size, _ in self.sizes if size.cell == "lstm")

    def report(self, *arguments: str | Path, exit_status: int = 0) -> Command:
        """`parity report`."""
        return Command((self.parity, "report", *arguments), exit_status)


def measure(plan: Plan) -> list[Row]:
    """All rows, in the order of the document."""
    recordings = Recordings(plan.folder)
    with tempfile.TemporaryDirectory(prefix="rnn-parity-benchmark-") as temporary:
        folder = Path(temporary)
        _fill(folder, plan.fixtures)
        measured = interleaved(dict(_subjects(plan, recordings, folder)), plan.rounds)
    return [*_rows(plan, measured), *_memory(plan, recordings)]


def _subjects(
    plan: Plan, recordings: Recordings, folder: Path
) -> Iterator[tuple[str, Callable[[], float]]]:
    """Everything that is timed, by name."""
    for size, _ in plan.sizes:
        honest, lost, drift = _recorded(plan, recordings, size)
        yield f"torch {size.name}", forward_seconds(size)
        yield f"stepwise {size.name}", plan.report("--no-free-run", honest).seconds
        yield f"free {size.name}", plan.report(honest).seconds
        yield f"lost {size.name}", plan.report("--no-free-run", lost, exit_status=1).seconds
        yield f"drift {size.name}", plan.report("--no-free-run", drift, exit_status=1).seconds
    script = Path(__file__).with_name("plain_script.py")
    honest, _, _ = _recorded(plan, recordings, plan.scripted)
    yield "script", Command((sys.executable, script, honest)).seconds
    for jobs in ("1", "2"):
        yield f"folder {jobs}", plan.report("--jobs", jobs, folder).seconds
    smallest = min(plan.fixtures.glob("*.h5"), key=lambda path: path.stat().st_size)
    yield "version", _repeated(Command((plan.parity, "--version")))
    yield "smallest", _repeated(plan.report(smallest))
    yield "nothing", _repeated(Command((_true(),)))


def _recorded(plan: Plan, recordings: Recordings, size: Size) -> tuple[Path, Path, Path]:
    """The honest run, the one that lost a bias and the one that drifts; they are what they are called."""
    honest = recordings.made(f"{size.name}-honest", lambda path: record_honest(size, path))
    lost = recordings.made(f"{size.name}-lost", lambda path: record_lost_bias(size, path))
    drift = recordings.made(f"{size.name}-drift", lambda path: record_drift(size, path))
    _require(plan, honest, "match", is_explained=None)
    _require(plan, lost, "mismatch", is_explained=True)
    _require(plan, drift, "drift", is_explained=False)
    return honest, lost, drift


def _require(plan: Plan, path: Path, verdict: str, is_explained: bool | None) -> None:
    """Refuse to time a judgement of another kind than the table says.

    is_explained: whether the diagnosis must reproduce the run; None where there is nothing to explain.
    """
    form = ("--no-free-run", "--format", "json", "--timesteps", "flagged")
    report = plan.report(*form, path, exit_status=int(verdict != "match"))
    (case,) = json.loads(report.output())["cases"]
    (layer,) = case["references"][0]["layers"]
    diagnosis = layer["diagnosis"] or []
    found = None if layer["verdict"] == "match" else any(entry["explains"] for entry in diagnosis)
    if (case["verdict"], found) != (verdict, is_explained):
        raise RuntimeError(f"{path.name}: expected {verdict}, found {case['verdict']}: {diagnosis}")


def _rows(plan: Plan, measured: Rounds) -> Iterator[Row]:
    def row(section: str, what: str, subject: str, target: Target | None = None) -> Row:
        return Row(section, what, tuple(measured[subject]), target=target)

    def beside(row: Row, peer: str, subject: str) -> Row:
        return replace(row, peer=peer, peer_values=tuple(measured[subject]))

    for size, target in plan.sizes:
        own = row(STEPWISE, size.title, f"stepwise {size.name}", target)
        yield beside(own, "torch's pass", f"torch {size.name}")
    for size, _ in plan.sizes:
        own = row(WITH_FREE_RUN, size.title, f"free {size.name}")
        yield beside(own, "torch's pass", f"torch {size.name}")
    for size, _ in plan.sizes:
        lost = row(FLAGGED, f"{size.title}, bias_hh lost", f"lost {size.name}", Target(3))
        drift = row(FLAGGED, f"{size.title}, unexplained drift", f"drift {size.name}", Target(5))
        yield beside(lost, "the honest run", f"stepwise {size.name}")
        yield beside(drift, "the honest run", f"stepwise {size.name}")
    name, title = plan.scripted.name, plan.scripted.title
    yield beside(row(SCRIPT, f"{title}, stepwise", f"stepwise {name}"), "the script", "script")
    yield beside(row(SCRIPT, f"{title}, with the free run", f"free {name}"), "the script", "script")
    yield row(FOLDER, "`--jobs 2`", "folder 2", Target(2))
    one = row(FOLDER, "`--jobs 1`", "folder 1", Target(1.8, at_least=True))
    yield beside(one, "`--jobs 2`", "folder 2")
    yield _in_milliseconds(row(START, "`parity --version`", "version", Target(0.015)))
    yield _in_milliseconds(row(START, "`parity report` of the smallest fixture", "smallest"))
    yield _in_milliseconds(row(START, "`true`, for the cost of starting anything", "nothing"))


def _memory(plan: Plan, recordings: Recordings) -> Iterator[Row]:
    """One run each: a peak is no matter of luck."""
    if not can_measure_memory():
        return
    for size in (plan.scripted, *(() if plan.quick else (_LONG,)), *((_LARGE,) if plan.large else ())):
        if size in (_LONG, _LARGE):
            path = recordings.long(size)
        else:
            path = recordings.made(f"{size.name}-honest", lambda path: record_honest(plan.scripted, path))
        print(f"memory of {size.title}", file=sys.stderr)
        limit = max(_GIBIBYTE, 4 * size.weight_bytes)
        gigabytes = path.stat().st_size / 1e9
        for what, arguments in (("stepwise", ("--no-free-run",)), ("with the free run", ())):
            peak = plan.report(*arguments, path).peak_bytes()
            yield Row(
                MEMORY,
                f"{size.title}, a file of {gigabytes:.2g} GB, {what}",
                (peak / 2**20,),
                unit="MiB",
                peer="the limit",
                peer_values=(limit / 2**20,),
                target=Target(1),
            )


def _fill(folder: Path, fixtures: Path) -> None:
    """A thousand files: copies of the bundled fixtures that match, in turn."""
    bundled = sorted(fixtures.glob("*.h5"))
    for number in range(_FOLDER_FILES):
        original = bundled[number % len(bundled)]
        shutil.copyfile(original, folder / f"{number:04}-{original.name}")


def _repeated(command: Command) -> Callable[[], float]:
    """The median of several starts, which are too short to be measured by one."""
    return lambda: median(command.seconds() for _ in range(_STARTS_A_ROUND))


def _in_milliseconds(row: Row) -> Row:
    target = row.target and replace(row.target, bound=row.target.bound * 1000)
    return replace(row, unit="ms", values=tuple(value * 1000 for value in row.values), target=target)


def _true() -> str:
    found = shutil.which("true")
    if found is None:
        raise RuntimeError("there is no program `true` to compare the start with")
    return found

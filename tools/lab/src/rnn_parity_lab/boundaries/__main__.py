"""python -m rnn_parity_lab.boundaries: records and judges the pairs, and writes their table."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from .judging import Boundary, Finding, judge
from .plan import FAULTY_ROUNDS, ROUNDS, Pair, plan
from .recording import prepare, record_all

_BATCH = 30
_BATCHES_A_PROCESS = 12
"""What TensorFlow and JAX compile is freed with their process only."""


def main() -> int:
    """0 if no pair was flagged, else 1."""
    options = _parse()
    pairs = list(plan(2, 0) if options.quick else plan(ROUNDS, FAULTY_ROUNDS))
    kept = Path(tempfile.mkdtemp(prefix="parity-boundaries-"))
    findings = _read(options.findings)
    known = {finding.pair for finding in findings}
    until = time.monotonic() + 60 * options.minutes
    remaining = [pair for pair in pairs if pair not in known]
    for finding in _judged(remaining, options.parity, kept, until):
        findings.append(finding)
        if options.findings:
            with options.findings.open("a") as file:
                print(json.dumps(asdict(finding)), file=file)
    from .table import document, flagged

    text = document(findings)
    if options.output:
        options.output.write_text(text)
    print(text)
    if not flagged(findings):
        kept.rmdir()
        return 0
    for finding in flagged(findings):
        print(f"flagged: {finding.pair.name}: {finding.verdict}", file=sys.stderr)
    print(f"The flagged fixtures are kept: {kept}", file=sys.stderr)
    return 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/boundaries", description=__doc__)
    parser.add_argument("--parity", type=Path, required=True, help="the program that judges")
    parser.add_argument("--output", type=Path, help="where the table is written as well")
    parser.add_argument("--quick", action="store_true", help="two pairs an architecture, no faults")
    parser.add_argument("--minutes", type=float, default=60, help="then the table of what is there")
    parser.add_argument("--findings", type=Path, help="a file to go on from, and to add to")
    return parser.parse_args()


def _read(path: Path | None) -> list[Finding]:
    if path is None or not path.exists():
        return []
    return [
        Finding(
            Pair(**one["pair"]),
            one["verdict"],
            tuple(Boundary(**boundary) for boundary in one["boundaries"]),
        )
        for one in map(json.loads, path.read_text().splitlines())
    ]


def _judged(pairs: list[Pair], parity: Path, kept: Path, until: float) -> Iterator[Finding]:
    """Batch by batch, each of one backend; moves what is flagged to `kept`."""
    started, done = time.monotonic(), 0
    workers = {
        backend: ProcessPoolExecutor(
            1,
            multiprocessing.get_context("spawn"),
            prepare,
            (backend,),
            max_tasks_per_child=_BATCHES_A_PROCESS,
        )
        for backend in {pair.backend for pair in pairs}
    }
    for batch in _batches(pairs):
        if time.monotonic() > until:
            print(f"out of time after {done} pairs", file=sys.stderr)
            break
        with tempfile.TemporaryDirectory(prefix="parity-boundaries-") as folder:
            task = workers[batch[0].backend].submit(record_all, batch, Path(folder))
            records = task.result()
            for record, finding in zip(records, judge(parity, Path(folder), records)):
                if finding.pair.fault is None and finding.verdict != "match":
                    shutil.copy(record.path, kept / f"{finding.pair.name.replace(' ', '')}.h5")
                yield finding
        done += len(batch)
        elapsed = time.monotonic() - started
        print(f"{done} of {len(pairs)} pairs, {elapsed:.0f} s", file=sys.stderr, flush=True)
    for worker in workers.values():
        worker.shutdown()


def _batches(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    """In the order of the rounds; a batch of the rarer backend may come later than its pairs."""
    waiting: dict[str, list[Pair]] = {}
    for pair in pairs:
        batch = waiting.setdefault(pair.backend, [])
        batch.append(pair)
        if len(batch) == _BATCH:
            yield waiting.pop(pair.backend)
    yield from waiting.values()


if __name__ == "__main__":
    sys.exit(main())

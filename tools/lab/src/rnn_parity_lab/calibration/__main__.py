"""python -m rnn_parity_lab.calibration: runs the sweep and writes its table."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ..environment import framework_versions, make_deterministic, processor

if TYPE_CHECKING:
    from .judging import Finding
    from .plan import Run

_BATCH_BYTES = 60_000_000
_BATCH_FILES = 25


def main() -> int:
    """0 if no honest run was flagged, else 1."""
    options = _parse()
    make_deterministic()
    # Large layers give other bits when run one by one: their inputs are recorded then.
    warnings.filterwarnings("ignore", message=".*other bits.*")
    from .plan import plan
    from .table import document

    runs = list(plan(options.quick, options.sweep))
    kept = Path(tempfile.mkdtemp(prefix="parity-calibration-"))
    findings = list(_swept(runs, options.parity, kept))
    text = document(findings, framework_versions(), processor(), options.sweep)
    if options.output:
        options.output.write_text(text)
    print(text)
    if not any(finding.flagged for finding in findings):
        kept.rmdir()
        return 0
    for finding in findings:
        if finding.flagged:
            print(f"flagged: {finding.run.description.case}: {finding.flagged}", file=sys.stderr)
    print(f"The flagged fixtures are kept: {kept}", file=sys.stderr)
    return 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/calibrate", description=__doc__)
    parser.add_argument("--parity", type=Path, required=True, help="the program that judges")
    parser.add_argument("--output", type=Path, help="where the table is written as well")
    parser.add_argument("--quick", action="store_true", help="a part of the sweep, in a minute")
    parser.add_argument("--sweep", type=int, default=1, help="the number of the sweep, by default 1")
    return parser.parse_args()


def _swept(runs: list[Run], parity: Path, kept: Path) -> Iterator[Finding]:
    """Records and judges batch by batch; moves what is flagged to `kept`."""
    from .judging import judge

    started, done = time.monotonic(), 0
    remaining = iter(runs)
    while True:
        with tempfile.TemporaryDirectory(prefix="parity-calibration-") as folder:
            fixtures = dict(_recorded(remaining, Path(folder)))
            if not fixtures:
                return
            flagged = set()
            for path, finding in judge(parity, fixtures):
                if finding.flagged:
                    flagged.add(path)
                yield finding
            for path in flagged:
                shutil.copy(path, kept)
        done += len(fixtures)
        elapsed = time.monotonic() - started
        print(f"{done} of {len(runs)} networks, {elapsed:.0f} s", file=sys.stderr)


def _recorded(runs: Iterable[Run], folder: Path) -> Iterator[tuple[Path, Run]]:
    """As many as make a batch, each in a file of its own."""
    from ..hdf5_writer import write_case
    from .recording import record

    size = 0
    for run in islice(runs, _BATCH_FILES):
        path = folder / f"{run.description.case}.h5"
        write_case(path, record(run))
        yield path, run
        size += path.stat().st_size
        if size > _BATCH_BYTES:
            return


if __name__ == "__main__":
    sys.exit(main())

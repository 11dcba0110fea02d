"""python -m rnn_parity_lab.power: injects the faults, judges the runs and writes the tables."""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..environment import framework_versions, make_deterministic, processor

if TYPE_CHECKING:
    from .measuring import HonestResult, Trial


def main() -> int:
    """0 if nothing was flagged that is right, else 1."""
    options = _parse()
    make_deterministic()
    # Large layers give other bits when run one by one: their inputs are recorded then.
    warnings.filterwarnings("ignore", message=".*other bits.*")
    from .table import document, rows_of, summary

    honest, trials = _measured(options.parity, options.quick)
    versions = framework_versions()
    used = {name: versions[name] for name in ("pytorch", "numpy")}
    text = document(honest, trials, used, processor())
    if options.output:
        options.output.write_text(text)
    print(summary(rows_of(trials), honest) if options.quick else text)
    return _verdict(honest, trials)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/power", description=__doc__)
    parser.add_argument("--parity", type=Path, required=True, help="the program that judges")
    parser.add_argument("--output", type=Path, help="where the document is written as well")
    parser.add_argument("--quick", action="store_true", help="small networks only, in a minute")
    return parser.parse_args()


def _measured(parity: Path, quick: bool) -> tuple[list[HonestResult], list[Trial]]:
    from .honest import setups
    from .measuring import measure

    started = time.monotonic()
    honest: list[HonestResult] = []
    trials: list[Trial] = []
    done, plan = 0, list(setups(quick))
    # While one setup is judged, another is run.
    with ThreadPoolExecutor(2) as pool:
        for results, tried in pool.map(partial(measure, parity=parity), plan):
            honest += results
            trials += tried
            done += 1
            elapsed = time.monotonic() - started
            print(f"{done} of {len(plan)} setups, {elapsed:.0f} s", file=sys.stderr)
    return honest, trials


def _verdict(honest: list[HonestResult], trials: list[Trial]) -> int:
    """1 if an honest run was flagged, or a place that has no fault."""
    from .measuring import PARITY

    failures = [
        f"{result.setup.name}: an honest run was flagged"
        for result in honest
        if result.alarms[PARITY]
    ]
    failures += [
        f"{trial.setup.name}, {trial.fault.name}, size {size:g}, position {trial.position}: "
        f"flagged {judgement.flagged}, but wrong is {places}"
        for trial in trials
        for size, places, judgement in trial.judged
        if not judgement.flagged.keys() <= places.keys()
    ]
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

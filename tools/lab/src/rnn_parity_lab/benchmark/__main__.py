"""python -m rnn_parity_lab.benchmark: measures the speed against peers, and writes the tables."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path


def main() -> int:
    """0 when it was measured, whatever was found: what is missed is in the tables."""
    options = _parse()
    from .machine import description, use_two_processors

    enforced = use_two_processors()
    import torch

    torch.set_num_threads(1)
    machine = description() | {"used": "two processors" if enforced else "all processors there are"}

    from .judging import Plan, measure
    from .judging_document import document, summary
    from .processes import Command

    plan = Plan(
        parity=options.parity,
        fixtures=options.fixtures,
        folder=options.folder,
        rounds=2 if options.quick else options.rounds,
        quick=options.quick,
        large=options.large,
    )
    rows = measure(plan)
    version = Command((options.parity, "--version")).output().strip()
    if options.output:
        options.output.write_text(document(rows, machine, plan.rounds, version))
    if options.json:
        measured = {"machine": machine, "program": version, "rows": [row.json() for row in rows]}
        options.json.write_text(json.dumps(measured, indent=2, ensure_ascii=False) + "\n")
    print(summary(rows))
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/benchmark", description=__doc__)
    subjects = parser.add_subparsers(dest="subject", required=True)
    judging = subjects.add_parser("judging", help="recorded runs, folders, flagged runs, start-up, memory")
    judging.add_argument("--parity", type=Path, required=True, help="the program that is measured")
    judging.add_argument("--fixtures", type=Path, required=True, help="the bundled fixtures")
    judging.add_argument("--output", type=Path, help="where the document is written as well")
    judging.add_argument("--json", type=Path, help="where all figures of all rounds are written")
    judging.add_argument("--rounds", type=_positive, default=5, help="how often all is measured")
    judging.add_argument("--quick", action="store_true", help="the smaller layers, in a minute")
    judging.add_argument("--large", action="store_true", help="write and judge a file of 10 GB too")
    judging.add_argument("--folder", type=Path, default=_cache(), help="where recorded runs are kept")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} rounds measure nothing: 1 or more")
    return number


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "rnn-parity", "benchmark")


if __name__ == "__main__":
    sys.exit(main())

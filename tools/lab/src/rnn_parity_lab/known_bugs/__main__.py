"""python -m rnn_parity_lab.known_bugs: makes the faults again, has them judged, writes the page."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from ..environment import make_deterministic


def main() -> int:
    """1 if a fault is not flagged at its place, fewer than nine of ten are named, or the page is another."""
    options = _parse()
    make_deterministic()
    from .catalogue import all_bugs, recorded
    from .judging import judge
    from .page import document, is_good

    bugs = all_bugs()
    with tempfile.TemporaryDirectory(prefix="parity-known-bugs-") as folder:
        if options.fixtures is None:
            for bug in bugs:
                print(f"{bug.name} …", file=sys.stderr)
                recorded(bug).save(Path(folder, f"{bug.name}.h5"))
        judged = judge(options.parity, options.fixtures or Path(folder), bugs)
    text = document(judged)
    for one in judged:
        if not (one.is_flagged and one.named):
            missed = "not named" if one.is_flagged else "not flagged where it is"
            print(f"{one.bug.name}: {missed}: {one.verdict}, {one.found or 'no finding'}")
    named, flagged = sum(one.named for one in judged), sum(one.is_flagged for one in judged)
    print(f"{len(judged)} reports: {flagged} flagged, {named} named")
    if options.check:
        same = options.output.exists() and options.output.read_text() == text
        if not same:
            print(f"{options.output} is not what is said now")
        return 0 if same and is_good(judged) else 1
    options.output.write_text(text)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/known-bugs", description=__doc__)
    parser.add_argument("--parity", type=Path, required=True, help="the program that judges")
    parser.add_argument("--output", type=Path, required=True, help="the page")
    parser.add_argument("--fixtures", type=Path, help="a folder of recordings to judge")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if anything is amiss")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

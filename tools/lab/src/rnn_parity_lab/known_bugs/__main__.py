"""python -m rnn_parity_lab.known_bugs: makes the faults again, has them judged, writes the page."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..environment import make_deterministic

if TYPE_CHECKING:
    from .bug import KnownBug


def main() -> int:
    """1 if a fault is not flagged where it is, fewer than nine of ten are named, or the page is another."""
    options = _parse()
    make_deterministic()
    from .catalogue import all_bugs
    from .judging import judge, mismatches
    from .page import document, is_good

    bugs = all_bugs()
    with tempfile.TemporaryDirectory(prefix="parity-known-bugs-") as folder:
        wrong, right = Path(folder, "wrong"), Path(folder, "right")
        _record(bugs, wrong, right)
        judged, flagged_controls = judge(options.parity, wrong, bugs), mismatches(options.parity, right)
    for one in judged:
        if not (one.is_flagged and one.named):
            missed = "not named" if one.is_flagged else "not flagged where it is"
            print(f"{one.bug.name}: {missed}: {one.verdict}, {one.found or 'no finding'}")
    for name in flagged_controls:
        print(f"{name}: flagged without its fault")
    named, flagged = sum(one.named for one in judged), sum(one.is_flagged for one in judged)
    print(f"{len(judged)} faults: {flagged} flagged, {named} named")
    text = document(judged, flagged_controls)
    if not options.check:
        options.output.write_text(text)
        return 0
    is_same = options.output.exists() and options.output.read_text() == text
    if not is_same:
        print(f"{options.output} is not what is said now")
    return 0 if is_same and is_good(judged, flagged_controls) else 1


def _record(bugs: list[KnownBug], wrong: Path, right: Path) -> None:
    """Every network with its fault, and without it."""
    from .catalogue import recorded

    for bug in bugs:
        print(f"{bug.name} …", file=sys.stderr)
        recorded(bug).save(wrong / f"{bug.name}.h5")
        recorded(bug, wrong=False).save(right / f"{bug.name}.h5")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/known-bugs", description=__doc__)
    parser.add_argument("--parity", type=Path, required=True, help="the program that judges")
    parser.add_argument("--output", type=Path, required=True, help="the page")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if anything is amiss")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

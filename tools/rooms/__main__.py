"""Draws the rooms of Sources/ and who uses whom, and fails on an arrow that runs back."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rooms.compiler import indexed
from rooms.drawing import dot, svg
from rooms.errors import SetupError
from rooms.house import House
from rooms.imports import undeclared
from rooms.plan import Plan, source_files
from rooms.references import read_occurrences, references
from rooms.text import back_lines, text

TOOLS = Path(__file__).resolve().parents[1]
FORMATS = {"text": text, "dot": dot, "svg": svg}


def survey(package: Path, rooms: Path) -> House:
    """Builds a package and reads who uses whom in its Sources/."""
    sources = package / "Sources"
    files = source_files(sources)
    furnished = Plan.read(rooms).furnish(files)
    occurrences = read_occurrences(indexed(package), sources, files)
    return House(furnished, tuple(references(occurrences)))


def main() -> int:
    """Exit status: 0 all arrows run one way and are declared, 1 one is not, 2 the house can't be drawn."""
    parser = argparse.ArgumentParser(prog="tools/house", description=__doc__)
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--output", type=Path, help="a file instead of standard output")
    parser.add_argument(
        "--package", type=Path, default=TOOLS.parent, help="the folder of Package.swift (this one)"
    )
    parser.add_argument(
        "--rooms", type=Path, default=TOOLS / "house.rooms",
        help="the declared rooms, lowest first (tools/house.rooms)",
    )
    options = parser.parse_args()
    try:
        if imports := undeclared(options.package.resolve()):
            print("\n".join(imports), file=sys.stderr)
            return 1
        house = survey(options.package.resolve(), options.rooms)
        drawing = FORMATS[options.format](house)
        if options.output:
            options.output.write_text(drawing, encoding="utf-8")
        else:
            sys.stdout.write(drawing)
            sys.stdout.flush()
    except (SetupError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    back = back_lines(house)
    if back and (options.output or options.format != "text"):
        print("\n".join(back), file=sys.stderr)
    return 1 if back else 0


if __name__ == "__main__":
    sys.exit(main())

"""Damages copies of the bundled fixtures: does `parity report` survive them, and let none pass?"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from .campaign import Campaign
from .page import page, summary
from .power import Power
from .seeds import make_seeds

ROOT = Path(__file__).resolve().parents[2]
# In larger files most of the damage hits numbers.
_LARGEST = 80_000


def main() -> int:
    """Exit status: 0 all is as it should be, 1 it is not, 2 it could not be found out."""
    parser = argparse.ArgumentParser(prog="tools/fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000, help="how many files to damage (10000)")
    parser.add_argument("--seed", type=int, default=1, help="of the randomness (1)")
    parser.add_argument("--fixtures", type=int, default=60, help="how many of the bundled ones, drawn (60)")
    parser.add_argument("--lanes", type=int, default=2, help="commands at a time (2)")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="the folder for what fails")
    parser.add_argument("--output", type=Path, help="a file for the page of figures")
    parser.add_argument("--parity", required=True, help="the program")
    options = parser.parse_args()
    if not os.access(options.parity, os.X_OK):
        parser.error(f"no executable {options.parity}")
    fixtures = sorted(path for path in (ROOT / "Fixtures").glob("*.h5") if path.stat().st_size < _LARGEST)
    drawn = random.Random(options.seed).sample(fixtures, min(options.fixtures, len(fixtures)))
    power = Power.read(ROOT / "Documentation" / "power.md")
    with tempfile.TemporaryDirectory() as folder:
        try:
            (layouts := Path(folder, "layouts")).mkdir()
            seeds = tuple(make_seeds(drawn, layouts))
            campaign = Campaign(
                os.path.abspath(options.parity), seeds, power, options.files, options.seed, options.keep
            )
            start = time.monotonic()
            result = campaign.run(Path(folder), options.lanes)
        except (OSError, ValueError) as error:
            print(error, file=sys.stderr)
            return 2
        seconds = time.monotonic() - start
    print(summary(result, seconds))
    if options.output:
        options.output.write_text(page(result, campaign, seconds), encoding="utf-8")
    return 1 if result.failures else 0


if __name__ == "__main__":
    sys.exit(main())

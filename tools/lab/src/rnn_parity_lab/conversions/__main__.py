"""python -m rnn_parity_lab.conversions: converts, loads, runs, judges, and writes the table."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..environment import framework_versions, make_deterministic, processor

if TYPE_CHECKING:
    from .checking import Outcome


def main() -> int:
    """0 if whatever was written loads and matches, else 1."""
    options = _parse()
    make_deterministic()
    os.environ["PARITY"] = str(options.parity)
    from .page import replaced, section

    outcomes = _outcomes(options.parity, options.names)
    versions = framework_versions()
    used = {name: versions[name] for name in ("pytorch", "keras", "onnxruntime", "flax", "mlx")}
    text = section(outcomes, used, processor())
    if options.page:
        options.page.write_text(replaced(options.page, text))
    print(text)
    failed = [one for one in outcomes if one.verdict not in ("match", "refused")]
    for one in failed:
        print(f"\n{one.source} to {one.target}: {one.verdict}\n{one.why}", file=sys.stderr)
    return 1 if failed else 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/conversions", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these files of weights")
    parser.add_argument("--parity", type=Path, required=True, help="the program that converts and judges")
    parser.add_argument("--page", type=Path, help="the page whose section is written")
    return parser.parse_args()


def _outcomes(parity: Path, names: list[str]) -> list[Outcome]:
    from rnn_parity.converting import convert

    from ..weight_files import converted_files
    from ..weight_files.catalogue import all_weight_files
    from .checking import outcome
    from .converting import TARGETS

    found = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for weight_file in all_weight_files():
            # What is converted below is not wanted twice.
            if weight_file.format in ("pytorch-module", converted_files.FORMAT):
                continue
            if names and weight_file.name not in names:
                continue
            path = folder / f"{weight_file.name}{weight_file.suffix}"
            case = weight_file.save(path).case
            if path.suffix in (".keras", ".pt", ".onnx"):
                path = convert(path, path.with_name(f"{path.name}.h5")).target
            for target in TARGETS:
                found.append(outcome(parity, path, case, target, folder))
                print(f"{path.name} to {target}: {found[-1].verdict} {found[-1].why[:100]}", file=sys.stderr)
    return found


if __name__ == "__main__":
    sys.exit(main())

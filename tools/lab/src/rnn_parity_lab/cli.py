"""The command line: produce the bundled fixtures, or check that they can be produced again."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .environment import make_deterministic

if TYPE_CHECKING:
    from .fixture import Fixture
    from .weight_files.weight_file import WeightFile


def main(arguments: list[str] | None = None) -> int:
    """0 if all was made, or is the same; 1 if anything differs."""
    options = _parse(arguments)
    make_deterministic()
    from .catalogue import select

    fixtures, weights = select(options.names)
    if options.check:
        return _check(fixtures, weights, options.folder, partial=bool(options.names))
    _produce(fixtures, weights, options.folder)
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rnn-parity-lab", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these fixtures")
    parser.add_argument("--folder", type=Path, required=True, help="the fixtures folder")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; compare with what is in the folder"
    )
    return parser.parse_args(arguments)


def _produce(fixtures: list[Fixture], weights: list[WeightFile], folder: Path) -> None:
    """Write the fixtures, the manifest of all that are there and in the catalogue, and weights."""
    from . import manifest
    from .catalogue import all_fixtures
    from .fixture import write

    folder.mkdir(parents=True, exist_ok=True)
    catalogue = {fixture.file for fixture in all_fixtures()}
    entries = {
        file: entry
        for file, entry in manifest.read_entries(folder).items()
        if file in catalogue and (folder / file).exists()
    }
    for fixture in fixtures:
        print(f"{fixture.file} … ", end="", flush=True, file=sys.stderr)
        case, generator = fixture.produce()
        path = folder / fixture.file
        write(path, case)
        entries[fixture.file] = manifest.file_entry(fixture, path, generator)
        print(f"{path.stat().st_size} bytes", file=sys.stderr)
    manifest.write_manifest(folder, entries)
    for weight_file in weights:
        print(f"{weight_file.files[0]} …", flush=True, file=sys.stderr)
        weight_file.produce(folder)


def _check(fixtures: list[Fixture], weights: list[WeightFile], folder: Path, partial: bool) -> int:
    """Regenerate into a temporary folder, which is kept if anything differs."""
    from . import manifest
    from .comparison import differences, entry_differences
    from .weight_files import weight_file

    regenerated = Path(tempfile.mkdtemp(prefix="parity-fixtures-"))
    _produce(fixtures, weights, regenerated)
    known = {fixture.file for fixture in fixtures} | {file for one in weights for file in one.files}
    found = {file: differences(folder / file, regenerated / file) for file in sorted(known)}
    committed = manifest.read_entries(folder)
    found[manifest.FILE_NAME] = [
        line
        for file, entry in manifest.read_entries(regenerated).items()
        for line in entry_differences(committed.get(file), entry, folder / file)
    ]
    if not partial:
        paths = [*folder.rglob("*.h5"), *(folder / weight_file.FOLDER).glob("*")]
        present = {str(path.relative_to(folder)) for path in paths}
        found |= {file: ["is not in the catalogue"] for file in sorted(present - known)}
    return _report(found, regenerated)


def _report(found: dict[str, list[str]], regenerated: Path) -> int:
    for file, lines in found.items():
        for line in lines:
            print(f"{file}: {line}")
    different = sum(bool(lines) for lines in found.values())
    if different:
        print(f"{different} of {len(found)} files differ. The regenerated ones: {regenerated}")
        return 1
    shutil.rmtree(regenerated)
    print(f"All {len(found)} files are the same, byte for byte.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

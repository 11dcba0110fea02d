"""The command line: produce the bundled fixtures, or check that they can be produced again."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from .environment import make_deterministic


def main(arguments: list[str] | None = None) -> int:
    options = _parse(arguments)
    make_deterministic()
    from .catalogue import BUNDLED_GROUPS, select

    fixtures = select(options.names, options.group or BUNDLED_GROUPS)
    if options.check:
        return _check(fixtures, options.folder, partial=bool(options.names or options.group))
    _produce(fixtures, options.folder)
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rnn-parity-export", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these fixtures")
    parser.add_argument("--folder", type=Path, required=True, help="the fixtures folder")
    parser.add_argument(
        "--group", action="append", help="fixtures of this group only; default: the bundled groups"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; compare with what is in the folder"
    )
    return parser.parse_args(arguments)


def _produce(fixtures: list, folder: Path) -> None:
    """Write the fixtures, and the manifest of all files that are there and in the catalogue."""
    from . import manifest
    from .catalogue import all_fixtures
    from .hdf5_writer import write_case

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
        write_case(path, case)
        entries[fixture.file] = manifest.file_entry(fixture, path, generator)
        print(f"{path.stat().st_size} bytes", file=sys.stderr)
    manifest.write_manifest(folder, entries)


def _check(fixtures: list, folder: Path, partial: bool) -> int:
    """Regenerate into a temporary folder, which is kept if anything differs."""
    from . import manifest
    from .comparison import differences

    regenerated = Path(tempfile.mkdtemp(prefix="parity-fixtures-"))
    _produce(fixtures, regenerated)
    found = {
        fixture.file: differences(folder / fixture.file, regenerated / fixture.file)
        for fixture in fixtures
    }
    found[manifest.FILE_NAME] = _manifest_differences(folder, regenerated)
    if not partial:
        known = {fixture.file for fixture in fixtures}
        present = {str(path.relative_to(folder)) for path in folder.rglob("*.h5")}
        found |= {file: ["is not in the catalogue"] for file in sorted(present - known)}
    return _report(found, regenerated)


def _manifest_differences(folder: Path, regenerated: Path) -> list[str]:
    from . import manifest

    committed, fresh = manifest.read_entries(folder), manifest.read_entries(regenerated)
    return [
        f"the entry of {file} differs" for file in fresh if committed.get(file) != fresh[file]
    ]


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

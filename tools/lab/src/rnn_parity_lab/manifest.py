"""The manifest of a fixtures folder: every file, its checksum, what made it, what to expect."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from .environment import framework_versions
from .fixture import Fixture

FILE_NAME = "manifest.json"


def file_entry(fixture: Fixture, path: Path, generator: dict[str, Any]) -> dict[str, Any]:
    """What the manifest says of the file at `path`.   generator: what made it."""
    return {
        "file": fixture.file,
        "case": fixture.name,
        "group": fixture.group,
        "bytes": path.stat().st_size,
        "sha256": checksum(path),
        "expect": fixture.expect,
        "generator": generator,
    }


def checksum(path: Path) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_entries(folder: Path) -> dict[str, dict[str, Any]]:
    """The entries of a folder's manifest by file name; none if it has no manifest."""
    path = folder / FILE_NAME
    if not path.exists():
        return {}
    return {entry["file"]: entry for entry in json.loads(path.read_text())["files"]}


def write_manifest(folder: Path, entries: dict[str, dict[str, Any]]) -> None:
    """Sorted by file.   entries: by file, below the folder."""
    manifest = {
        "format": "rnn-parity-manifest",
        "format_version": 1,
        "made_by": "tools/fixtures",
        "versions": framework_versions(),
        "files": [entries[file] for file in sorted(entries)],
    }
    (folder / FILE_NAME).write_text(json.dumps(manifest, indent=1) + "\n")

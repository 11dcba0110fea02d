"""Makes an archive that a framework wrote the same on every run: without dates and addresses in memory."""

from __future__ import annotations

import json
import os
import re
import zipfile
from pathlib import Path

_DATE = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = (".debug_pkl", "/.data/serialization_id")
"""Of TorchScript: places in the source, and a checksum of the entries. Neither is needed to read it."""


def make_stable(path: Path) -> None:
    """The entries stay as they are, stored without compression, but for what tells when they were made."""
    draft = path.with_name(f".{path.name}")
    with zipfile.ZipFile(path) as written, zipfile.ZipFile(draft, "w") as stable:
        for entry in written.infolist():
            if entry.filename.endswith(_LEFT_OUT):
                continue
            contents = written.read(entry)
            if entry.filename == "config.json":
                contents = _numbered(contents.decode()).encode()
            if entry.filename == "metadata.json":
                contents = json.dumps(json.loads(contents) | {"date_saved": "1980-01-01@00:00:00"}).encode()
            stable.writestr(zipfile.ZipInfo(entry.filename, _DATE), contents)
    os.replace(draft, path)


def _numbered(config: str) -> str:
    """Objects that are shared are told by their addresses: here by the order in which they come."""
    seen: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        return f"{match.group(1)}{seen.setdefault(match.group(2), len(seen))}"

    return re.sub(r'("shared_object_id": )(\d+)', number, config)

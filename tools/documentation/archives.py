"""DocC archives."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path


class DoccError(Exception):
    """DocC's own words."""


def convert(module: str, catalogue: Path, graphs: Path, archive: Path) -> None:
    """Makes the archive of one module; what DocC warns of is an error."""
    with tempfile.TemporaryDirectory() as folder:
        # What a module adds to others' types has a graph of its own.
        for graph in (graphs / f"{module}.symbols.json", *graphs.glob(f"{module}@*.symbols.json")):
            shutil.copy(graph, folder)
        run = subprocess.run(
            [
                "docc", "convert", str(catalogue), "--additional-symbol-graph-dir", folder,
                "--fallback-display-name", module, "--fallback-bundle-identifier", f"rnn-parity.{module}",
                "--output-path", str(archive), "--warnings-as-errors",
            ],
            check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )
    if run.returncode != 0:
        raise DoccError(f"{module}: {run.stdout}{run.stderr}")

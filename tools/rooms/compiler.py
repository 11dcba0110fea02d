"""Builds the package with an index, and finds the library that reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from rooms.errors import SetupError
from rooms.index_store import IndexStore


def indexed(package: Path) -> IndexStore:
    """The index of a fresh build, in a scratch folder of its own that later runs reuse."""
    build = [
        "swift", "build", "--package-path", str(package), "--scratch-path",
        str(package / ".build/house"), "--enable-index-store",
        "--explicit-target-dependency-import-check", "error",
    ]
    output(build)
    binaries = output([*build, "--show-bin-path"]).strip()
    return IndexStore(_library(), Path(binaries, "index/store"))


def _library() -> Path:
    paths = json.loads(output(["swiftc", "-print-target-info"]))["paths"]
    suffix = "dylib" if sys.platform == "darwin" else "so"
    return Path(paths["runtimeResourcePath"]).parent / f"libIndexStore.{suffix}"


def output(command: list[str]) -> str:
    try:
        run = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except OSError as error:
        raise SetupError(f"{command[0]}: can't be run: {error}") from error
    if run.returncode != 0:
        said = f"{run.stdout}{run.stderr}"
        raise SetupError(f"{said}{' '.join(command)}: exit status {run.returncode}")
    return run.stdout

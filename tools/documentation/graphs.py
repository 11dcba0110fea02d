"""Symbol graphs: what the compiler knows of a module's public declarations."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path


def extract(package: Path, scratch: Path, binaries: Path, modules: Iterable[str], graphs: Path) -> None:
    """Writes the graphs of modules that are built.

    `swift package dump-symbol-graph` does it for all targets, tests included, which are not built here.
    """
    graphs.mkdir(parents=True, exist_ok=True)
    # Of the C targets that the modules import.
    maps = [
        *package.glob("Sources/*/module.modulemap"), *binaries.glob("*.build/module.modulemap"),
        *scratch.glob("checkouts/*/Sources/*/include/module.modulemap"),
    ]
    hdf5 = output("pkg-config", "--cflags-only-I", "hdf5").split()
    target = json.loads(output("swiftc", "-print-target-info"))["target"]["triple"]
    for module in modules:
        output(
            "swift-symbolgraph-extract", "-module-name", module, "-target", target,
            "-I", str(binaries / "Modules"), *hdf5,
            *(word for path in maps for word in ("-Xcc", f"-fmodule-map-file={path}")),
            "-module-cache-path", str(binaries / "ModuleCache"), "-minimum-access-level", "public",
            "-skip-synthesized-members", "-output-dir", str(graphs),
        )


def output(*command: str) -> str:
    """What a command printed; raises CalledProcessError where it fails."""
    return subprocess.run(
        command, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True
    ).stdout

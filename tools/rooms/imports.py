"""What files import, against what their target depends on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rooms.compiler import output

# What every toolchain brings, and no manifest declares.
TOOLCHAIN = {
    "Darwin",
    "Dispatch",
    "Foundation",
    "FoundationEssentials",
    "FoundationXML",
    "Glibc",
    "Musl",
    "Synchronization",
    "Testing",
    "XCTest",
}
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)"
)


@dataclass(frozen=True)
class Target:
    """A target of the manifest: where its sources are, and the modules that it may import."""

    name: str
    folder: Path
    modules: frozenset[str]


def undeclared(package: Path) -> list[str]:
    """A line for every import of a module that its target does not depend on, and for every dependency on
    one that no file of the target imports."""
    manifest = json.loads(output(["swift", "package", "--package-path", str(package), "dump-package"]))
    programs = {target["name"] for target in manifest["targets"] if target["type"] == "executable"}
    return [line for target in _targets(package, manifest) for line in _lines(package, target, programs)]


def _targets(package: Path, manifest: Mapping[str, Any]) -> Iterator[Target]:
    for target in manifest["targets"]:
        parent = "Tests" if target["type"] == "test" else "Sources"
        folder = package / (target.get("path") or f"{parent}/{target['name']}")
        modules = {next(iter(kind.values()))[0] for kind in target["dependencies"]}
        yield Target(target["name"], folder, frozenset(modules))


def _lines(package: Path, target: Target, programs: set[str]) -> Iterator[str]:
    imported: set[str] = set()
    files = sorted(target.folder.rglob("*.swift"))
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            found = IMPORT.match(line)
            if not found or found[1] in TOOLCHAIN:
                continue
            imported.add(found[1])
            if found[1] not in target.modules:
                yield (
                    f"{file.relative_to(package)}:{number}: imports {found[1]}, on which the target "
                    f"{target.name} does not depend"
                )
    if files:
        # A program is depended on to be there, and run.
        for module in sorted(target.modules - imported - programs):
            yield f"Package.swift: the target {target.name} depends on {module}, which no file of it imports"

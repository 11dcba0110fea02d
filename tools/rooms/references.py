"""References from one source file to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rooms.errors import SetupError
from rooms.index_store import (
    DECLARATION,
    DEFINITION,
    MODULE,
    REFERENCE,
    TYPES,
    IndexStore,
    Occurrence,
    Unit,
)

Occurrences = Mapping[str, Iterable[Occurrence]]


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file, relative to Sources/."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"Sources/{self.file}:{self.line}"


@dataclass(frozen=True, order=True)
class Reference:
    """What is written at one place and defined in another file."""

    place: Place
    column: int
    definition: Place
    symbol: str


def read_occurrences(store: IndexStore, sources: Path, files: Iterable[str]) -> Occurrences:
    """The occurrences in every file below Sources/; an uncompiled Swift file is an error."""
    paths = {(sources / file).resolve(): file for file in files}
    newest: dict[Path, Unit] = {}
    modules: list[Unit] = []
    for unit in store.units():
        main = unit.main_file.resolve() if unit.main_file else None
        if main is None:
            modules.append(unit)
        elif main in paths and (main not in newest or newest[main].modified < unit.modified):
            newest[main] = unit
    records: dict[str, set[str]] = {file: set() for file in paths.values()}
    for unit in [*newest.values(), *modules]:
        for path, record in unit.records:
            if (file := paths.get(path.resolve())) is not None:
                records[file].add(record)
    unknown = [f for path, f in paths.items() if f.endswith(".swift") and path not in newest]
    if unknown:
        raise SetupError("\n".join(f"Sources/{file}: no target compiles it" for file in unknown))
    return {
        file: [occurrence for record in sorted(found) for occurrence in store.occurrences(record)]
        for file, found in records.items()
    }


def references(occurrences: Occurrences) -> list[Reference]:
    """Every place that names something of another file: one reference a place and defining file."""
    definitions = _definitions(occurrences)
    types = {usr for usr, (_, kind) in definitions.items() if kind in TYPES}
    modules = _c_modules(occurrences)
    # A constructor and its type are written at one place: they count once, by the shorter name.
    found: dict[tuple[str, int, int, str], Reference] = {}
    for file, here in occurrences.items():
        for at in here:
            if not at.roles & REFERENCE:
                continue
            definition = modules.get(at.name) if at.kind == MODULE else None
            if definition is None:
                definition = _definition(at.usr, definitions, types)
            if definition is None or definition.file == file:
                continue
            reference = Reference(Place(file, at.line), at.column, definition, at.name)
            key = (file, at.line, at.column, definition.file)
            if key not in found or len(at.name) < len(found[key].symbol):
                found[key] = reference
    return sorted(found.values())


def _definitions(occurrences: Occurrences) -> dict[str, tuple[Place, int]]:
    """Where every symbol is defined, else (in C) declared, and its kind."""
    result: dict[str, tuple[Place, int]] = {}
    for role in (DEFINITION, DECLARATION):
        for file, here in occurrences.items():
            for at in here:
                if at.roles & role:
                    result.setdefault(at.usr, (Place(file, at.line), at.kind))
    return result


def _definition(
    usr: str, definitions: Mapping[str, tuple[Place, int]], types: set[str]
) -> Place | None:
    if usr in definitions:
        return definitions[usr][0]
    # What the compiler synthesises (`rawValue`) is written nowhere, and named after its type.
    owner = max((usr[:end] for end in range(len(usr)) if usr[:end] in types), key=len, default=None)
    return definitions[owner][0] if owner else None


def _c_modules(occurrences: Occurrences) -> dict[str, Place]:
    """The first header of every target without Swift; an import counts as a reference to it."""
    headers: dict[str, Place] = {}
    swift = {PurePosixPath(file).parts[0] for file in occurrences if file.endswith(".swift")}
    for file in sorted(occurrences):
        target = PurePosixPath(file).parts[0]
        if file.endswith(".h") and target not in swift:
            headers.setdefault(target, Place(file, 1))
    return headers

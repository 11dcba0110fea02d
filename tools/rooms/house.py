"""The rooms, and the arrows between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rooms.references import Reference


@dataclass(frozen=True)
class House:
    """Rooms, lowest first, with their files, and the references between files."""

    rooms: Mapping[str, tuple[str, ...]]
    references: tuple[Reference, ...]

    def between(self) -> dict[tuple[str, str], list[Reference]]:
        """The references from one room to another, by (user, used)."""
        rooms = {file: room for room, files in self.rooms.items() for file in files}
        result: dict[tuple[str, str], list[Reference]] = {}
        for reference in self.references:
            arrow = rooms[reference.place.file], rooms[reference.definition.file]
            if arrow[0] != arrow[1]:
                result.setdefault(arrow, []).append(reference)
        return result

    def arrows(self) -> Counter[tuple[str, str]]:
        """The number of references from one room to another, by (user, used)."""
        return Counter({arrow: len(found) for arrow, found in self.between().items()})

    def runs_back(self, user: str, used: str) -> bool:
        """Whether a room uses one that is declared after it."""
        order = list(self.rooms)
        return order.index(used) > order.index(user)

    def back(self) -> dict[tuple[str, str], list[Reference]]:
        """The references that run back, by (user, used)."""
        return {
            arrow: found for arrow, found in self.between().items() if self.runs_back(*arrow)
        }

    def file_arrows(self) -> set[tuple[str, str]]:
        """(user, used) for every pair of files with a reference."""
        return {(r.place.file, r.definition.file) for r in self.references}

    def circles(self) -> dict[str, list[list[str]]]:
        """By room: groups of its files that all reach each other inside of it, largest first."""
        arrows = self.file_arrows()
        return {
            room: circles
            for room, files in self.rooms.items()
            if (circles := _circles(files, {a for a in arrows if a[0] in files and a[1] in files}))
        }


def _circles(files: Iterable[str], arrows: set[tuple[str, str]]) -> list[list[str]]:
    """Strongly connected components of two or more files: a file's own are those that it
    reaches and that reach it. Rooms are small, so nothing cleverer is needed."""
    used: dict[str, set[str]] = {file: set() for file in files}
    for user, other in arrows:
        used[user].add(other)
    reached = {file: _reached(file, used) for file in used}
    groups = {
        frozenset(other for other in reached[file] if file in reached[other]) for file in used
    }
    return sorted((sorted(group) for group in groups if group), key=lambda g: (-len(g), g))


def _reached(file: str, used: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [file]
    while waiting:
        fresh = used[waiting.pop()] - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached

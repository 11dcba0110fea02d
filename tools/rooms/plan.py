"""The declared rooms and their order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rooms.errors import SetupError

SUFFIXES = {".swift", ".c", ".h", ".cpp", ".hpp", ".cc", ".m", ".mm", ".s", ".S"}


@dataclass(frozen=True)
class Plan:
    """Rooms, lowest first: folders relative to Sources/, such as `Recurrent/Formula`."""

    rooms: tuple[str, ...]

    @staticmethod
    def read(path: Path) -> Plan:
        """One room a line; `#` begins a comment."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SetupError(f"{path}: the list of rooms can't be read: {error}") from error
        rooms: list[str] = []
        for number, line in enumerate(lines, start=1):
            room = line.partition("#")[0].strip()
            if not room:
                continue
            if str(PurePosixPath(room)) != room or room.startswith(("/", ".")):
                raise SetupError(
                    f"{path}:{number}: expected a folder below Sources, found {room!r}"
                )
            if room in rooms:
                raise SetupError(f"{path}:{number}: {room} is declared twice")
            rooms.append(room)
        return Plan(tuple(rooms))

    def room(self, file: str) -> str | None:
        """The room of a file, relative to Sources/; None outside of every room."""
        folders = [str(folder) for folder in PurePosixPath(file).parents]
        found = next((folder for folder in folders if folder in self.rooms), None)
        # Else a new folder would belong to the room around it, and nobody had given it a place.
        if found != folders[0] and any(room.startswith(f"{found}/") for room in self.rooms):
            return None
        return found

    def furnish(self, files: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The files of every room, in the order of the rooms; no file or room may be without."""
        places = {file: self.room(file) for file in sorted(files)}
        outside = [file for file, room in places.items() if room is None]
        empty = [room for room in self.rooms if room not in places.values()]
        if outside or empty:
            raise SetupError("\n".join(
                [f"Sources/{file}: is in no declared room" for file in outside]
                + [f"Sources/{room}: is a declared room without a source file" for room in empty]
            ))
        return {
            room: tuple(file for file, place in places.items() if place == room)
            for room in self.rooms
        }


def source_files(sources: Path) -> list[str]:
    """The source files below a folder, relative to it."""
    return sorted(
        path.relative_to(sources).as_posix()
        for path in sources.rglob("*")
        if path.suffix in SUFFIXES and path.is_file()
    )

"""The house as text."""

from __future__ import annotations

from pathlib import PurePosixPath

from rooms.house import House


def text(house: House) -> str:
    """A line a room, highest first, with the rooms it uses; circles of files; what runs back."""
    arrows = house.arrows()
    width = max(len(room) for room in house.rooms)
    lines = []
    for room, files in reversed(list(house.rooms.items())):
        uses = ", ".join(
            f"{used} {arrows[room, used]}{' (runs back)' if house.runs_back(room, used) else ''}"
            for used in house.rooms if arrows[room, used]
        )
        count = f"{len(files)} file{'s' if len(files) > 1 else ' '}"
        lines.append(f"{room:{width}}  {count:>9}  {'→ ' + uses if uses else ''}".rstrip())
    circles = house.circles()
    if circles:
        lines += ["", "Circles of files inside a room (information):"]
        lines += [
            f"  {room}: {len(circle)} files: {', '.join(PurePosixPath(f).stem for f in circle)}"
            for room, groups in circles.items() for circle in groups
        ]
    back = back_lines(house)
    if back:
        lines += ["", *back]
    lines += ["", (
        f"{len(house.rooms)} rooms, {sum(map(len, house.rooms.values()))} files, "
        f"{len(house.file_arrows())} arrows between files, {len(arrows)} between rooms, "
        f"{sum(house.runs_back(*arrow) for arrow in arrows)} run back"
    )]
    return "\n".join(lines) + "\n"


def back_lines(house: House) -> list[str]:
    """Every reference that runs back: where it is written, and what it names where."""
    lines = []
    for (user, used), found in house.back().items():
        lines.append(f"{user} uses {used}, which is higher:")
        lines += [f"  {r.place}:{r.column} → {r.symbol} ({r.definition})" for r in found]
    return lines

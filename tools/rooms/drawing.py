"""The house as a drawing."""

from __future__ import annotations

import colorsys
import math
from html import escape

from rooms.house import House

ROW, BOX, WIDTH, MARGIN = 46, 30, 300, 16  # pixels: a room's row, its box, and around them


def dot(house: House) -> str:
    """For Graphviz: users above what they use."""
    lines = ["digraph house {", '  node [shape=box, fontname="sans-serif"];']
    lines += [f'  "{room}";' for room in house.rooms]
    for (user, used), count in sorted(house.arrows().items()):
        colour = ", color=red, constraint=false" if house.runs_back(user, used) else ""
        lines.append(f'  "{user}" -> "{used}" [label={count}, penwidth={_stroke(count)}{colour}];')
    return "\n".join([*lines, "}"]) + "\n"


def svg(house: House) -> str:
    """Rooms as boxes, stacked in their order; arrows down on the right, those back on the left.

    An arrow has the colour of the room that it leaves from, is wider with more references, and
    faint where a path over other rooms leads to the same room.
    """
    rooms = list(house.rooms)
    targets = list(dict.fromkeys(room.partition("/")[0] for room in rooms))
    arrows = sorted(house.arrows().items(), key=lambda arrow: _span(rooms, *arrow[0]), reverse=True)
    right = max((_reach(rooms, *a) for a, _ in arrows if not house.runs_back(*a)), default=0)
    left = max((_reach(rooms, *a) for a, _ in arrows if house.runs_back(*a)), default=0)
    x = MARGIN + left
    width, height = x + WIDTH + right + MARGIN, 2 * MARGIN + ROW * len(rooms) + 18
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}"',
        f'viewBox="0 0 {width:.0f} {height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{width:.0f}" height="{height}" fill="white"/>',
    ]

    def middle(room: str) -> float:
        return MARGIN + ROW * (len(rooms) - 1 - rooms.index(room)) + BOX / 2

    for (user, used), count in arrows:
        back = house.runs_back(user, used)
        side, sign = (x, -1) if back else (x + WIDTH, 1)
        colour = "#d00000" if back else _colour(rooms.index(user), len(rooms), 0.42)
        faint = not back and _implied(house, user, used)
        # Leaving below the middle and arriving above it tells a room's own from what comes in.
        start, end = middle(user) + (-6 if back else 6), middle(used) + (6 if back else -6)
        bow = side + sign * _reach(rooms, user, used) * 4 / 3
        stroke, tip = _stroke(count), side + sign * 9
        parts += [
            f'<g stroke="{colour}" fill="{colour}" opacity="{0.3 if faint else 0.9}">',
            f"<title>{escape(user)} → {escape(used)}: {count}</title>",
            f'<path fill="none" stroke-width="{stroke}" d="M{side:.0f},{start:.0f}',
            f'C{bow:.0f},{start:.0f} {bow:.0f},{end:.0f} {tip:.0f},{end:.0f}"/>',
            f'<path stroke="none" d="M{side:.0f},{end:.0f} l{sign * 11},-5 v10 z"/>',
            "</g>",
        ]
    for room, files in house.rooms.items():
        y = middle(room) - BOX / 2
        fill = _colour(targets.index(room.partition("/")[0]), len(targets), 0.88)
        parts += [
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{WIDTH}" height="{BOX}" rx="4"',
            f'fill="{fill}" stroke="#444"/>',
            f'<text x="{x + 10:.0f}" y="{y + 20:.0f}">{escape(room)}</text>',
            f'<text x="{x + WIDTH - 10:.0f}" y="{y + 20:.0f}" text-anchor="end"',
            f'fill="#555">{len(files)}</text>',
        ]
    parts += [
        f'<text x="{x:.0f}" y="{height - 12}" font-size="11" fill="#555">',
        "user → used; wide: many references; faint: also through others; red: runs back</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _implied(house: House, user: str, used: str) -> bool:
    """Whether a path of two or more arrows, none running back, leads to the same room."""
    arrows = {arrow for arrow in house.arrows() if not house.runs_back(*arrow)}
    reached, waiting = {user}, [other for start, other in arrows if start == user and other != used]
    while waiting:
        room = waiting.pop()
        if room not in reached:
            reached.add(room)
            waiting.extend(other for start, other in arrows if start == room)
    return used in reached


def _span(rooms: list[str], user: str, used: str) -> int:
    return abs(rooms.index(user) - rooms.index(used))


def _reach(rooms: list[str], user: str, used: str) -> float:
    """How far an arrow bows out: far enough to be told from those over fewer rooms."""
    return 24.0 + 24 * math.pow(_span(rooms, user, used), 0.9)


def _stroke(count: int) -> float:
    return round(1 + math.log2(count) / 2, 1)


def _colour(index: int, count: int, lightness: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(index / max(count, 1), lightness, 0.6)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"

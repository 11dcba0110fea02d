"""The ways in which a reader may look at a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Look:
    """A window, and what the reader's system asks for."""

    width: int
    scheme: Literal["light", "dark"]
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.width} wide, {self.scheme}" + ("" if self.scripts else ", without scripts")


def every_look() -> Iterator[Look]:
    """A phone, a tablet and a desk, by day and by night; and a browser that runs no scripts."""
    for width in (390, 820, 1280):
        yield Look(width, "light")
        yield Look(width, "dark")
    yield Look(820, "light", scripts=False)

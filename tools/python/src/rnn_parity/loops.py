"""Counts that tell a recurrence written by hand from what is called beside a recorded one."""

from __future__ import annotations

from dataclasses import dataclass

_MANY = 3


@dataclass
class LoopCount:
    """How often something was called.

    calls: in all.   longest: most of them in a series without a recorded recurrent call in between. What a
        decoder calls once a step, a dense layer or an embedding, has the cell's call between any two of its
        own: the cell is judged, and what it was fed is a boundary. A recurrence written by hand has none.
    """

    calls: int = 0
    longest: int = 0
    _series: int = 0
    _turn: int | None = None

    def add(self, turn: int) -> None:
        """One more call. turn: how many recurrent calls were recorded before."""
        self._series = self._series + 1 if turn == self._turn else 1
        self._turn = turn
        self.calls += 1
        self.longest = max(self.longest, self._series)

    @property
    def is_loop(self) -> bool:
        """Whether it was called again and again, by itself."""
        return self.longest >= _MANY

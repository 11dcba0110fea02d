"""How small a fault the judge finds, by its own documentation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_KINDS = {
    "one input weight": "input weight",
    "one recurrent weight": "recurrent weight",
    "one bias element": "bias",
    "one element of h": "state",
    "one element of c": "state",
}
_CELLS = ("gru", "lstm", "rnn")
_SIZE = re.compile(r"\d+e-\d+")


@dataclass(frozen=True)
class Power:
    """limits: by kind of number and cell the smallest fault that is found in every setup measured."""

    limits: Mapping[tuple[str, str], float]

    @staticmethod
    def read(path: Path) -> Power:
        """From the table "By cell" of Documentation/power.md.

        Raises ValueError where it lacks one.
        """
        text = path.read_text(encoding="utf-8")
        found: dict[tuple[str, str], float] = {}
        for line in text.partition("## By cell")[2].partition("\n## ")[0].splitlines():
            cells = [cell.strip() for cell in line.strip("| ").split("|")]
            kind = _KINDS.get(cells[0].split(",")[0])
            if kind is None or len(cells) < 4:
                continue
            # The median, and in brackets the best and the worst setup.
            key, size = (kind, cells[1]), max(float(text) for text in _SIZE.findall(cells[3]))
            found[key] = max(size, found.get(key, 0))
        for kind in set(_KINDS.values()):
            for cell in _CELLS:
                if (kind, cell) not in found:
                    raise ValueError(f"{path}: By cell: expected a row of one {kind} of {cell}, found none")
        return Power(found)

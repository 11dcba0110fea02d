"""What was seen of one run of a model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..case import RecordedLayer
from ..loops import LoopCount


@dataclass(frozen=True)
class Refusal:
    """A layer that ran and has no formula here."""

    layer: Any
    why: str


@dataclass(frozen=True)
class Turn:
    """One call of one layer of Keras's: a layer of the format for each cell, or for both halves."""

    layer: Any
    layers: list[RecordedLayer]


@dataclass
class Seen:
    """All that was seen of one run of a model."""

    turns: list[Turn] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)
    called: dict[int, Any] = field(default_factory=dict)
    """The recurrent layers that ran, by id; those left out and refused too."""
    traced: dict[int, Any] = field(default_factory=dict)
    """Those that were called for symbols, while building or inside of a compiled function."""
    counts: dict[int, tuple[Any, LoopCount]] = field(default_factory=dict)
    """Every other layer with weights of its own, and how often it was called."""

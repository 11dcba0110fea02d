"""An architecture: how a model of it is drawn, and what is to be known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..drawing import Draw
from ..steps import Model

CLASSES = 10


@dataclass(frozen=True)
class Architecture:
    """trained: on the digits, whose images are its input. slow: of some size; run less often."""

    name: str
    what: str
    draw: Callable[[Draw], Model]
    trained: bool = False
    slow: bool = False

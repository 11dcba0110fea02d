"""What the builders of graphs do alike, whatever the framework calls a value of its graph."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic, TypeVar

from .steps import Step

Value = TypeVar("Value")


class GraphBuilder(ABC, Generic[Value]):
    """Adds steps to a graph, each after the one before."""

    @abstractmethod
    def apply(self, step: Step, x: Value, target: Value | None = None) -> Value:
        """What `step` makes of `x`.   target: the model's second input, which a decoder reads."""

    def chain(self, parts: Iterable[Step], x: Value, target: Value | None = None) -> Value:
        """What all of `parts` make of `x`, one after the other."""
        for step in parts:
            x = self.apply(step, x, target)
        return x

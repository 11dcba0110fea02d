"""Names for the layers of a model: their paths in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .framework import Framework


class Paths:
    """The path of every layer that a model tracks, in the model's order.

    A step of a path is the layer's name where the user gave it or the model is functional, else
    the attribute that holds it, as in PyTorch. Either is understood in `ignore=`.
    """

    def __init__(self, framework: Framework, roots: Sequence[Any], ignore: Sequence[str] = ()) -> None:
        self.framework = framework
        self._paths: dict[int, str] = {}
        self._aliases: dict[str, Any] = {}
        self._parents: dict[int, Any] = {}
        self.layers: list[Any] = []
        for root in roots:
            self._add(root, "", ("",))
        self._ignored = {id(self._aliases[path]) for path in ignore if path in self._aliases}
        self._unmatched = {path for path in ignore if path not in self._aliases}
        self._matched: set[str] = set()

    def __contains__(self, layer: Any) -> bool:
        return id(layer) in self._paths

    def path(self, layer: Any) -> str:
        """A layer that the model does not track has its name as its path."""
        return self._paths.get(id(layer)) or str(layer.name)

    def is_ignored(self, layer: Any) -> bool:
        """Whether the user left out `layer`, or what holds it."""
        if any(id(each) in self._ignored for each in self.ancestors(layer)):
            return True
        named = layer not in self and layer.name in self._unmatched
        if named:
            self._matched.add(layer.name)
        return named

    def unknown(self) -> list[str]:
        """What `ignore` names and no layer is called: to be asked when the model has run."""
        return sorted(self._unmatched - self._matched)

    def ancestors(self, layer: Any) -> Iterator[Any]:
        """`layer`, what holds it, and so on."""
        while layer is not None:
            yield layer
            layer = self._parents.get(id(layer))

    def _add(self, layer: Any, path: str, aliases: Sequence[str]) -> None:
        if layer in self:
            return
        self._paths[id(layer)] = path or str(layer.name)
        self.layers.append(layer)
        for alias in (self._paths[id(layer)], *aliases):
            self._aliases.setdefault(alias, layer)
        attributes = _attributes(layer)
        named = _is_graph(self.framework, layer)
        for child in self.framework.children(layer):
            self._parents.setdefault(id(child), layer)
            attribute = attributes.get(id(child))
            name = str(child.name)
            step = name if named or attribute is None or not _is_automatic(child) else attribute
            steps = {name} if attribute is None else {name, attribute}
            self._add(
                child,
                _joined(path, step),
                [_joined(alias, each) for alias in dict.fromkeys((path, *aliases)) for each in steps],
            )


def _is_graph(framework: Framework, layer: Any) -> bool:
    """Whether it is a functional or sequential model, whose layers are known by their names."""
    return isinstance(layer, framework.module.Sequential) or any(
        hasattr(type(layer), name) for name in ("_run_through_graph", "_run_internal_graph")
    )


def _joined(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _attributes(layer: Any) -> dict[int, str]:
    """Which attribute of `layer` holds what: `decoder`, `cells.0`."""
    found: dict[int, str] = {}
    own = vars(layer)
    for name, value in (own | dict(own.get("_modules", {}))).items():  # as torch keeps them
        if name.startswith("_"):
            continue
        found.setdefault(id(value), name)
        if isinstance(value, (list, tuple)):
            for index, each in enumerate(value):
                found.setdefault(id(each), f"{name}.{index}")
        elif isinstance(value, Mapping):
            for key, each in value.items():
                found.setdefault(id(each), f"{name}.{key}")
    return found


def _is_automatic(layer: Any) -> bool:
    """Whether the framework made up the name: `lstm`, `lstm_3`."""
    words = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", type(layer).__name__)
    words = re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
    return re.fullmatch(rf"{re.escape(words)}(_\d+)?", str(layer.name)) is not None

"""Named arrays in what a model takes and returns, whatever the framework."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from .errors import RecordingError


def named_inputs(model: Any, inputs: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arrays of the arguments, by the names of the parameters of the model's call."""
    names = [str(place) for place in range(len(inputs))]
    try:
        parameters = list(inspect.signature(model).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    positional = [
        one.name for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
    names[: len(positional)] = positional[: len(names)]
    return dict(_leaves({**dict(zip(names, inputs)), **kwargs}, ""))


def named_outputs(returned: Any, outputs: Callable[[Any], Mapping[str, Any]] | None) -> dict[str, Any]:
    """The arrays of what the model returned, by key or place; a single one is named "output".

    outputs: takes what was returned and gives named arrays, where this does not know the type.
    """
    if outputs is not None:
        returned = dict(outputs(returned))
    named = {name or "output": leaf for name, leaf in _leaves(returned, "")}
    if not named and returned is not None:
        raise RecordingError(
            "the model",
            expected="an array, or a tuple, dict or dataclass of arrays, to be returned; or outputs=",
            found=type(returned).__name__,
        )
    return named


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    items: list[tuple[Any, Any]]
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        yield name, value
        return
    if isinstance(value, Mapping):
        items = list(value.items())
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        items = list(zip(value._fields, value))
    elif isinstance(value, (tuple, list)):
        items = list(enumerate(value))
    elif is_dataclass(value) and not isinstance(value, type):
        items = [(one.name, getattr(value, one.name)) for one in fields(value)]
    else:
        return
    for key, item in items:
        part = str(key).replace("/", ".")
        yield from _leaves(item, f"{name}.{part}" if name else part)

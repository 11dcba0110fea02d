"""Named tensors in what a model takes and returns."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import RecordingError
from .framework import Framework


def named_inputs(
    framework: Framework, model: Any, inputs: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """The tensors of the arguments, by the names of the parameters.

    The inputs of a functional model of several are named as the model names them.
    """
    names = [str(index) for index in range(len(inputs))]
    if isinstance(model, framework.base):
        parameters = inspect.signature(model.call).parameters.values()
        positional = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        names[: len(positional)] = positional[: len(names)]
    given = dict(zip(names, inputs))
    symbols = getattr(model, "inputs", None)
    if len(inputs) == 1 and isinstance(inputs[0], (list, tuple)) and symbols:
        own = [_own_name(str(symbol.name), index) for index, symbol in enumerate(symbols)]
        if len(own) == len(inputs[0]):
            given = dict(zip(own, inputs[0]))
    return dict(_leaves({**given, **kwargs}, ""))


def _own_name(name: str, index: int) -> str:
    """The position, where the framework made up the name."""
    return str(index) if re.fullmatch(r"(keras_tensor|input)(_\d+)?", name) else name


def named_outputs(returned: Any, outputs: Callable[[Any], Mapping[str, Any]] | None) -> dict[str, Any]:
    """The tensors of what the model returned; a single one is named "output"."""
    if outputs is not None:
        returned = dict(outputs(returned))
    named = {name or "output": leaf for name, leaf in _leaves(returned, "")}
    if not named and returned is not None:
        raise RecordingError(
            "the model",
            expected="a tensor, or a tuple, dict or dataclass of tensors, to be returned; "
            "or outputs= to name them",
            found=type(returned).__name__,
        )
    return named


def mapped(tree: Any, change: Callable[[Any], Any]) -> Any:
    """`tree` with every tensor and array changed."""
    if _is_leaf(tree):
        return change(tree)
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(mapped(item, change) for item in tree))
    if isinstance(tree, (tuple, list)):
        return type(tree)(mapped(item, change) for item in tree)
    if isinstance(tree, dict):
        return {key: mapped(item, change) for key, item in tree.items()}
    return tree


def _is_leaf(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype")


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if _is_leaf(value):
        yield name, value
        return
    items: list[tuple[Any, Any]] = []
    if isinstance(value, Mapping):
        items = list(value.items())
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        items = list(zip(value._fields, value))
    elif isinstance(value, (tuple, list)):
        items = list(enumerate(value))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        items = [(one.name, getattr(value, one.name)) for one in dataclasses.fields(value)]
    for key, item in items:
        step = str(key).replace("/", ".")
        yield from _leaves(item, f"{name}.{step}" if name else step)

"""Named tensors in what a model takes and returns, and their arrays."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from .case import Array
from .errors import RecordingError

_DTYPES = frozenset(
    [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64]
    + [torch.float64, torch.float32, torch.float16, torch.bfloat16]
)


def array(tensor: Tensor) -> Array:
    """A copy. bfloat16, which NumPy does not have, becomes float32, which holds it exactly."""
    tensor = tensor.detach()
    if tensor.layout != torch.strided or tensor.dtype not in _DTYPES or tensor.is_meta or tensor.is_nested:
        kind = "nested" if tensor.is_nested else "meta" if tensor.is_meta else str(tensor.layout)
        raise RecordingError(
            "a tensor",
            expected="dense, real values; outputs= names parts of what a model returns, as {'re': y.real}",
            found=f"{tensor.dtype}, {kind}",
        )
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.float()
    values: Array = np.array(tensor.cpu().resolve_conj().resolve_neg().numpy(), copy=True, order="C")
    return values


def named_inputs(
    model: Callable[..., Any], inputs: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Tensor]:
    """The tensors of the arguments, by the names of the parameters."""
    names = [str(index) for index in range(len(inputs))]
    try:
        parameters = inspect.signature(getattr(model, "forward", model)).parameters.values()
    except (TypeError, ValueError):
        parameters = {}.values()
    positional = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    names[: len(positional)] = positional[: len(names)]
    return dict(_leaves({**dict(zip(names, inputs)), **kwargs}, ""))


def named_outputs(returned: Any, outputs: Callable[[Any], Mapping[str, Any]] | None) -> dict[str, Tensor]:
    """The tensors of what the model returned; a single one is named "output".

    outputs: takes what was returned and gives named tensors, where this does not know the type.
    """
    if outputs is not None:
        returned = dict(outputs(returned))
    if isinstance(returned, Tensor):
        return {"output": returned}
    unknown: list[tuple[str, Any]] = []
    named = dict(_leaves(returned, "", unknown))
    named_types = [f"{name or 'it'}: {type(value).__name__}" for name, value in unknown]
    if named_types or (not named and returned is not None):
        raise RecordingError(
            "the model",
            expected="a tensor, or a tuple, dict or dataclass of tensors, to be returned; or outputs=",
            found=", ".join(named_types) or type(returned).__name__,
        )
    return named


def storages(tree: Any) -> set[int]:
    """The addresses of the memory that the tensors of `tree` lie in."""
    return {storage(tensor) for _, tensor in _leaves(tree, "")}


def storage(tensor: Tensor) -> int:
    """The address of the memory that `tensor` lies in."""
    return int(tensor.untyped_storage().data_ptr())


def mapped(tree: Any, change: Callable[[Tensor], Tensor]) -> Any:
    """`tree` with every tensor changed; one that occurs twice is changed once."""
    done: dict[int, Tensor] = {}

    def visit(value: Any) -> Any:
        if isinstance(value, Tensor):
            if id(value) not in done:
                done[id(value)] = change(value)
            return done[id(value)]
        if isinstance(value, PackedSequence):
            return value._replace(data=visit(value.data))
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return type(value)(*(visit(item) for item in value))
        if type(value) in (tuple, list):
            return type(value)(visit(item) for item in value)
        if type(value) is dict:
            return {key: visit(item) for key, item in value.items()}
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = (one.name for one in dataclasses.fields(value) if one.init)
            return dataclasses.replace(value, **{name: visit(getattr(value, name)) for name in fields})
        return value

    return visit(tree)


def _leaves(
    value: Any, name: str, unknown: list[tuple[str, Any]] | None = None
) -> Iterator[tuple[str, Tensor]]:
    """Tensors by name; what may hold further ones in a way that is not known here is put into `unknown`."""
    if isinstance(value, Tensor):
        yield name, value
        return
    if isinstance(value, PackedSequence):
        yield name or "data", value.data
        yield _under(name, "batch_sizes"), value.batch_sizes
        return
    if isinstance(value, Mapping):
        items = list(value.items())
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        items = list(zip(value._fields, value))
    elif isinstance(value, (tuple, list)):
        items = list(enumerate(value))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        items = [(one.name, getattr(value, one.name)) for one in dataclasses.fields(value)]
    else:
        if unknown is not None and not isinstance(value, (type(None), bool, int, float, complex, str)):
            unknown.append((name, value))
        return
    for key, item in items:
        yield from _leaves(item, _under(name, str(key).replace("/", ".")), unknown)


def _under(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key

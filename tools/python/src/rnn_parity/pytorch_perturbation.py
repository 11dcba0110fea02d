"""Moves values of a PyTorch run by one unit in the last place at random."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .perturbation import made_of
from .pytorch_trees import mapped, storage, storages

_INTEGERS = {
    torch.float64: torch.int64,
    torch.float32: torch.int32,
    torch.float16: torch.int16,
    torch.bfloat16: torch.int16,
}

# A mask of finfo.min, or of -1e9, is no measurement: one unit of it moves an output by 0.25.
_EXTREME = {torch.float16: 1e4}

# What moves values about and computes none.
_EXACT = frozenset(
    {
        "__getitem__", "_pack_padded_sequence", "_pad_packed_sequence", "abs", "adaptive_max_pool1d",
        "amax", "amin", "arange", "as_tensor", "bfloat16", "cat", "chunk", "clamp", "clone", "concat",
        "concatenate", "contiguous", "cpu", "cuda", "detach", "diag", "double", "embedding", "empty",
        "empty_like", "expand", "expand_as", "flatten", "flip", "float", "full", "full_like", "gather",
        "half", "hstack", "index_add", "index_put", "index_select", "linspace", "masked_fill", "max",
        "max_pool1d", "max_pool2d", "max_pool3d", "maximum", "min", "minimum", "narrow", "neg",
        "new_empty", "new_full", "new_ones", "new_tensor", "new_zeros", "ones", "ones_like", "pad",
        "rand", "rand_like", "randn", "randn_like", "relu", "repeat", "repeat_interleave", "reshape",
        "roll", "scatter", "select", "sort", "split", "stack", "take", "tensor", "tile", "to", "topk",
        "tril", "triu", "type", "unbind", "unfold", "vstack", "where", "zeros", "zeros_like",
    }
)  # fmt: skip


class Perturbation:
    """A source of random units in the last place, apart from PyTorch's own random state."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._generators: dict[torch.device, torch.Generator] = {}

    def moved(self, tensor: Tensor, magnitude: Any | None = None) -> Tensor:
        """`tensor` with every value one unit up or down.

        magnitude: of an activation's result what it is made of (see `made_of`), whose unit it is moved by.

        Left alone are integers, and floats that are all integers or masks: zeros, infinite or extreme.
        Parameters are moved even so: a layer normalisation's are all ones until it is trained.
        """
        bits = _INTEGERS.get(tensor.dtype)
        if bits is None or tensor.numel() == 0 or tensor.layout != torch.strided:
            return tensor
        if magnitude is None and _is_exact(tensor) and not isinstance(tensor, torch.nn.Parameter):
            return tensor
        directions = torch.randint(
            0, 2, tensor.shape, dtype=bits, device=tensor.device, generator=self._generator(tensor.device)
        )
        signs = directions * 2 - 1
        moves = signs * ((tensor != 0) & _is_ordinary(tensor))
        own = (tensor.detach().contiguous().view(bits) + moves.to(bits)).view(tensor.dtype)
        if magnitude is None:
            return own
        unit = magnitude * torch.finfo(tensor.dtype).eps
        return torch.where(unit > (own - tensor).abs(), (tensor + signs * unit).to(tensor.dtype), own)

    def moved_result(self, name: str, arguments: Any, result: Any) -> Any:
        """What an operation returned, moved where it computed something new."""
        if name in _EXACT or name.startswith("is_"):
            return result
        known = storages(arguments)
        fed = _first(arguments)
        magnitude = None if fed is None else made_of(name, fed.detach())
        return mapped(result, lambda own: own if storage(own) in known else self.moved(own, magnitude))

    def _generator(self, device: torch.device) -> torch.Generator:
        if device not in self._generators:
            self._generators[device] = torch.Generator(device).manual_seed(self._seed)
        return self._generators[device]


def _first(arguments: Any) -> Tensor | None:
    """What an operation of one tensor is applied to."""
    tensors = [one for part in arguments for one in (part.values() if isinstance(part, dict) else part)]
    return next((one for one in tensors if isinstance(one, Tensor)), None)


def _is_ordinary(tensor: Tensor) -> Tensor:
    return tensor.abs() < _EXTREME.get(tensor.dtype, 1e8)


def _is_exact(tensor: Tensor) -> bool:
    ordinary = tensor[_is_ordinary(tensor)] if not bool(_is_ordinary(tensor).all()) else tensor
    return bool((ordinary == ordinary.round()).all())

"""Moves values of a PyTorch run by one unit in the last place at random."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

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
    ["clone", "contiguous", "to", "type", "float", "double", "half", "bfloat16", "cat", "concat", "concatenate", "stack", "hstack", "vstack", "flip", "roll", "index_select", "gather", "take", "embedding", "where", "masked_fill", "scatter", "pad", "repeat", "repeat_interleave", "expand", "expand_as", "reshape", "flatten", "tile", "relu", "max", "min", "amax", "amin", "maximum", "minimum", "clamp", "neg", "abs", "sort", "topk", "max_pool1d", "max_pool2d", "max_pool3d", "adaptive_max_pool1d", "zeros_like", "ones_like", "full_like", "empty_like", "zeros", "ones", "full", "empty", "new_zeros", "new_ones", "new_full", "new_empty", "new_tensor", "tensor", "arange", "linspace", "rand", "randn", "rand_like", "randn_like", "_pack_padded_sequence", "_pad_packed_sequence", "__getitem__", "unfold", "tril", "triu", "diag", "as_tensor", "detach", "cpu", "cuda", "index_put", "index_add", "select", "narrow", "unbind", "split", "chunk"]
)


class Perturbation:
    """A source of random units in the last place, apart from PyTorch's own random state."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._generators: dict[torch.device, torch.Generator] = {}

    def moved(self, tensor: Tensor) -> Tensor:
        """`tensor` with every value one unit up or down.

        Left alone are integers, and floats that are all integers or masks: zeros, infinite or extreme.
        """
        bits = _INTEGERS.get(tensor.dtype)
        if bits is None or tensor.numel() == 0 or tensor.layout != torch.strided or _is_exact(tensor):
            return tensor
        directions = torch.randint(
            0, 2, tensor.shape, dtype=bits, device=tensor.device, generator=self._generator(tensor.device)
        )
        moves = (directions * 2 - 1) * ((tensor != 0) & _is_ordinary(tensor))
        return (tensor.detach().contiguous().view(bits) + moves.to(bits)).view(tensor.dtype)

    def moved_result(self, name: str, arguments: Any, result: Any) -> Any:
        """What an operation returned, moved where it computed something new."""
        if name in _EXACT or name.startswith("is_"):
            return result
        known = storages(arguments)
        return mapped(result, lambda own: own if storage(own) in known else self.moved(own))

    def _generator(self, device: torch.device) -> torch.Generator:
        if device not in self._generators:
            self._generators[device] = torch.Generator(device).manual_seed(self._seed)
        return self._generators[device]


def _is_ordinary(tensor: Tensor) -> Tensor:
    return tensor.abs() < _EXTREME.get(tensor.dtype, 1e8)


def _is_exact(tensor: Tensor) -> bool:
    ordinary = tensor[_is_ordinary(tensor)] if not bool(_is_ordinary(tensor).all()) else tensor
    return bool((ordinary == ordinary.round()).all())

"""Moves arrays by one unit in the last place, at random: what a rounding somewhere else would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .spread import EPSILONS, Array

_EXTREME = 2.0**60
"""Beyond this, values mask others out: one unit of a `finfo.min` moves more than rounding does."""


_TAIL = 16.0
"""Beyond it what is left of a gelu or silu below zero is nothing, however it is computed."""

_MADE_OF: Mapping[str, Callable[[Any], Any]] = {
    "gelu": lambda x: abs(x).clip(0, _TAIL) / 2,
    "sigmoid": lambda x: 0.25,
    "silu": lambda x: abs(x).clip(0, _TAIL) / 4,
    "elu": lambda x: (x < 0) / 2,
    "selu": lambda x: (x < 0) * 0.88,
}
_MADE_OF = {**_MADE_OF, "celu": _MADE_OF["elu"], "logistic": _MADE_OF["sigmoid"], "swish": _MADE_OF["silu"]}
"""The size of what an activation of `x` is made of, where more of it cancels than is left.

x/2 · (1 + erf(x/√2)) and its tanh are off by units of x/2, (1 + tanh(x/2))/2 by units of ¼ (its halves
cancel from ½ on), x · sigmoid(x) by x times that, exp(x) − 1 by units of ½, and selu's by 1.76 of those.
Measured on Float32 in units of 2⁻²³: gelu(−3) 4.5 off in PyTorch, its own unit is 0.004; sigmoid(−17) 0.4
in ONNX Runtime, which has 0 from −18 on; elu(−0.001) 0.08 in ONNX Runtime and TensorFlow. How much of it a
framework loses differs, and is the same in every run: the unit of the result shows nothing of it.
"""


def made_of(name: str, fed: Any) -> Any | None:
    """What the result of an activation may be off by units of: a number, or an array of `fed`'s shape.

    name: of the operation, as any framework calls it.   fed: an array or tensor.   None of any other.
    """
    found = _MADE_OF.get(name)
    return None if found is None else found(fed)


def movable(values: Array) -> bool:
    """Whether rounding can be at work in `values`.

    Not in integers, not in floats whose values are all integers (indices, lengths, masks, zeros), not in
    masks of extreme values.
    """
    is_float = np.issubdtype(values.dtype, np.floating) or values.dtype.name == "bfloat16"
    if not is_float or values.size == 0:
        return False
    wide = values.astype(np.float64)
    return not bool(np.all(wide == np.rint(wide)) or np.any(np.abs(wide) > _EXTREME))


def moved(values: Array, generator: np.random.Generator, magnitude: Any | None = None) -> Array:
    """Each element one unit in the last place up or down, zeros as they are; `values` where not movable.

    magnitude: of an activation's result what it is made of (see `made_of`), whose unit it is moved by.
    """
    if magnitude is None and not movable(values):
        return values
    signs = generator.integers(0, 2, values.shape, dtype=np.int8) * 2 - 1
    neighbours = np.nextafter(values, np.where(signs < 0, -np.inf, np.inf).astype(values.dtype))
    own = np.where(values == 0, values, neighbours)
    return (
        own
        if magnitude is None
        else moved_further(values, own, signs, magnitude * EPSILONS[values.dtype.name])
    )


def moved_further(values: Array, own: Array, signs: Array, unit: Any) -> Array:
    """`own`, which is `values` moved by units of their own, or moved by `unit` where that is more."""
    with np.errstate(invalid="ignore"):
        further = np.asarray(unit, np.float64) > np.abs(own.astype(np.float64) - values)
        return np.where(further, values + (signs * unit).astype(values.dtype), own)

"""Moves arrays by one unit in the last place, at random: what a rounding somewhere else would do."""

from __future__ import annotations

import numpy as np

from .spread import Array

_EXTREME = 2.0**60
"""Beyond this, values mask others out: one unit of a `finfo.min` moves more than rounding does."""


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


def moved(values: Array, generator: np.random.Generator) -> Array:
    """Each element one unit in the last place up or down, zeros as they are; `values` where not movable."""
    if not movable(values):
        return values
    towards = np.where(generator.integers(0, 2, values.shape, dtype=np.int8) == 0, -np.inf, np.inf)
    neighbours = np.nextafter(values, towards.astype(values.dtype))
    return np.where(values == 0, values, neighbours)

"""An array as a file of weights stores it, also in the formats that NumPy has none of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..case import Array

ITEM_SIZES = {
    "F64": 8,
    "F32": 4,
    "F16": 2,
    "BF16": 2,
    "I64": 8,
    "I32": 4,
    "I16": 2,
    "I8": 1,
    "U8": 1,
    "BOOL": 1,
}
"""In bytes, by the names that safetensors has for the formats."""

_NUMPY = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}


@dataclass(frozen=True)
class Tensor:
    """dtype: one of ITEM_SIZES.   data: row-major, little-endian."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, values: Array) -> Tensor:
        """Of floats that NumPy has."""
        dtype = {8: "F64", 4: "F32", 2: "F16"}[values.dtype.itemsize]
        return cls(dtype, values.shape, np.ascontiguousarray(values, _NUMPY[dtype]).tobytes())

    def array(self) -> Array:
        """Its values; bfloat16 as Float32, which holds them exactly."""
        if self.dtype == "BF16":
            halves = np.frombuffer(self.data, "<u2").astype(np.uint32)
            return (halves << 16).view(np.float32).reshape(self.shape)
        return np.frombuffer(self.data, _NUMPY[self.dtype]).reshape(self.shape)

"""Every bundled file of weights."""

from __future__ import annotations

from . import converted_files, flat_files, keras_files, pytorch_files
from .weight_file import WeightFile


def all_weight_files() -> list[WeightFile]:
    """In the order in which they are made."""
    return [
        *pytorch_files.files(),
        *keras_files.files(),
        *flat_files.files(),
        *converted_files.files(),
    ]

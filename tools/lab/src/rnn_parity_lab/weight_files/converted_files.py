"""What `python -m rnn_parity convert` makes of files that belong to Python libraries."""

from __future__ import annotations

from pathlib import Path

import h5py
from rnn_parity.converting import convert

from . import pytorch_files
from .weight_file import Answers, WeightFile

FORMAT = "named-tensors"

_SOURCES = ("pytorch-state-dict", "onnx-tagger")


def files() -> list[WeightFile]:
    """Arrays under a module's names, and those of an ONNX model's nodes."""
    return [_converted(one) for one in pytorch_files.files() if one.name in _SOURCES]


def _converted(source: WeightFile) -> WeightFile:
    def save(path: Path) -> Answers:
        original = path.with_name(f"{path.stem}.source{source.suffix}")
        case = source.save(original).case
        convert(original, path)
        original.unlink()
        return Answers(case, _shapes(path))

    return WeightFile(f"{source.name}-converted", ".h5", FORMAT, f"{source.name}, converted.", save)


def _shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Of all arrays in the file: an exported model's constants are there beside its weights."""
    shapes: dict[str, tuple[int, ...]] = {}

    def enter(name: str, entry: h5py.Dataset | h5py.Group) -> None:
        if isinstance(entry, h5py.Dataset):
            shapes[name] = entry.shape

    with h5py.File(path) as file:
        file.visititems(enter)
    return shapes

"""What a file holds, as HDF5 gives it to h5py, which is another version of it than the judge has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

Values = npt.NDArray[Any]
# Beyond these it is no fixture any more.
_DEEPEST = 10
_MOST_OBJECTS = 4000


@dataclass(frozen=True)
class Contents:
    """arrays: values by path, without the leading slash.   attributes: in words, by path and @name.

    unreadable: paths at which h5py gives up.   unwritten: datasets without storage, which read as zeros.
    """

    arrays: Mapping[str, Values]
    attributes: Mapping[str, str]
    unreadable: frozenset[str]
    unwritten: frozenset[str]

    @staticmethod
    def read(path: Path) -> Contents:
        """Raises OSError, or what else h5py makes of it, where nothing can be read."""
        reading = _Reading()
        with h5py.File(path, "r") as file:
            reading.group(file, "", _DEEPEST)
        return Contents(
            reading.arrays, reading.attributes, frozenset(reading.unreadable), frozenset(reading.unwritten)
        )


class _Reading:
    def __init__(self) -> None:
        self.arrays: dict[str, Values] = {}
        self.attributes: dict[str, str] = {}
        self.unreadable: set[str] = set()
        self.unwritten: set[str] = set()
        self.count = 0

    def group(self, group: h5py.Group, path: str, depth: int) -> None:
        self.words(group, path)
        try:
            names = list(group)
        except Exception:  # h5py raises whatever HDF5's error resembles
            self.unreadable.add(path)
            return
        for name in names:
            self.count += 1
            where = f"{path}/{name}" if path else name
            try:
                self.item(group[name], where, depth)
            except Exception:
                self.unreadable.add(where)

    def item(self, item: Any, path: str, depth: int) -> None:
        if isinstance(item, h5py.Dataset):
            self.words(item, path)
            values = np.asarray(item[()])
            if values.size and not item.id.get_storage_size():
                self.unwritten.add(path)
            if values.dtype.kind in "biuf":
                self.arrays[path] = values
        elif isinstance(item, h5py.Group) and depth and self.count < _MOST_OBJECTS:
            self.group(item, path, depth - 1)

    def words(self, item: Any, path: str) -> None:
        try:
            names = list(item.attrs)
        except Exception:
            self.unreadable.add(f"{path}@")
            return
        for name in names:
            try:
                value = item.attrs[name]
                self.attributes[f"{path}@{name}"] = _text(value)
            except Exception:
                self.unreadable.add(f"{path}@{name}")


def _text(value: Any) -> str:
    """Equal for equal meanings, however they are stored."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    elif isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bytes):
        value = value.rstrip(b"\0").decode(errors="backslashreplace")
    return repr(int(value) if isinstance(value, bool) else value)

"""Compares a regenerated fixture with the committed one: bytes first, then numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np

from .case import Array
from .manifest import checksum


def entry_differences(committed: dict[str, Any] | None, regenerated: dict[str, Any], path: Path) -> list[str]:
    """Compares manifest entries, and the committed one with its file, which is at `path`."""
    file = regenerated["file"]
    if committed is None:
        return [f"has no entry for {file}"]
    lines = [
        f"{file}: {key} differs"
        for key in sorted(committed.keys() | regenerated.keys())
        if key not in ("bytes", "sha256") and committed.get(key) != regenerated.get(key)
    ]
    if path.exists() and committed["sha256"] != checksum(path):
        lines.append(f"{file}: sha256 is not that of the file")
    return lines


def differences(committed: Path, regenerated: Path) -> list[str]:
    """One line for every difference; none if the files have the same bytes."""
    if not committed.exists():
        return ["is missing"]
    if committed.read_bytes() == regenerated.read_bytes():
        return []
    if not h5py.is_hdf5(committed) or not h5py.is_hdf5(regenerated):
        return ["differs in bytes"]
    with h5py.File(committed) as old, h5py.File(regenerated) as new:
        lines = _attribute_differences(old, new) + _dataset_differences(old, new)
    return ["differs in bytes", *(lines or ["no attribute and no number differs"])]


def _attribute_differences(old: h5py.File, new: h5py.File) -> list[str]:
    def attributes(file: h5py.File) -> dict[str, str]:
        found = {f"/@{name}": repr(value) for name, value in file.attrs.items()}
        file.visititems(
            lambda path, item: found.update(
                {f"/{path}@{name}": repr(value) for name, value in item.attrs.items()}
            )
        )
        return found

    olds, news = attributes(old), attributes(new)
    return [
        f"{name}: {olds.get(name, 'absent')} became {news.get(name, 'absent')}"
        for name in sorted(olds.keys() | news.keys())
        if olds.get(name) != news.get(name)
    ]


def _dataset_differences(old: h5py.File, new: h5py.File) -> list[str]:
    def datasets(file: h5py.File) -> dict[str, Array]:
        found = {}
        file.visititems(
            lambda path, item: (
                found.update({f"/{path}": item[()]}) if isinstance(item, h5py.Dataset) else None
            )
        )
        return found

    olds, news = datasets(old), datasets(new)
    lines = []
    for name in sorted(olds.keys() | news.keys()):
        if name not in olds or name not in news:
            lines.append(f"{name}: {'new' if name in news else 'gone'}")
        elif olds[name].dtype != news[name].dtype or olds[name].shape != news[name].shape:
            lines.append(f"{name}: {_kind(olds[name])} became {_kind(news[name])}")
        elif not np.array_equal(olds[name], news[name]):
            lines.append(f"{name}: {_numeric_difference(olds[name], news[name])}")
    return lines


def _kind(values: Array) -> str:
    return f"{values.dtype} {values.shape}"


def _numeric_difference(old: Array, new: Array) -> str:
    changed = np.count_nonzero(old != new)
    summary = f"{changed} of {old.size} numbers differ, by {np.abs(old - new).max():.2g} at most"
    if old.dtype.kind == "f":
        summary += f", {_ulp_distance(old, new).max()} ULP"
    return summary


def _ulp_distance(old: Array, new: Array) -> Array:
    """How many representable numbers lie between two arrays of one float type."""
    integer = {4: np.int32, 8: np.int64}[old.dtype.itemsize]

    def ordered(values: Array) -> Array:
        """Integers in the order of the floats; -0 and 0 are the same."""
        bits = values.view(integer).astype(object)
        return np.where(bits < 0, -(bits + 2 ** (8 * old.dtype.itemsize - 1)), bits)

    return np.asarray(np.abs(ordered(old) - ordered(new)))

"""The parts of an HDF5 file, of every version of the fixture format: groups, datasets, attributes.

The same calls give the same bytes: no timestamps, strings of fixed length (UTF-8). Arrays are written in
blocks of rows, so that a view that is not contiguous is never copied whole.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

FORMAT = "rnn-parity-fixture"
_BLOCK_BYTES = 1 << 24


@contextmanager
def new_file(path: Path) -> Iterator[h5py.File]:
    """A file to write. It appears at `path` whole, when this ends without an error, or not at all."""
    with draft_of(path) as draft, h5py.File(draft, "w") as file:
        yield file


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """An empty file beside `path`, with its ending, that takes its place when this ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ending = "".join(path.suffixes[-2:])
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=ending)
    os.close(descriptor)
    try:
        yield Path(draft)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def create_group(parent: h5py.Group, name: str) -> h5py.Group:
    """Tracking the order makes a group of few links compact: a third of the usual size.

    Such groups would carry times as well.
    """
    properties = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
    properties.set_link_creation_order(h5py.h5p.CRT_ORDER_TRACKED)
    properties.set_obj_track_times(False)
    return h5py.Group(h5py.h5g.create(parent.id, name.encode(), gcpl=properties))


def write_dataset(group: h5py.Group, name: str, values: Any) -> None:
    """`values`: an array of any shape, or None, which writes nothing."""
    if values is None:
        return
    if values.ndim == 0 or values.size == 0:
        group.create_dataset(name, data=values, track_times=False)
        return
    dataset = group.create_dataset(name, values.shape, values.dtype, track_times=False)
    rows = max(1, _BLOCK_BYTES * len(values) // max(values.nbytes, 1))
    for start in range(0, len(values), rows):
        dataset[start : start + rows] = np.ascontiguousarray(values[start : start + rows])


def write_attributes(group: h5py.Group, **attributes: str | int | float | bool | None) -> None:
    """An attribute that is None is not written."""
    for name, value in attributes.items():
        if isinstance(value, str):
            encoded = value.encode()
            if len(encoded) > 32_000:  # An attribute of fixed length has room for 64 KiB.
                group.attrs.create(name, value, dtype=h5py.string_dtype("utf-8"))
                continue
            size = max(len(encoded), 1)  # HDF5 has no strings of length 0
            group.attrs.create(name, encoded, dtype=h5py.string_dtype("utf-8", size))
        elif value is not None:
            group.attrs.create(name, value)

"""The same fixture as HDF5 may store it otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np


@dataclass(frozen=True)
class Layout:
    """libver: the range of HDF5's versions whose structures are used.

    chunked: in chunks, shuffled and deflated.   compact: small datasets within their object headers.
    indexed: attributes in a heap with two trees of version 2, however few; the order of links is kept.
    """

    name: str
    libver: tuple[str, str]
    chunked: bool = False
    compact: bool = False
    indexed: bool = False


LAYOUTS = (
    Layout("earliest", ("earliest", "v110")),
    Layout("earliest-deflate", ("earliest", "v110"), chunked=True),
    Layout("latest", ("v110", "v110")),
    Layout("latest-deflate", ("v110", "v110"), chunked=True),
    Layout("latest-indexed", ("v110", "v110"), compact=True, indexed=True),
)
_COMPACT_BYTES = 4096


def rewrite(source: Path, target: Path, layout: Layout) -> None:
    """Writes the contents of one fixture into another file; equal contents and layouts make equal bytes."""
    with (
        h5py.File(source, "r") as old,
        h5py.File(target, "w", libver=layout.libver, track_order=layout.indexed) as new,
    ):
        _copy(old, new, layout)


def _copy(old: h5py.Group, new: h5py.Group, layout: Layout) -> None:
    _copy_attributes(old, new)
    for name, item in old.items():
        if isinstance(item, h5py.Dataset):
            _copy_dataset(item, new, name, layout)
        else:
            _copy(item, _create_group(new, name, layout), layout)


def _create_group(parent: h5py.Group, name: str, layout: Layout) -> h5py.Group:
    creation = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
    if layout.indexed:
        order = h5py.h5p.CRT_ORDER_TRACKED | h5py.h5p.CRT_ORDER_INDEXED
        creation.set_link_creation_order(order)
        creation.set_attr_creation_order(order)
        creation.set_attr_phase_change(0, 0)
    return h5py.Group(h5py.h5g.create(parent.id, name.encode(), gcpl=creation))


def _copy_attributes(old: h5py.HLObject, new: h5py.HLObject) -> None:
    for name in old.attrs:
        stored = old.attrs.get_id(name)
        new.attrs.create(name, old.attrs[name], dtype=stored.dtype, shape=stored.shape)


def _copy_dataset(old: h5py.Dataset, new: h5py.Group, name: str, layout: Layout) -> None:
    values = old[()]
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_obj_track_times(False)
    if layout.chunked and old.ndim and old.size:
        creation.set_chunk(tuple(max(1, (size + 1) // 2) for size in old.shape))
        creation.set_shuffle()
        creation.set_deflate(4)
    elif layout.compact and values.nbytes <= _COMPACT_BYTES:
        creation.set_layout(h5py.h5d.COMPACT)
    space = old.id.get_space()
    dataset = h5py.Dataset(h5py.h5d.create(new.id, name.encode(), old.id.get_type(), space, dcpl=creation))
    if old.size:
        dataset.id.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ascontiguousarray(values), old.id.get_type())
    _copy_attributes(old, dataset)

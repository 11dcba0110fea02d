"""The undamaged files that damage is done to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py

from .checksums import Block, blocks
from .layouts import LAYOUTS, rewrite

# Where HDF5's structures begin that have a name; where object headers begin HDF5 says itself.
_NAMED = re.compile(
    rb"\x89HDF|TREE|SNOD|HEAP|GCOL|OCHK|BTHD|BTIN|BTLF|FRHP|FHDB|FHIB|FSHD|FSSE|FAHD|FADB|rnn-parity|hidden_size"
)


@dataclass(frozen=True)
class Seed:
    """An undamaged fixture in one layout.

    headers: where its object headers begin.   named: where its other structures begin.
    numbers: (start, end) of what its datasets store.   guarded: what has a checksum.
    """

    name: str
    path: Path
    contents: bytes
    headers: tuple[int, ...]
    named: tuple[int, ...]
    numbers: tuple[tuple[int, int], ...]
    guarded: tuple[Block, ...]


def make_seeds(fixtures: Sequence[Path], folder: Path) -> Iterator[Seed]:
    """Each fixture as it is, and in every other layout."""
    for fixture in fixtures:
        yield read_seed(f"{fixture.stem} as recorded", fixture)
        for layout in LAYOUTS:
            path = folder / f"{fixture.stem}-{layout.name}.h5"
            rewrite(fixture, path, layout)
            yield read_seed(f"{fixture.stem} in {layout.name}", path)


def read_seed(name: str, path: Path) -> Seed:
    """The file and where its parts are."""
    contents = path.read_bytes()
    headers: list[int] = []
    numbers: list[tuple[int, int]] = []
    with h5py.File(path, "r") as file:
        for item in _objects(file):
            headers.append(h5py.h5o.get_info(item.id).addr)
            if isinstance(item, h5py.Dataset):
                numbers.extend(_stored(item.id))
    named = tuple(match.start() for match in _NAMED.finditer(contents))
    return Seed(name, path, contents, tuple(headers), named, tuple(numbers), blocks(contents))


def _objects(group: h5py.Group) -> Iterator[h5py.HLObject]:
    yield group
    for item in group.values():
        if isinstance(item, h5py.Group):
            yield from _objects(item)
        else:
            yield item


def _stored(dataset: h5py.h5d.DatasetID) -> Iterator[tuple[int, int]]:
    if dataset.get_create_plist().get_layout() == h5py.h5d.CHUNKED:
        for index in range(dataset.get_num_chunks()):
            chunk = dataset.get_chunk_info(index)
            yield chunk.byte_offset, chunk.byte_offset + chunk.size
    elif (start := dataset.get_offset()) is not None:
        yield start, start + dataset.get_storage_size()

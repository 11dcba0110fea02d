"""Arrays by name, as files: safetensors, and HDF5 with one dataset a name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ..hdf5_file import create_group, draft_of, new_file, write_attributes, write_dataset
from .errors import ConversionError
from .tensor import ITEM_SIZES, Tensor


def write_safetensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """A length, a header of JSON, and the data; the widest formats first, so that every number is aligned."""
    header: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    names = sorted(tensors, key=lambda name: (-ITEM_SIZES[tensors[name].dtype], name))
    offset = 0
    for name in names:
        tensor = tensors[name]
        if name == "__metadata__":
            raise ConversionError(path, expected="a name that safetensors does not use itself", found=name)
        end = offset + len(tensor.data)
        header[name] = {"dtype": tensor.dtype, "shape": list(tensor.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    with draft_of(path) as draft, draft.open("wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        for name in names:
            file.write(tensors[name].data)


def write_flat_hdf5(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """One dataset a name below the root, dots kept; "/" in a name makes groups. bfloat16 as Float32.

    metadata: attributes of the root.
    """
    for name in tensors:
        parts = name.split("/")
        parents = {"/".join(parts[:count]) for count in range(1, len(parts))}
        if {"", "."} & set(parts) or parents & tensors.keys():
            expected = "names that HDF5 can give a dataset, or a target in .safetensors"
            raise ConversionError(path, expected=expected, found=f'"{name}"')
    with new_file(path) as file:
        write_attributes(file, **metadata)
        for name in sorted(tensors):
            *parents_in_order, leaf = name.split("/")
            group = file
            for part in parents_in_order:
                group = group[part] if part in group else create_group(group, part)
            write_dataset(group, leaf, tensors[name].array())

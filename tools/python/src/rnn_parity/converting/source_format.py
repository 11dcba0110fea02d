"""What kind of file something is, told by its content: nothing of it is unpickled or run."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from .errors import ConversionError

SourceFormat = Literal["keras", "pytorch", "torchscript", "onnx"]

_KERAS_ENTRIES = {"metadata.json", "config.json", "model.weights.h5"}
_LEGACY_PICKLE = bytes([0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20])
"""The magic number that torch.save pickled before it made archives."""
_HDF5 = b"\x89HDF\r\n\x1a\n"
_EXPECTED = "a .keras, .pt, .pth or .onnx file"


def source_format(path: Path) -> SourceFormat:
    """Raises ConversionError for what is none of them."""
    if path.is_dir():
        raise ConversionError(path, expected=_EXPECTED, found="a folder")
    with path.open("rb") as file:
        beginning = file.read(16)
    if zipfile.is_zipfile(path):
        return _of_archive(path)
    if beginning.startswith(_LEGACY_PICKLE):
        return "pytorch"
    if beginning.startswith(_HDF5):
        raise ConversionError(path, expected=_EXPECTED, found="an HDF5 file, which parity reads as it is")
    if beginning[8:10] in (b'{"', b"{}"):
        raise ConversionError(
            path, expected=_EXPECTED, found="a safetensors file, which parity reads as it is"
        )
    # A ModelProto begins with its ir_version; older ones, and other libraries', may put another field first.
    if path.suffix == ".onnx" or beginning[:1] == b"\x08":
        return "onnx"
    raise ConversionError(
        path, expected=_EXPECTED, found="no content that is known" if beginning else "an empty file"
    )


def _of_archive(path: Path) -> SourceFormat:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise ConversionError(path, expected=_EXPECTED, found=f"a damaged archive: {error}") from error
    if names >= _KERAS_ENTRIES:
        return "keras"
    if any(name.endswith("/constants.pkl") for name in names):
        return "torchscript"
    if any(name.endswith("/data.pkl") for name in names):
        return "pytorch"
    if any(name.endswith("/models/model.json") for name in names):
        raise ConversionError(
            path,
            expected=f"{_EXPECTED}: save the state_dict of torch.export.load(…).module()",
            found="a program of torch.export",
        )
    raise ConversionError(
        path, expected=_EXPECTED, found=f"an archive of {', '.join(sorted(names)[:3]) or 'nothing'}"
    )

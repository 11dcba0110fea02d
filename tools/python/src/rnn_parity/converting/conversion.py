"""One conversion: which reader for the source, which writer for the target."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .errors import ConversionError
from .source_format import SourceFormat, source_format


@dataclass(frozen=True)
class Conversion:
    """What was written, and what was not.

    carried: what is in the target, in words.   left_out: what of the source is not in it, one entry each.
    """

    target: Path
    carried: str
    left_out: tuple[str, ...]


def convert(source: str | Path, target: str | Path, *, key: str | None = None) -> Conversion:
    """Write the weights of a .keras, .pt, .pth or .onnx file as a file that `parity` reads.

    target: its ending decides the layout: .safetensors or .h5 of a .pt or .onnx, .h5 or .weights.h5
        of a .keras. The file appears whole or not at all.
    key: where the state_dict lies in a checkpoint that holds several.
    Raises ConversionError for a file that cannot be converted, and ImportError where the library is missing.
    """
    source, target = Path(source), Path(target)
    kind = source_format(source)
    ending = _ending(source, target, kind)
    if key is not None and kind != "pytorch":
        raise ConversionError(source, expected="a checkpoint of torch.save, which has keys", found=kind)
    if kind == "keras":
        from .keras_archive import convert_keras

        return convert_keras(source, target, ending)
    if kind == "onnx":
        from .onnx_weights import convert_onnx

        return convert_onnx(source, target, ending)
    from .pytorch_tensors import convert_pytorch

    return convert_pytorch(source, target, kind, ending, key)


_ENDINGS: dict[SourceFormat, tuple[str, ...]] = {
    "keras": (".weights.h5", ".h5"),
    "pytorch": (".safetensors", ".h5"),
    "torchscript": (".safetensors", ".h5"),
    "onnx": (".safetensors", ".h5"),
}
_REASONS: dict[SourceFormat, str] = {
    "keras": "the layouts that Keras itself writes",
    "pytorch": "arrays by the keys of the state_dict",
    "torchscript": "arrays by the keys of the state_dict",
    "onnx": "arrays and the nodes' attributes",
}


def _ending(source: Path, target: Path, kind: SourceFormat) -> str:
    for ending in _ENDINGS[kind]:
        if target.name.endswith(ending):
            return ending
    known = " or ".join(_ENDINGS[kind])
    raise ConversionError(
        target,
        expected=f"a name in {known} for {source.name}, {_REASONS[kind]}",
        found=target.suffix or "no ending",
    )

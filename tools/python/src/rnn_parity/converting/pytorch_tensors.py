"""The state_dict of a .pt or .pth file. Pickled code is not run: only tensors and containers are read."""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from .conversion import Conversion
from .errors import ConversionError
from .tensor import Tensor
from .tensor_files import write_flat_hdf5, write_safetensors

_HOW_TO_SAVE = "torch.save(model.state_dict(), 'weights.pt'), in the program that made the model"


def convert_pytorch(
    source: Path, target: Path, kind: Literal["pytorch", "torchscript"], ending: str, key: str | None
) -> Conversion:
    """ending: of the target."""
    entries, left_out = _state_dict(source, kind, key)
    tensors: dict[str, Tensor] = {}
    for name, value in entries.items():
        tensor = _tensor(value)
        if tensor is None:
            left_out.append(f"{name}: {_described(value)}")
        else:
            tensors[name] = tensor
    if not tensors:
        raise ConversionError(source, expected="tensors", found="none that can be stored")
    write = write_safetensors if ending == ".safetensors" else write_flat_hdf5
    write(target, tensors, {"format": "pt"})
    return Conversion(target, f"{len(tensors)} tensors by their keys in the state_dict", tuple(left_out))


def _state_dict(source: Path, kind: str, key: str | None) -> tuple[Mapping[str, Any], list[str]]:
    """The tensors by key, and what else lies beside them."""
    if kind == "torchscript":
        return _script_state(source), ["the code of the TorchScript, and with it the order of its layers"]
    loaded = _loaded(source)
    if not isinstance(loaded, Mapping):
        raise ConversionError(
            source, expected=f"a state_dict: {_HOW_TO_SAVE}", found=f"one {_described(loaded)}"
        )
    if key is not None:
        if not _is_state_dict(loaded.get(key)):
            found = ", ".join(map(str, loaded)) if key not in loaded else _described(loaded[key])
            raise ConversionError(
                source, expected=f'a state_dict at the key "{key}"', found=found or "nothing"
            )
        return loaded[key], [f"{name}: {_described(value)}" for name, value in loaded.items() if name != key]
    if _is_state_dict(loaded):
        return loaded, []
    places = [name for name, value in loaded.items() if _is_state_dict(value)]
    if len(places) != 1:
        raise ConversionError(
            source,
            expected="one state_dict, or key, which names one of several",
            found=", ".join(map(str, places or loaded)) or "nothing",
        )
    others = [f"{name}: {_described(value)}" for name, value in loaded.items() if name != places[0]]
    return loaded[places[0]], others


def _is_state_dict(value: Any) -> bool:
    """Names of tensors, and perhaps of extra states."""
    import torch

    return (
        isinstance(value, Mapping)
        and all(isinstance(name, str) for name in value)
        and any(isinstance(one, torch.Tensor) for one in value.values())
    )


def _loaded(source: Path) -> Any:
    import torch

    try:
        return torch.load(source, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ConversionError(
            source,
            expected=f"tensors only: {_HOW_TO_SAVE}",
            found=f"a pickle that runs code when it is read: {_refused_name(str(error))}",
        ) from error
    except (RuntimeError, EOFError, ValueError, KeyError) as error:
        raise ConversionError(source, expected="what torch.save wrote", found=_first_line(error)) from error


def _script_state(source: Path) -> Mapping[str, Any]:
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        try:
            state: Mapping[str, Any] = torch.jit.load(str(source), map_location="cpu").state_dict()
        except (RuntimeError, ValueError) as error:
            raise ConversionError(
                source, expected="a TorchScript archive", found=_first_line(error)
            ) from error
    return state


def _refused_name(message: str) -> str:
    """The class or function that PyTorch refused to import, of its long explanation."""
    named = re.search(r"GLOBAL (\S+)", message)
    return named.group(1) if named else message.splitlines()[0]


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _described(value: Any) -> str:
    import torch

    if isinstance(value, torch.Tensor):
        layout = (
            ""
            if value.layout == torch.strided
            else f" in the layout {str(value.layout).removeprefix('torch.')}"
        )
        return f"a tensor of {str(value.dtype).removeprefix('torch.')}{layout}"
    return type(value).__name__


def _tensor(value: Any) -> Tensor | None:
    """None where the format has no words for it."""
    import torch

    formats = {
        torch.float64: "F64",
        torch.float32: "F32",
        torch.float16: "F16",
        torch.bfloat16: "BF16",
        torch.int64: "I64",
        torch.int32: "I32",
        torch.int16: "I16",
        torch.int8: "I8",
        torch.uint8: "U8",
        torch.bool: "BOOL",
    }
    if not isinstance(value, torch.Tensor) or value.layout != torch.strided or value.dtype not in formats:
        return None
    plain = value.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
    return Tensor(formats[value.dtype], tuple(value.shape), plain.view(torch.uint8).numpy().tobytes())

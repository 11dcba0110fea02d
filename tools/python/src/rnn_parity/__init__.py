"""Records what recurrent networks really compute, layer by layer and step by step, as parity fixtures.

    from rnn_parity import record_pytorch
    case = record_pytorch(model, tokens, case="tagger", path="tagger.h5")
    print(case.summary())

Importing this imports no framework: each recorder imports its own when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .case import (
    Activation,
    Calls,
    Case,
    LeftOut,
    ModelRecord,
    RecordedLayer,
    RecordedPass,
    Reference,
    Repeated,
    States,
)
from .errors import RecordingError, UnknownModule, UnsupportedModule
from .spread import BoundarySpread, Spread

if TYPE_CHECKING:
    from .checking import check
    from .flax_recorder import record_flax
    from .joining import join
    from .keras_recorder import record_keras
    from .mlx_recorder import record_mlx
    from .onnx_recorder import record_onnx
    from .pytorch_recorder import record_pytorch

__all__ = [
    "Activation",
    "BoundarySpread",
    "Calls",
    "Case",
    "LeftOut",
    "ModelRecord",
    "RecordedLayer",
    "RecordedPass",
    "RecordingError",
    "Reference",
    "Repeated",
    "Spread",
    "States",
    "UnknownModule",
    "UnsupportedModule",
    "check",
    "join",
    "record_flax",
    "record_keras",
    "record_mlx",
    "record_onnx",
    "record_pytorch",
]

_MODULES = {
    "check": ".checking",
    "join": ".joining",
    "record_flax": ".flax_recorder",
    "record_keras": ".keras_recorder",
    "record_mlx": ".mlx_recorder",
    "record_onnx": ".onnx_recorder",
    "record_pytorch": ".pytorch_recorder",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(_MODULES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Records what PyTorch and Keras compute in recurrent networks, as parity fixtures.

    from rnn_parity_lab import record_pytorch
    record_pytorch(torch.nn.LSTM(5, 7, num_layers=2), torch.randn(12, 3, 5), path="my-lstm.h5")

The two recorders import only their own framework, and only when they are used.
"""

from importlib import import_module
from typing import Any

from .case import Case
from .description import CaseDescription, LayerDescription
from .hdf5_writer import write_case

__all__ = [
    "Case",
    "CaseDescription",
    "LayerDescription",
    "record_keras",
    "record_pytorch",
    "run_case",
    "write_case",
]

_MODULES = {
    "record_keras": ".keras_recorder",
    "record_pytorch": ".pytorch_recorder",
    "run_case": ".runs",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(_MODULES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

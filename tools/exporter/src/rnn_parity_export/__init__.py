"""Records what PyTorch and Keras compute in recurrent networks, as parity fixtures.

    from rnn_parity_export import record_pytorch
    record_pytorch(torch.nn.LSTM(5, 7, num_layers=2), torch.randn(12, 3, 5), path="my-lstm.h5")

The two recorders import only their own framework.
"""

from .case import Case
from .hdf5_writer import write_case

__all__ = ["Case", "record_keras", "record_pytorch", "write_case"]


def __getattr__(name: str):
    if name == "record_pytorch":
        from .pytorch_recorder import record_pytorch

        return record_pytorch
    if name == "record_keras":
        from .keras_recorder import record_keras

        return record_keras
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

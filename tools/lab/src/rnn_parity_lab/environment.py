"""The settings under which a framework ran: made deterministic here, and recorded."""

from __future__ import annotations

import os
import platform
import sys
from typing import Any


def make_deterministic() -> None:
    """One thread, no accelerator, the TensorFlow backend: the same bytes on every run.

    Must run before Keras or TensorFlow is imported.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # PyTorch's compiler would load Triton, whose copy of LLVM collides with TensorFlow's.
    sys.modules["triton"] = None  # type: ignore[assignment]  # Python allows it: an import then fails.

    import tensorflow
    import torch

    torch.set_num_threads(1)
    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    tensorflow.config.experimental.enable_op_determinism()


def pytorch_environment(device: str) -> dict[str, Any]:
    """What the bits of a run may depend on."""
    import torch

    return {
        "backend": device,
        "machine": platform.machine(),
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "mkldnn": torch.backends.mkldnn.is_available() and torch.backends.mkldnn.enabled,
        "threads": torch.get_num_threads(),
    }


def keras_environment() -> dict[str, Any]:
    """What the bits of a run may depend on."""
    import keras

    environment = {
        "backend": keras.backend.backend(),
        "execution": "eager",
        "machine": platform.machine(),
    }
    if keras.backend.backend() == "tensorflow":
        import tensorflow

        environment |= {
            "tensorflow": tensorflow.__version__,
            "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "default"),
            "threads": tensorflow.config.threading.get_intra_op_parallelism_threads(),
        }
    return environment


def framework_versions() -> dict[str, str]:
    """Of everything that writes numbers into a fixture."""
    from importlib.metadata import version

    import h5py
    import keras
    import numpy
    import onnx
    import onnxruntime
    import tensorflow
    import torch

    return {
        "pytorch": torch.__version__.split("+")[0],
        "keras": keras.__version__,
        "tensorflow": tensorflow.__version__,
        "onnxruntime": onnxruntime.__version__,
        "onnx": onnx.__version__,
        "flax": version("flax"),
        "jax": version("jax"),
        "mlx": version("mlx"),
        "h5py": h5py.__version__,
        "hdf5": h5py.version.hdf5_version,
        "numpy": numpy.__version__,
    }


def processor() -> str:
    """The machine, and which of its instructions PyTorch uses."""
    import torch

    return f"{platform.machine()} with {torch.backends.cpu.get_cpu_capability()}"

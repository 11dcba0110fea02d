"""Keras 3 and tf_keras 2, as far as they differ for a recorder.

Neither is imported before a model of it is given. All tensors that leave here are NumPy arrays;
bfloat16, which neither NumPy nor HDF5 has, becomes float32, which holds it exactly.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np

from ..case import Array


class Framework:
    """What the recorder asks of Keras; here what Keras 3 and tf_keras have in common."""

    name: str
    """As `framework` in a file."""
    package: str
    """The name under which it is imported."""
    hard_sigmoid: str
    """What the format calls the function that this package calls `hard_sigmoid`."""

    def __init__(self, module: Any) -> None:
        self.module = module
        layers = module.layers
        self.base = layers.Layer
        self.rnn = layers.RNN
        self.bidirectional = layers.Bidirectional
        self.stacked_cells = layers.StackedRNNCells
        self.cells: dict[Any, Literal["rnn", "gru", "lstm"]] = {
            layers.SimpleRNNCell: "rnn",
            layers.GRUCell: "gru",
            layers.LSTMCell: "lstm",
        }

    @property
    def version(self) -> str:
        """Of the package."""
        return str(self.module.__version__)

    @property
    def backend(self) -> str:
        """`tensorflow`, `torch` or `jax`."""
        raise NotImplementedError

    def environment(self) -> dict[str, Any]:
        """The settings under which it runs."""
        environment: dict[str, Any] = {
            "backend": self.backend,
            "execution": "eager",
            "machine": platform.machine(),
        }
        if self.backend == "tensorflow":
            import tensorflow as tf

            environment |= {
                "tensorflow": tf.__version__,
                "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "default"),
                "threads": tf.config.threading.get_intra_op_parallelism_threads(),
            }
        else:
            environment[self.backend] = str(sys.modules[self.backend].__version__)
        return environment

    # Tensors

    def flatten(self, structure: Any) -> list[Any]:
        """The leaves of nested lists, tuples and dictionaries."""
        raise NotImplementedError

    def to_array(self, tensor: Any) -> Array:
        """A copy of `tensor`, which may be a variable or an array already."""
        raise NotImplementedError

    def to_tensor(self, array: Array, dtype: str | None = None) -> Any:
        """Of the given type, else of the array's."""
        raise NotImplementedError

    def dtype(self, tensor: Any) -> str:
        """The name of the type of a tensor, variable or array."""
        raise NotImplementedError

    def concatenate(self, tensors: list[Any]) -> Any:
        """Along the last axis."""
        raise NotImplementedError

    def is_traced(self, tensor: Any) -> bool:
        """Whether it stands for values that are not there yet."""
        raise NotImplementedError

    # Variables

    def uncast(self) -> contextlib.AbstractContextManager[Any]:
        """While this lasts, variables are read as they are stored, whatever a mixed policy says."""
        raise NotImplementedError

    def substituted(self, values: list[tuple[Any, Array]]) -> contextlib.AbstractContextManager[Any]:
        """While this lasts, these variables are read as these values."""
        raise NotImplementedError

    # Running

    def eager(self) -> contextlib.AbstractContextManager[Any]:
        """While this lasts, what was compiled runs step by step, where it can be observed."""
        return _eager(self.backend)

    def is_inferring_shapes(self) -> bool:
        """Whether layers run for the shapes of what they return only, while a model is built."""
        return False

    def variables(self, layer: Any) -> list[Any]:
        """All of a layer's state; nothing before it is built."""
        return list(layer.variables) if layer.built else []

    def children(self, layer: Any) -> list[Any]:
        """The layers directly inside `layer`, in the order in which it tracks them."""
        return list(layer._flatten_layers(include_self=False, recursive=False))

    def states(self, layer: Any) -> list[Any] | None:
        """The variables in which a stateful layer keeps its states; None before there are any."""
        states = self.flatten(layer.states)
        return None if not states or any(state is None for state in states) else states

    def prefers_kept_states(self, kept: list[Any]) -> bool:
        """Whether a stateful layer ignores the states that it is given."""
        return False

    def learning_phase(self) -> bool:
        """What `training` is where nobody says."""
        return False

    def uses_tf32(self) -> bool:
        """Whether float32 products are of TensorFloat-32, as they may be on a GPU."""
        if self.backend == "tensorflow":
            import tensorflow as tf

            enabled = tf.config.experimental.tensor_float_32_execution_enabled()
            return bool(tf.config.list_physical_devices("GPU")) and bool(enabled)
        if self.backend == "torch":
            torch = sys.modules["torch"]
            return bool(torch.cuda.is_available() and torch.backends.cuda.matmul.allow_tf32)
        jax = sys.modules["jax"]
        on_gpu = jax.default_backend() == "gpu"
        return on_gpu and jax.config.jax_default_matmul_precision not in ("highest", "float32")

    def narrows(self, dtype: str) -> bool:
        """Whether a product of matrices of this type is made in a narrower one."""
        return False

    def random_states(self) -> list[Any]:
        """Variables outside of any layer from which random numbers come."""
        return []

    def forget_random_states(self, kept: list[Any]) -> None:
        """Drop those that were made since there were only `kept`."""


class _Keras3(Framework):
    name, package, hard_sigmoid = "keras", "keras", "hard_sigmoid"

    @property
    def backend(self) -> str:
        return str(self.module.backend.backend())

    def flatten(self, structure: Any) -> list[Any]:
        return list(self.module.tree.flatten(structure))

    def to_array(self, tensor: Any) -> Array:
        array = np.array(self.module.ops.convert_to_numpy(tensor))
        return array.astype(np.float32) if array.dtype.name == "bfloat16" else array

    def to_tensor(self, array: Array, dtype: str | None = None) -> Any:
        return self.module.ops.convert_to_tensor(array, dtype=dtype)

    def dtype(self, tensor: Any) -> str:
        return str(self.module.backend.standardize_dtype(tensor.dtype))

    def concatenate(self, tensors: list[Any]) -> Any:
        return self.module.ops.concatenate(tensors, axis=-1)

    def is_traced(self, tensor: Any) -> bool:
        if self.module.backend.is_keras_tensor(tensor):
            return True
        if self.backend == "tensorflow":
            return _is_symbolic(tensor)
        if self.backend == "jax":
            return isinstance(tensor, sys.modules["jax"].core.Tracer)
        return getattr(getattr(tensor, "device", None), "type", None) == "meta"

    def uncast(self) -> contextlib.AbstractContextManager[Any]:
        variables = importlib.import_module("keras.src.backend.common.variables")
        scope: contextlib.AbstractContextManager[Any] = variables.AutocastScope(None)
        return scope

    def substituted(self, values: list[tuple[Any, Array]]) -> contextlib.AbstractContextManager[Any]:
        scope: contextlib.AbstractContextManager[Any] = self.module.StatelessScope(values)
        return scope

    def is_inferring_shapes(self) -> bool:
        return _global_state().get_global_attribute("symbolic_scope") is not None

    def narrows(self, dtype: str) -> bool:
        return dtype == "float64" and self.module.backend.result_type(dtype, dtype) != dtype

    def random_states(self) -> list[Any]:
        generator = _global_state().get_global_attribute("global_seed_generator")
        return [] if generator is None else [generator.state]

    def forget_random_states(self, kept: list[Any]) -> None:
        if not kept:
            _global_state().set_global_attribute("global_seed_generator", None)


def _global_state() -> Any:
    return importlib.import_module("keras.src.backend.common.global_state")


class _TfKeras(Framework):
    name, package, hard_sigmoid = "tf-keras", "tf_keras", "hard_sigmoid_keras2"
    backend = "tensorflow"

    def flatten(self, structure: Any) -> list[Any]:
        import tensorflow as tf

        return list(tf.nest.flatten(structure))

    def to_array(self, tensor: Any) -> Array:
        import tensorflow as tf

        array = np.array(tf.convert_to_tensor(tensor).numpy())
        return array.astype(np.float32) if array.dtype.name == "bfloat16" else array

    def to_tensor(self, array: Array, dtype: str | None = None) -> Any:
        import tensorflow as tf

        tensor = tf.convert_to_tensor(array)
        return tensor if dtype is None else tf.cast(tensor, dtype)

    def dtype(self, tensor: Any) -> str:
        return str(getattr(tensor.dtype, "name", tensor.dtype))

    def concatenate(self, tensors: list[Any]) -> Any:
        import tensorflow as tf

        return tf.concat(tensors, axis=-1)

    def is_traced(self, tensor: Any) -> bool:
        return type(tensor).__name__ == "KerasTensor" or _is_symbolic(tensor)

    def prefers_kept_states(self, kept: list[Any]) -> bool:
        return any(self.to_array(state).any() for state in kept)

    def learning_phase(self) -> bool:
        return bool(self.module.backend.learning_phase())

    def uncast(self) -> contextlib.AbstractContextManager[Any]:
        autocast = importlib.import_module("tf_keras.src.mixed_precision.autocast_variable")
        scope: contextlib.AbstractContextManager[Any] = autocast.enable_auto_cast_variables(None)
        return scope

    def substituted(self, values: list[tuple[Any, Array]]) -> contextlib.AbstractContextManager[Any]:
        return _tensorflow_substituted(values)


@contextmanager
def _tensorflow_substituted(values: list[tuple[Any, Array]]) -> Iterator[None]:
    """Where TensorFlow reads a variable, whole or some rows, it reads these."""
    import tensorflow as tf
    from tensorflow.python.ops import gen_resource_variable_ops as operations

    tensors = {variable.handle._id: tf.convert_to_tensor(value) for variable, value in values}
    read, gather = operations.read_variable_op, operations.resource_gather

    def read_substituted(resource: Any, dtype: Any, name: Any = None) -> Any:
        found = tensors.get(getattr(resource, "_id", None))
        return read(resource, dtype, name) if found is None else tf.cast(found, dtype)

    def gather_substituted(resource: Any, indices: Any, dtype: Any, **options: Any) -> Any:
        found = tensors.get(getattr(resource, "_id", None))
        if found is None:
            return gather(resource, indices, dtype, **options)
        return tf.gather(tf.cast(found, dtype), indices)

    operations.read_variable_op = read_substituted
    operations.resource_gather = gather_substituted
    try:
        yield
    finally:
        operations.read_variable_op, operations.resource_gather = read, gather


def framework_of(layer: Any) -> Framework | None:
    """Keras 3 or tf_keras, whichever `layer` is a layer of."""
    for kind in (_Keras3, _TfKeras):
        module = sys.modules.get(kind.package)
        layers = getattr(module, "layers", None)
        if layers is not None and isinstance(layer, layers.Layer):
            return kind(module)
    return None


def _is_symbolic(tensor: Any) -> bool:
    import tensorflow as tf

    return isinstance(tensor, tf.Tensor) and bool(tf.is_symbolic_tensor(tensor))


@contextmanager
def _eager(backend: str) -> Iterator[None]:
    if backend == "tensorflow":
        import tensorflow as tf

        before = tf.config.functions_run_eagerly()
        tf.config.run_functions_eagerly(True)
        try:
            yield
        finally:
            tf.config.run_functions_eagerly(before)
    elif backend == "torch" and hasattr(sys.modules["torch"].compiler, "set_stance"):
        with sys.modules["torch"].compiler.set_stance("force_eager"):
            yield
    else:
        yield

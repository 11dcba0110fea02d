"""Moving everything that rounding moves: values substituted while a model runs once more.

Nothing is changed in place. Variables are read through a mapping, and the results of operations
that round are moved as they are returned: of TensorFlow's kernels, of torch's functions, and of
Keras's own operations on JAX, whose compiled functions cannot be entered.
"""

from __future__ import annotations

import contextlib
import importlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..case import Array
from ..perturbation import made_of
from .framework import Framework

Move = Callable[[Array, str, "Any | None"], Array]
"""Takes an array, the name of the type that it stands for, and what an activation made it of."""

_ROUNDING = frozenset(
    """
    add add_n addcmul addmm average average_pool avg_pool avg_pool1d avg_pool2d avg_pool3d baddbmm
    batch_mat_mul batch_norm batch_normalization bias_add bilinear bmm celu conv conv1d conv2d
    conv2d_backprop_input conv3d conv_transpose conv_transpose1d conv_transpose2d convolution cos cosh
    cumprod cumsum depthwise_conv depthwise_conv2d_native div div_no_nan divide dot
    dot_product_attention einsum elu erf erfc exp expm1 fused_batch_norm gelu group_norm hard_sigmoid
    hard_silu hardsigmoid hardswish inner inv layer_norm layer_normalization leaky_relu linear log log10
    log1p log2 log_sigmoid log_softmax logaddexp logsigmoid logsumexp mat_mul matmul mean mish mm
    moments mul multiply norm outer pow power prod real_div reciprocal rms_norm rsqrt
    scaled_dot_product_attention selu separable_conv sigmoid silu sin sinh softmax softplus softsign
    sqrt square squared_difference std sub subtract sum tan tanh tensordot true_divide truediv var vdot
    """.split()  # noqa: SIM905
)
"""Operations whose result is rounded, by the names that the three backends give them."""

_MODULES = {
    "tensorflow": (
        "tensorflow.python.ops.gen_math_ops",
        "tensorflow.python.ops.gen_nn_ops",
        "tensorflow.python.ops.gen_linalg_ops",
    ),
    "jax": (
        "keras.src.backend.jax.numpy",
        "keras.src.backend.jax.math",
        "keras.src.backend.jax.nn",
    ),
}
"""The modules through which all operations of a backend go."""


def rounds(name: str) -> bool:
    """Whether an operation of this name, `_sum`, `__rmul__`, `batch_mat_mul_v3`, rounds."""
    plain = re.sub(r"_v\d$", "", name.strip("_"))
    return plain in _ROUNDING or (plain[:1] in "ri" and plain[1:] in _ROUNDING)


class Moving:
    """The results of operations, moved by `move`, while `on`."""

    def __init__(self, framework: Framework, move: Move) -> None:
        self._framework = framework
        self._move = move
        self._on = True

    @contextmanager
    def off(self) -> Iterator[None]:
        """While this lasts, operations return what they compute."""
        before, self._on = self._on, False
        try:
            yield
        finally:
            self._on = before

    def result(self, name: str, args: Any, kwargs: Any, returned: Any) -> Any:
        """What an operation of this name returned, moved while `on`."""
        if not self._on or not rounds(name):
            return returned
        fed = next((one for one in (*args, *kwargs.values()) if hasattr(one, "dtype")), None)
        if fed is None or self._framework.is_traced(fed) or made_of(name, np.zeros(())) is None:
            return self.moved(returned)
        with self.off():
            return self.moved(returned, made_of(name, self._framework.to_array(fed)))

    def moved(self, returned: Any, magnitude: Any | None = None) -> Any:
        """`returned` with every tensor in it moved.   magnitude: see `made_of`, where it is one tensor."""
        if isinstance(returned, (list, tuple)):
            each = [self.moved(item) for item in returned]
            return type(returned)(*each) if hasattr(returned, "_fields") else type(returned)(each)
        if isinstance(returned, dict):
            return {key: self.moved(item) for key, item in returned.items()}
        if not hasattr(returned, "dtype") or self._framework.is_traced(returned):
            return returned
        dtype = self._framework.dtype(returned)
        if "float" not in dtype:
            return returned
        with self.off():
            array = self._move(self._framework.to_array(returned), dtype, magnitude)
            tensor = self._framework.to_tensor(array, dtype)
            mask = getattr(returned, "_keras_mask", None)
            if mask is not None:
                tensor._keras_mask = mask
            return tensor

    @contextmanager
    def operations(self) -> Iterator[None]:
        """While this lasts, every operation's result is moved."""
        if self._framework.backend == "torch":
            with self._torch():
                yield
            return
        replaced: list[tuple[Any, str, Any]] = []
        try:
            for path in _MODULES[self._framework.backend]:
                module = importlib.import_module(path)
                for name, function in list(vars(module).items()):
                    if rounds(name) and callable(function) and not isinstance(function, type):
                        replaced.append((module, name, function))
                        setattr(module, name, self._moving(name, function))
            yield
        finally:
            for module, name, function in replaced:
                setattr(module, name, function)

    def _moving(self, name: str, function: Any) -> Any:
        def moving(*args: Any, **kwargs: Any) -> Any:
            return self.result(name, args, kwargs, function(*args, **kwargs))

        return moving

    def _torch(self) -> contextlib.AbstractContextManager[Any]:
        from torch.overrides import TorchFunctionMode

        moving = self

        class Mode(TorchFunctionMode):  # type: ignore[misc]
            def __torch_function__(
                self, function: Any, types: Any, args: Any = (), kwargs: Any = None
            ) -> Any:
                returned = function(*args, **(kwargs or {}))
                return moving.result(getattr(function, "__name__", ""), args, kwargs or {}, returned)

        return Mode()

"""One call of an MLX recurrent layer as a recorded layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np

from .case import Activation, Array, RecordedLayer, RecordedPass, States
from .given import Pin

LAYERS = (nn.RNN, nn.GRU, nn.LSTM)
_CELLS: dict[type, Any] = {nn.RNN: "rnn", nn.GRU: "gru", nn.LSTM: "lstm"}
_WEIGHTS = ("Wxh", "Whh", "Wx", "Wh", "bias", "b", "bhn")
_NAMES = {"Wxh": "Wx", "Whh": "Wh"}
"""The layer's names, and those of the format where they differ: one pair for all three cells."""


def array(values: Any) -> Array:
    """A copy. bfloat16, which NumPy does not have, becomes float32, which holds it exactly."""
    values = mx.array(values)
    return np.array(values.astype(mx.float32) if values.dtype == mx.bfloat16 else values, copy=True)


def seen_call(
    module: Any, path: str, args: Sequence[Any], kwargs: Mapping[str, Any], returned: Any
) -> RecordedLayer:
    """The layer.

    An input (..., T, I) has any number of batch axes: they become one.
    """
    kind = next(one for one in LAYERS if isinstance(module, one))
    given = dict(zip(("x", "hidden", "cell"), args)) | dict(kwargs)
    lstm = kind is nn.LSTM
    h, c = returned if lstm else (returned, None)
    output = _sequence(h)
    cells = None if c is None else _sequence(c)
    initial = _states(given.get("hidden"), given.get("cell"))
    weights = {
        _NAMES.get(name, name): array(module[name])
        for name in _WEIGHTS
        if name in module and module[name] is not None
    }
    activation, other = _activation(module)
    return RecordedLayer(
        name=path,
        module=path,
        cell=_CELLS[kind],
        hidden_size=output.shape[2],
        input=_sequence(given["x"]),
        output=output,
        activation=activation,
        reset_after=True if kind is nn.GRU else None,
        other_options=other,
        precision="bfloat16" if h.dtype == mx.bfloat16 else None,
        passes={
            "forward": RecordedPass(
                weights=weights,
                h=output,
                c=cells,
                initial=initial,
                final=States(output[-1], None if cells is None else cells[-1]),
            )
        },
    )


def _sequence(values: Any) -> Array:
    """(..., T, ·) as (T, B, ·)."""
    shown = array(values)
    return np.ascontiguousarray(shown.reshape(-1, *shown.shape[-2:]).swapaxes(0, 1))


def _states(hidden: Any, cell: Any) -> States | None:
    if hidden is None and cell is None:
        return None

    def rows(values: Any) -> Array | None:
        return None if values is None else array(values).reshape(-1, values.shape[-1])

    return States(rows(hidden), rows(cell))


def _activation(module: Any) -> tuple[Activation, dict[str, str]]:
    """The layer's function, or tanh and the name of one that has no formula here."""
    function = getattr(module, "nonlinearity", None)
    if function is None:
        return Activation("tanh"), {}
    known = {
        "tanh": (nn.tanh, mx.tanh),
        "relu": (nn.relu,),
        "sigmoid": (nn.sigmoid, mx.sigmoid),
        "softplus": (nn.softplus,),
        "softsign": (nn.softsign,),
        "selu": (nn.selu,),
    }
    for name, functions in known.items():
        if any(function is one for one in functions):
            return Activation(name), {}
    if isinstance(function, (nn.Tanh, nn.ReLU, nn.Sigmoid)):
        return Activation(type(function).__name__.lower()), {}
    return Activation("tanh"), {"nonlinearity": getattr(function, "__name__", type(function).__name__)}


def restored(returned: Any, pinned: Pin) -> Any:
    """What the layer returned, with the values of a pin: its states of every step (and an lstm's last c)."""
    if isinstance(returned, tuple):
        h, c = returned
        own = _sequence(c)
        if pinned.final_c is not None:
            own[-1] = pinned.final_c[0]
        return _like(h, _pinned(h, pinned)), _like(c, own)
    return _like(returned, _pinned(returned, pinned))


def _pinned(returned: Any, pinned: Pin) -> Array:
    values = pinned.h[0]
    return values if pinned.valid is None else np.where(pinned.valid[:, :, None], values, _sequence(returned))


def _like(values: Any, sequence: Array) -> Any:
    """(T, B, ·) in the shape and format of `values` (..., T, ·)."""
    return mx.array(sequence.swapaxes(0, 1).reshape(values.shape)).astype(values.dtype)

"""The cells of flax (nnx and linen) in the words of the format: formula, options and weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx

from .case import Activation, Array

Cell = Literal["rnn", "gru", "lstm"]

CELLS: dict[type, Cell] = {
    nnx.SimpleCell: "rnn",
    nnx.GRUCell: "gru",
    nnx.LSTMCell: "lstm",
    nnx.OptimizedLSTMCell: "lstm",
    linen.SimpleCell: "rnn",
    linen.GRUCell: "gru",
    linen.LSTMCell: "lstm",
    linen.OptimizedLSTMCell: "lstm",
}
_GATES: dict[Cell, tuple[str, ...]] = {"rnn": ("",), "gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o")}
_FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "tanh": (jnp.tanh, jax.nn.tanh),
    "sigmoid": (jax.nn.sigmoid,),
    "relu": (jax.nn.relu,),
    "hard_sigmoid": (jax.nn.hard_sigmoid,),
    "hard_tanh": (jax.nn.hard_tanh,),
    "selu": (jax.nn.selu,),
    "softplus": (jax.nn.softplus,),
    "softsign": (jax.nn.soft_sign,),
    "linear": (jax.nn.identity,),
}
_FUNCTIONS_WITH_ALPHA: dict[str, tuple[Any, float]] = {
    "elu": (jax.nn.elu, 1.0),
    "leaky_relu": (jax.nn.leaky_relu, 0.01),
}


@dataclass(frozen=True)
class CellOptions:
    """What a cell computes; `other` names what has no formula."""

    cell: Cell
    activation: Activation
    recurrent_activation: Activation | None
    precision: str | None
    other: dict[str, Any] = field(default_factory=dict)


def cell_kind(cell: Any) -> Cell | None:
    """None for a class that is not known, or that has a call of its own."""
    for known, kind in CELLS.items():
        if isinstance(cell, known):
            return kind if type(cell).__call__ is known.__call__ else None
    return None


def cell_options(cell: Any) -> CellOptions:
    """The options of a known cell."""
    kind = cell_kind(cell)
    assert kind is not None
    other: dict[str, Any] = {}
    activation = _activation(cell, "activation_fn", other)
    recurrent = None if kind == "rnn" else _activation(cell, "gate_fn", other)
    if getattr(cell, "residual", False):
        other["residual"] = True
    return CellOptions(kind, activation, recurrent, _precision(cell), other)


def _activation(cell: Any, name: str, other: dict[str, Any]) -> Activation:
    function = getattr(cell, name)
    for known, functions in _FUNCTIONS.items():
        if any(function is one for one in functions):
            return Activation(known)
    for known, (one, alpha) in _FUNCTIONS_WITH_ALPHA.items():
        if function is one:
            return Activation(known, alpha=alpha)
    other[name] = getattr(function, "__name__", type(function).__name__)
    return Activation("sigmoid" if name == "gate_fn" else "tanh")


def _precision(cell: Any) -> str | None:
    """What the cell declares; None where that is the format of what it stores."""
    computed, stored = cell.dtype, jnp.dtype(cell.param_dtype)
    if computed is None or jnp.dtype(computed) == stored:
        return "bfloat16" if stored == jnp.bfloat16 else None
    name = jnp.dtype(computed).name
    return f"mixed-{name}" if name in ("float16", "bfloat16") else None


def host(values: Any) -> Array:
    """A copy. bfloat16 becomes float32, which holds it exactly."""
    shown = np.array(values, copy=True)
    return shown.astype(np.float32) if shown.dtype.name == "bfloat16" else shown


def linen_weights(parameters: Mapping[str, Any]) -> dict[str, Array]:
    """`<gate>/kernel` and `<gate>/bias`, as linen names and shapes them."""
    return {
        f"{gate}/{name}": host(values) for gate, dense in parameters.items() for name, values in dense.items()
    }


def nnx_weights(cell: Any) -> dict[str, Array]:
    """The same of an nnx cell; kernels that hold all gates side by side are taken apart."""
    return dict(_nnx_weights(cell))


def _nnx_weights(cell: Any) -> Iterator[tuple[str, Array]]:
    kind = cell_kind(cell)
    assert kind is not None
    gates = _GATES[kind]
    for side in ("i", "h"):
        dense = getattr(cell, f"dense_{side}", None)
        if dense is not None:
            for name in ("kernel", "bias"):
                values = getattr(dense, name, None)
                if values is not None:
                    parts = np.split(host(values[...]), len(gates), axis=-1)
                    yield from ((f"{side}{gate}/{name}", part) for gate, part in zip(gates, parts))
            continue
        for gate in gates:
            own = getattr(cell, "if_" if side + gate == "if" else side + gate)
            for name in ("kernel", "bias"):
                values = getattr(own, name, None)
                if values is not None:
                    yield f"{side}{gate}/{name}", host(values[...])


_PARTS = (
    frozenset({"ii", "if", "ig", "io", "hi", "hf", "hg", "ho"}),
    frozenset({"ir", "iz", "in", "hr", "hz", "hn"}),
    frozenset({"if", "in", "hf", "hn"}),
    frozenset({"i", "h"}),
)
"""What the parts of a linen cell are called."""


def cells_of_parameters(parameters: Mapping[str, Any], path: str = "") -> list[str]:
    """Paths of the cells that a tree of linen parameters has, told by the names of their parts."""
    if frozenset(parameters) in _PARTS:
        return [path]
    return [
        found
        for name, one in parameters.items()
        if isinstance(one, Mapping)
        for found in cells_of_parameters(one, f"{path}.{name}" if path else name)
    ]

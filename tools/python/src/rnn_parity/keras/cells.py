"""What a recurrent layer of Keras computes, or why it has no formula here."""

from __future__ import annotations

import functools
import inspect
import sys
from dataclasses import dataclass
from typing import Any, Literal

from ..case import Activation
from .framework import Framework

_COMPUTING = (
    "__call__",
    "call",
    "inner_loop",
    "get_initial_state",
    "_process_inputs",
    "_compute_carry_and_output",
    "_compute_carry_and_output_fused",
    "get_dropout_mask",
    "get_recurrent_dropout_mask",
)
"""The methods that decide what a layer or a cell computes."""

_FORMAT_ACTIVATIONS = (
    "tanh",
    "relu",
    "sigmoid",
    "linear",
    "hard_sigmoid",
    "elu",
    "selu",
    "softsign",
    "softplus",
    "leaky_relu",
    "hard_tanh",
)


class NoFormulaError(Exception):
    """What the layer computes has no formula in the format; the message says what it is."""


@dataclass(frozen=True)
class Cell:
    """One cell and its options, in the format's words."""

    object: Any
    kind: Literal["rnn", "gru", "lstm"]
    hidden_size: int
    activation: Activation
    recurrent_activation: Activation | None
    reset_after: bool | None

    @property
    def state_count(self) -> int:
        """h, and c of an lstm."""
        return 2 if self.kind == "lstm" else 1

    def like(self, other: Cell) -> bool:
        """Whether the two can be the halves of one layer."""
        return (self.kind, self.hidden_size, self.reset_after) == (
            other.kind,
            other.hidden_size,
            other.reset_after,
        )


def is_recurrent(framework: Framework, layer: Any) -> bool:
    """Whether `layer` runs a cell, or is one. A wrapper of any other layer is not."""
    if isinstance(layer, (framework.rnn, framework.stacked_cells, *framework.cells)):
        return True
    return isinstance(layer, framework.bidirectional) or _is_custom_cell(framework, layer)


def _is_custom_cell(framework: Framework, layer: Any) -> bool:
    """A layer that has what `RNN` asks of a cell."""
    return isinstance(layer, framework.base) and hasattr(layer, "state_size")


def cells_of(framework: Framework, layer: Any) -> tuple[Cell, ...]:
    """The cells that `layer`, an RNN or a cell, runs at each step, in data-flow order."""
    if not isinstance(layer, framework.rnn):
        return _stack(framework, layer)
    expect_own_methods(framework, layer)
    cells = _stack(framework, layer.cell)
    for name, kind in (("SimpleRNN", "rnn"), ("GRU", "gru"), ("LSTM", "lstm")):
        declared = isinstance(layer, getattr(framework.module.layers, name))
        if declared and [cell.kind for cell in cells] != [kind]:
            found = type(layer.cell).__name__
            raise NoFormulaError(f"its cell was replaced by a {found}: expected a {name}Cell")
    return cells


def _stack(framework: Framework, cell: Any) -> tuple[Cell, ...]:
    if isinstance(cell, framework.stacked_cells):
        expect_own_methods(framework, cell)
        if getattr(cell, "reverse_state_order", False):
            raise NoFormulaError("reverse_state_order is set")
        return tuple(inner for each in cell.cells for inner in _stack(framework, each))
    return (_cell(framework, cell),)


def _cell(framework: Framework, cell: Any) -> Cell:
    kind = next((kind for cls, kind in framework.cells.items() if isinstance(cell, cls)), None)
    if kind is None:
        raise NoFormulaError(
            f"its cell is a {type(cell).__name__}: expected a SimpleRNNCell, GRUCell or LSTMCell"
        )
    expect_own_methods(framework, cell)
    return Cell(
        object=cell,
        kind=kind,
        hidden_size=int(cell.units),
        activation=_activation(framework, cell.activation, "activation"),
        recurrent_activation=None
        if kind == "rnn"
        else _activation(framework, cell.recurrent_activation, "recurrent_activation"),
        reset_after=bool(cell.reset_after) if kind == "gru" else None,
    )


def expect_own_methods(framework: Framework, layer: Any) -> None:
    """Refuse what was subclassed, or patched, in what it computes."""
    package = framework.package + "."
    for name in _COMPUTING:
        if name in vars(layer):
            raise NoFormulaError(f"its `{name}` was replaced")
        method = inspect.getattr_static(type(layer), name, None)
        function = getattr(method, "__func__", method)
        module = getattr(function, "__module__", None)
        if module is not None and not module.startswith(package) and module != "builtins":
            raise NoFormulaError(f"{type(layer).__name__} has its own `{name}`")


def _activation(framework: Framework, function: Any, option: str) -> Activation:
    """By identity: a function of the user's that is called `tanh` is not the framework's."""
    alpha = None
    inner = function
    if isinstance(function, functools.partial) and not function.args:
        extra = dict(function.keywords)
        alpha = next((extra.pop(key) for key in ("negative_slope", "alpha") if key in extra), None)
        inner = None if extra else function.func
    for name in _FORMAT_ACTIVATIONS:
        if any(inner is known for known in _known(framework, name)):
            if alpha is None and name == "leaky_relu":
                alpha = _default_slope(inner)
            return Activation(framework.hard_sigmoid if name == "hard_sigmoid" else name, alpha)
    layers = framework.module.layers
    for cls, name, attribute in (
        (layers.LeakyReLU, "leaky_relu", ("negative_slope", "alpha")),
        (layers.ELU, "elu", ("alpha",)),
    ):
        if type(function) is cls:
            value = next(getattr(function, key) for key in attribute if hasattr(function, key))
            return Activation(name, float(value))
    if type(function) is layers.Activation:
        return _activation(framework, function.activation, option)
    found = getattr(function, "__name__", type(function).__name__)
    raise NoFormulaError(
        f"its {option} is {found!r} of {getattr(function, '__module__', None)}: "
        f"expected one of {', '.join(_FORMAT_ACTIVATIONS)}"
    )


def _known(framework: Framework, name: str) -> list[Any]:
    """The functions of this name that compute what Keras means by it."""
    keras = framework.module
    homes = [keras.activations, getattr(keras, "ops", None)]
    if framework.backend == "tensorflow":
        tf = sys.modules["tensorflow"]
        homes += [tf.nn, tf.math]
    elif framework.backend == "jax":
        homes += [sys.modules["jax"].nn, sys.modules["jax"].numpy]
    elif framework.backend == "torch" and name in ("tanh", "sigmoid", "relu"):
        homes += [sys.modules["torch"], sys.modules["torch"].nn.functional]
    return [found for home in homes if (found := getattr(home, name, None)) is not None]


def _default_slope(leaky_relu: Any) -> float:
    """The framework's own default, which is not the formula's."""
    parameters = inspect.signature(leaky_relu).parameters
    return float(next(parameters[key].default for key in ("negative_slope", "alpha") if key in parameters))

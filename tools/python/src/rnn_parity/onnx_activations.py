"""The activations of ONNX's recurrent operators, in the words of the format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .case import Activation

_DEFAULTS: dict[str, tuple[float, ...]] = {
    "affine": (1.0, 0.0),
    "elu": (1.0,),
    "hardsigmoid": (0.2, 0.5),
    "leakyrelu": (0.01,),
    "relu": (),
    "scaledtanh": (1.0, 1.0),
    "sigmoid": (),
    "softplus": (),
    "softsign": (),
    "tanh": (),
    "thresholdedrelu": (1.0,),
}
"""alpha and beta of those functions that have them, by lower-case name, as the operators default them."""

_SAME_NAME = ("relu", "sigmoid", "softplus", "softsign", "tanh")


@dataclass(frozen=True)
class NodeActivations:
    """f (and g, h) of one direction.

    functions: in the words of the format.   unknown: those that have no formula, by letter.
    attributes: the node attributes that say so for one direction alone.
    """

    functions: tuple[Activation, ...]
    unknown: dict[str, str]
    attributes: dict[str, list[Any]]


def parse_activations(
    names: Sequence[str], alphas: Sequence[float], betas: Sequence[float], directions: int
) -> list[NodeActivations]:
    """One entry a direction. alphas, betas: consumed in the order of the functions that have them."""
    alpha, beta = iter(alphas), iter(betas)
    parsed = []
    for name in names:
        defaults = _DEFAULTS.get(name.lower(), ())
        values = [next(source, default) for source, default in zip((alpha, beta), defaults)]
        parsed.append((_in_format(name.lower(), values), name, values))
    count = len(parsed) // directions
    return [_direction(parsed[start : start + count]) for start in range(0, len(parsed), count)]


def _direction(parsed: Sequence[tuple[Activation | None, str, list[float]]]) -> NodeActivations:
    unknown = {
        letter: f"{name}({', '.join(f'{value:g}' for value in values)})"
        for letter, (activation, name, values) in zip("fgh", parsed)
        if activation is None
    }
    attributes: dict[str, list[Any]] = {
        "activations": [name for _, name, _ in parsed],
        "activation_alpha": [values[0] for _, _, values in parsed if values],
        "activation_beta": [values[1] for _, _, values in parsed if len(values) == 2],
    }
    return NodeActivations(
        tuple(one[0] or Activation("linear") for one in parsed),
        unknown,
        {name: values for name, values in attributes.items() if values},
    )


def _in_format(name: str, values: Sequence[float]) -> Activation | None:
    """None where the format has no formula."""
    if name in _SAME_NAME:
        return Activation(name)
    if name == "elu":
        return Activation("elu", alpha=values[0])
    if name == "leakyrelu":
        return Activation("leaky_relu", alpha=values[0])
    if name == "affine" and tuple(values) == (1.0, 0.0):
        return Activation("linear")
    if name == "scaledtanh" and tuple(values) == (1.0, 1.0):
        return Activation("tanh")
    if name == "hardsigmoid":
        alpha, beta = values
        # Attributes are Float32: 0.2 and 1/6 are compared as such.
        if beta == 0.5 and abs(alpha - 0.2) < 1e-7:
            return Activation("hard_sigmoid_keras2")
        if beta == 0.5 and abs(alpha - 1 / 6) < 1e-7:
            return Activation("hard_sigmoid")
        if alpha >= 0:
            return Activation("hard_sigmoid", alpha, beta)
    return None

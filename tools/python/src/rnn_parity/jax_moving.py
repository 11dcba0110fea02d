"""Runs a JAX function with the result of every operation moved by one unit in the last place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np
from jax.extend import core

from .perturbation import made_of, moved

_CALLS = frozenset(
    ("jit", "pjit", "closed_call", "core_call", "remat", "remat2", "checkpoint")
    + ("custom_jvp_call", "custom_vjp_call", "custom_vjp_call_jaxpr")
)


class Moved:
    """`function`, traced once, to be run any number of times.

    function: takes and returns trees of arrays.
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._closed, shape = jax.make_jaxpr(function, return_shape=True)(*arguments)
        self._structure = jax.tree_util.tree_structure(shape)

    def __call__(self, generator: np.random.Generator, *arguments: Any) -> Any:
        """What the function returns, its arguments moved as well."""
        flat = [moved_array(one, generator) for one in jax.tree_util.tree_leaves(arguments)]
        results = _evaluated(self._closed.jaxpr, self._closed.consts, flat, generator)
        return jax.tree_util.tree_unflatten(self._structure, results)


def moved_array(values: Any, generator: np.random.Generator, magnitude: Any | None = None) -> Any:
    """A float array of NumPy or JAX moved; anything else as it is.   magnitude: see `made_of`."""
    if not jax.dtypes.issubdtype(getattr(values, "dtype", None), np.floating):
        return values
    return jax.numpy.asarray(moved(np.asarray(values), generator, magnitude))


def _evaluated(
    jaxpr: Any, constants: Sequence[Any], arguments: Sequence[Any], generator: np.random.Generator
) -> list[Any]:
    known: dict[Any, Any] = dict(zip(jaxpr.constvars, constants))
    known.update(zip(jaxpr.invars, arguments))

    def read(atom: Any) -> Any:
        return atom.val if isinstance(atom, core.Literal) else known[atom]

    for equation in jaxpr.eqns:
        values = [read(atom) for atom in equation.invars]
        inner = _inner(equation)
        if inner is not None:
            results = _evaluated(inner.jaxpr, inner.consts, values, generator)
        else:
            bound = equation.primitive.get_bind_params(equation.params)
            functions, parameters = bound if isinstance(bound, tuple) else ((), bound)  # Before JAX 0.10.
            results = equation.primitive.bind(*functions, *values, **parameters)
            results = results if equation.primitive.multiple_results else [results]
            magnitude = made_of(equation.primitive.name, values[0]) if values else None
            results = [moved_array(one, generator, magnitude) for one in results]
        known.update(zip(equation.outvars, results))
    return [read(atom) for atom in jaxpr.outvars]


def _inner(equation: Any) -> Any:
    """What an equation calls, where it is a call and nothing else."""
    if equation.primitive.name not in _CALLS:
        return None
    for name in ("jaxpr", "call_jaxpr", "fun_jaxpr"):
        inner = equation.params.get(name)
        if inner is not None:
            return inner if hasattr(inner, "consts") else core.ClosedJaxpr(inner, ())
    return None

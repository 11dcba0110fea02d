"""Leaving a model, and all random state, as they were."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..case import Array
from .framework import Framework


@contextmanager
def preserved(framework: Framework, layers: Iterable[Any]) -> Iterator[None]:
    """After this, every variable of `layers` and every random state is what it was before."""
    generators = list(framework.random_states())
    variables = [*variables_of(framework, layers), *generators]
    before = [framework.to_array(variable) for variable in variables]
    python, legacy = random.getstate(), np.random.get_state()
    context = _tensorflow_random(framework)
    seeds = None if context is None else context.getstate()
    torch = sys.modules.get("torch")
    torch_state = None if torch is None else torch.get_rng_state()
    cuda_states = torch.cuda.get_rng_state_all() if torch and torch.cuda.is_available() else None
    try:
        yield
    finally:
        for variable, value in zip(variables, before):
            if not _same_bits(framework.to_array(variable), value):
                variable.assign(value)
        framework.forget_random_states(generators)
        random.setstate(python)
        np.random.set_state(legacy)
        if context is not None:
            context.setstate(seeds)
        if torch is not None:
            torch.set_rng_state(torch_state)
            if cuda_states is not None:
                torch.cuda.set_rng_state_all(cuda_states)


def variables_of(framework: Framework, layers: Iterable[Any]) -> list[Any]:
    """Each once. The states of a stateful layer are not among the variables it tracks."""
    found: dict[int, Any] = {}
    for layer in layers:
        own = framework.variables(layer)
        if getattr(layer, "stateful", False) and isinstance(layer, framework.rnn):
            own += framework.states(layer) or []
        found |= {id(variable): variable for variable in own}
    return list(found.values())


def _tensorflow_random(framework: Framework) -> Any | None:
    """From which TensorFlow draws the seeds of operations that were given none."""
    if framework.backend != "tensorflow":
        return None
    from tensorflow.python.eager import context

    return getattr(context.context(), "_rng", None)


def _same_bits(one: Array, other: Array) -> bool:
    return one.shape == other.shape and one.tobytes() == other.tobytes()

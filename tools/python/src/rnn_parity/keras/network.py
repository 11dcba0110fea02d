"""A network of the user's: what is called, with what, and what one run of it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..case import Array
from ..errors import RecordingError
from .ends import named_inputs, named_outputs
from .framework import Framework, framework_of
from .observing import Observer
from .paths import Paths
from .returns import Returns
from .seen import Seen


@dataclass(frozen=True)
class Run:
    """outputs: what the model returned, by name; formats: the types of those that are widened here."""

    seen: Seen
    outputs: dict[str, Array]
    formats: dict[str, str]


@dataclass(frozen=True)
class Network:
    """call: the model, or a function that chains bare layers.   roots: the model, or the layers."""

    framework: Framework
    call: Callable[..., Any]
    roots: tuple[Any, ...]
    inputs: tuple[Any, ...]
    kwargs: dict[str, Any]
    outputs: Callable[[Any], Mapping[str, Any]] | None
    is_bare: bool

    def run(
        self,
        paths: Paths,
        *,
        inputs: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
        stepping: bool = True,
        returns: Returns | None = None,
    ) -> Run:
        """Call it once, watching."""
        observer = Observer(self.framework, paths, stepping=stepping, returns=returns)
        with ExitStack() as stack:
            seen = stack.enter_context(observer.watching())
            returned = self.call(
                *(self.inputs if inputs is None else inputs),
                **(self.kwargs if kwargs is None else kwargs),
            )
        named = named_outputs(returned, self.outputs)
        return Run(
            seen,
            {name: self.framework.to_array(tensor) for name, tensor in named.items()},
            {
                name: "bfloat16"
                for name, tensor in named.items()
                if self.framework.dtype(tensor) == "bfloat16"
            },
        )

    def named_inputs(self) -> dict[str, Array]:
        """What is given to it, as it is given."""
        model = self.roots[0] if len(self.roots) == 1 else self.call
        named = named_inputs(self.framework, model, self.inputs, self.kwargs)
        return {name: self.framework.to_array(tensor) for name, tensor in named.items()}

    @property
    def bare_input(self) -> Array | None:
        """(T, B, I), where bare layers are called."""
        if not self.is_bare:
            return None
        return np.swapaxes(self.framework.to_array(self.inputs[0]), 0, 1)


def network(
    model: Any,
    inputs: tuple[Any, ...],
    kwargs: Mapping[str, Any] | None,
    outputs: Callable[[Any], Mapping[str, Any]] | None,
    initial_states: Sequence[Any] | None,
    lengths: Sequence[int] | None,
) -> Network:
    """`model` with its arguments. initial_states and lengths are for bare recurrent layers alone."""
    layers = tuple(model) if isinstance(model, (list, tuple)) else (model,)
    frameworks = [framework_of(layer) for layer in layers]
    framework = frameworks[0] if frameworks else None
    if framework is None or any(type(each) is not type(framework) for each in frameworks):
        found = ", ".join(f"{type(layer).__module__}.{type(layer).__qualname__}" for layer in layers)
        raise TypeError(
            f"record_keras: expected a layer or model of keras or tf_keras; found {found or '[]'}"
        )
    is_bare = all(_is_bare(framework, layer) for layer in layers)
    if not is_bare and (initial_states is not None or lengths is not None):
        raise TypeError(
            "record_keras: expected initial_states= and lengths= with a bare recurrent layer or a list "
            f"of them; found a {type(model).__name__}: pass what it takes as "
            'kwargs={"initial_state": …, "mask": …}, by the names of its own arguments'
        )
    if isinstance(model, (list, tuple)) or initial_states is not None or lengths is not None:
        if not is_bare or len(inputs) != 1:
            raise TypeError(
                "record_keras: expected a list of recurrent layers and one input (B, T, I); "
                f"found {len(inputs)} inputs and {', '.join(type(layer).__name__ for layer in layers)}"
            )
        states = [initial_states] if not isinstance(model, (list, tuple)) else initial_states
        call = _chain(framework, layers, states, lengths, inputs[0])
    else:
        call = model
    return Network(framework, call, layers, inputs, dict(kwargs or {}), outputs, is_bare and len(inputs) == 1)


def _is_bare(framework: Framework, layer: Any) -> bool:
    return isinstance(layer, (framework.rnn, framework.bidirectional))


def _chain(
    framework: Framework,
    layers: Sequence[Any],
    states: Sequence[Any] | None,
    lengths: Sequence[int] | None,
    input: Any,
) -> Callable[..., Any]:
    """Each layer fed the output of the one before, all with the same mask."""
    given = [None] * len(layers) if states is None else list(states)
    if len(given) != len(layers):
        raise RecordingError(
            "initial_states", expected=f"one list for each of {len(layers)} layers", found=f"{len(given)}"
        )
    mask = None
    if lengths is not None:
        batch, steps = input.shape[:2]
        counts = np.asarray(lengths)
        if counts.shape != (batch,) or (counts < 0).any() or (counts > steps).any():
            raise RecordingError(
                "lengths", expected=f"{batch} counts of 0 to {steps} steps", found=str(counts.tolist())
            )
        mask = np.arange(steps) < counts[:, None]

    def call(sequence: Any, **kwargs: Any) -> Any:
        for layer, initial in zip(layers, given):
            options = dict(kwargs)
            if initial is not None:
                options["initial_state"] = [framework.to_tensor(np.asarray(state)) for state in initial]
            if mask is not None:
                options["mask"] = framework.to_tensor(mask)
            if layer is not layers[-1] and not layer.return_sequences:
                raise RecordingError(
                    str(layer.name), expected="return_sequences=True below another layer", found="False"
                )
            returned = layer(sequence, **options)
            sequence = returned[0] if isinstance(returned, (list, tuple)) else returned
        return returned

    return call

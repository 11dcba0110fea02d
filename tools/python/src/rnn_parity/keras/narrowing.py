"""Float64 that Keras computes in float32.

Its own operations follow jax's rules of types: but on TensorFlow a product of two float64 matrices is made of
float32 operands and rounded to float32. A cell of these is a float32 one, whatever type its states have, and
is recorded as that: what its products read, and its states to within the rounding that float32 has anyway.
Fused functions of a backend (as of an LSTM on torch that is given no mask) do not use them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..case import Array, RecordedLayer, RecordedPass, States


class Narrowing:
    """Layers of float64 as layers of float32. Weights of one dictionary stay in one."""

    def __init__(self) -> None:
        self._weights: dict[int, tuple[Mapping[str, Array], Mapping[str, Array]]] = {}

    def layer(self, layer: RecordedLayer) -> RecordedLayer:
        """All of it in float32, and declared so."""
        return replace(
            layer,
            input=_narrow(layer.input),
            output=_narrow(layer.output),
            passes={name: self._pass(one) for name, one in layer.passes.items()},
            precision="float32",
        )

    def _pass(self, one: RecordedPass) -> RecordedPass:
        if id(one.weights) not in self._weights:
            narrowed = {name: array.astype(np.float32) for name, array in one.weights.items()}
            self._weights[id(one.weights)] = one.weights, narrowed
        _, weights = self._weights[id(one.weights)]
        return replace(
            one,
            weights=weights,
            h=_narrow(one.h),
            c=_narrow(one.c),
            initial=_states(one.initial),
            final=_states(one.final),
        )


def _states(states: States | None) -> States | None:
    return None if states is None else States(_narrow(states.h), _narrow(states.c))


def _narrow(array: Array | None) -> Array | None:
    return None if array is None else array.astype(np.float32)

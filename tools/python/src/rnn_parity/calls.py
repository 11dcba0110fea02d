"""Puts the calls of one module together: a chain is one sequence, the others are stacked along B.

Two calls are one sequence only if the module is unidirectional, weights, precision and B are equal, and
the second was *passed* a state whose h (and c) equal, bit for bit, what the first returned. A call
without a state never continues another. (Bidirectional chunks give another backward pass.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .case import Array, Calls, RecordedLayer, RecordedPass, Source, States

_OPTIONS = (
    "module",
    "cell",
    "hidden_size",
    "precision",
    "projection_size",
    "merge_mode",
    "weights_of",
    "activation",
    "recurrent_activation",
    "output_activation",
    "reset_after",
    "clip",
    "input_forget",
    "other_options",
)

ModuleCall = Sequence[RecordedLayer]
"""One call of one module: its layers, each with `input` and with `final` states."""


Groups = Sequence[Sequence[Sequence[int]]]
"""Stacks of chains of calls, by their places: what lies beside each other, and what follows."""


def combined(calls: Sequence[ModuleCall]) -> list[list[RecordedLayer]]:
    """The layers of all calls of one module, in as few groups as they can be put together.

    Each group has the module's layers, and is named alike: the caller numbers the groups if it must.
    """
    return put_together(calls, grouped(calls))


def grouped(calls: Sequence[ModuleCall]) -> Groups:
    """Which calls go together, in the order of the first of each group."""
    chains = _chains(calls)
    if len({_total_steps(calls, chain) for chain in chains}) > 1 and _reorders(calls, chains):
        # A beam that reorders continues bit for bit wherever the order happens to stay.
        chains = [[index] for index in range(len(calls))]
    stacks: list[list[list[int]]] = []
    for chain in chains:
        for stack in stacks:
            if _alike(calls[stack[0][0]], calls[chain[0]]) and _total_steps(calls, stack[0]) == _total_steps(
                calls, chain
            ):
                stack.append(chain)
                break
        else:
            stacks.append([chain])
    return stacks


def put_together(calls: Sequence[ModuleCall], groups: Groups) -> list[list[RecordedLayer]]:
    """The layers of each group. The groups may be those of another run, which made the same calls."""
    return [
        _stacked(
            [[_chained(layers) for layers in zip(*(calls[index] for index in chain))] for chain in stack]
        )
        for stack in groups
    ]


def _chains(calls: Sequence[ModuleCall]) -> list[list[int]]:
    chains: list[list[int]] = []
    for index, call in enumerate(calls):
        for chain in reversed(chains):
            if continues(calls[chain[-1]], call):
                chain.append(index)
                break
        else:
            chains.append([index])
    return chains


def continues(before: ModuleCall, call: ModuleCall) -> bool:
    """Whether a call was passed the states that the one before returned, so that the two are one sequence."""
    if not _alike(before, call) or before[0].extent[1] != call[0].extent[1]:
        return False
    for first, second in zip(before, call):
        if len(second.passes) > 1 or "forward" not in second.passes:
            return False
        returned, passed = first.passes["forward"].final, second.passes["forward"].initial
        if returned is None or passed is None or passed.h is None:
            return False
        if not (_same(returned.h, passed.h) and _same(returned.c, passed.c)):
            return False
    return True


def _reorders(calls: Sequence[ModuleCall], chains: Sequence[Sequence[int]]) -> bool:
    """Whether chains after the first start from states that were computed."""
    return (
        any(
            recorded.source in ("computed", "carried")
            for chain in chains[1:]
            for layer in calls[chain[0]]
            for recorded in layer.passes.values()
        )
        and len({_steps(call) for call in calls}) == 1
    )


def _total_steps(calls: Sequence[ModuleCall], chain: Sequence[int]) -> int:
    return sum(_steps(calls[index]) for index in chain)


def _steps(call: ModuleCall) -> int:
    return call[0].extent[0]


def _alike(first: ModuleCall, second: ModuleCall) -> bool:
    """Whether two calls may be parts of one layer: the same weights, options and precision."""
    return len(first) == len(second) and all(_same_layer(a, b) for a, b in zip(first, second))


def _same_layer(a: RecordedLayer, b: RecordedLayer) -> bool:
    if any(getattr(a, name) != getattr(b, name) for name in _OPTIONS) or a.passes.keys() != b.passes.keys():
        return False
    if _feature_size(a) != _feature_size(b):
        return False
    return all(_same_weights(a.passes[key], b.passes[key]) for key in a.passes)


def _feature_size(layer: RecordedLayer) -> tuple[object, ...]:
    return () if layer.input is None else (layer.input.shape[2:], layer.input.dtype)


def _same_weights(a: RecordedPass, b: RecordedPass) -> bool:
    return a.weights.keys() == b.weights.keys() and all(
        a.weights[name] is b.weights[name] or _same(a.weights[name], b.weights[name]) for name in a.weights
    )


def _same(a: Array | None, b: Array | None) -> bool:
    """Equal bit for bit: NaN of the same bits is the same, -0 is not 0."""
    if a is None or b is None:
        return a is b
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


def _chained(layers: Sequence[RecordedLayer]) -> RecordedLayer:
    """Calls of one layer, one after the other along T."""
    if len(layers) == 1:
        return layers[0]
    first, last = layers[0], layers[-1]
    passes = {
        name: replace(
            recorded,
            h=_along([layer.passes[name].h for layer in layers], 0),
            c=_along([layer.passes[name].c for layer in layers], 0),
            final=last.passes[name].final,
        )
        for name, recorded in first.passes.items()
    }
    masks = [layer.valid for layer in layers]
    mask = None
    if any(own is not None for own in masks):
        mask = np.concatenate([np.ones(a.extent, bool) if m is None else m for a, m in zip(layers, masks)])
    return replace(
        first,
        passes=passes,
        input=_along([layer.input for layer in layers], 0),
        output=_along([layer.output for layer in layers], 0),
        lengths=None,
        mask=mask,
        calls=Calls("chained", tuple(layer.extent[0] for layer in layers)),
    )


def _stacked(calls: Sequence[ModuleCall]) -> list[RecordedLayer]:
    """Calls of equal T beside each other along B."""
    if len(calls) == 1:
        return list(calls[0])
    return [_beside(layers) for layers in zip(*calls)]


def _beside(layers: Sequence[RecordedLayer]) -> RecordedLayer:
    first = layers[0]
    lengths = mask = None
    if any(layer.mask is not None for layer in layers):
        valids = [np.ones(layer.extent, bool) if layer.valid is None else layer.valid for layer in layers]
        mask = np.concatenate(valids, axis=1)
    elif any(layer.lengths is not None for layer in layers):
        lengths = np.concatenate(
            [np.full(a.extent[1], a.extent[0]) if a.lengths is None else a.lengths for a in layers]
        )
    return replace(
        first,
        passes={
            name: _passes_beside([layer.passes[name] for layer in layers], layers) for name in first.passes
        },
        input=_along([layer.input for layer in layers], 1),
        output=_along([layer.output for layer in layers], 1),
        lengths=lengths,
        mask=mask,
        calls=Calls("stacked", tuple(layer.extent[1] for layer in layers)),
    )


def _passes_beside(passes: Sequence[RecordedPass], layers: Sequence[RecordedLayer]) -> RecordedPass:
    batches = [layer.extent[1] for layer in layers]
    return replace(
        passes[0],
        h=_along([recorded.h for recorded in passes], 1),
        c=_along([recorded.c for recorded in passes], 1),
        initial=_states_beside([recorded.initial for recorded in passes], batches),
        final=_states_beside([recorded.final for recorded in passes], batches),
        source=_source([recorded.source for recorded in passes]),
    )


def _states_beside(states: Sequence[States | None], batches: Sequence[int]) -> States | None:
    def beside(values: Sequence[Array | None]) -> Array | None:
        shown = next((array for array in values if array is not None), None)
        if shown is None:
            return None
        return np.concatenate(
            [
                np.zeros((batch, *shown.shape[1:]), shown.dtype) if array is None else array
                for array, batch in zip(values, batches)
            ]
        )

    h = beside([None if state is None else state.h for state in states])
    c = beside([None if state is None else state.c for state in states])
    return None if h is None and c is None else States(h, c)


def _source(sources: Sequence[Source | None]) -> Source | None:
    """Of states of several sources the weakest: what was computed anywhere is a boundary."""
    for source in ("computed", "carried", "given"):
        if source in sources:
            return source
    return None


def _along(arrays: Sequence[Array | None], axis: int) -> Array | None:
    present = [array for array in arrays if array is not None]
    return np.concatenate(present, axis=axis) if len(present) == len(arrays) else None

"""Records what recurrent layers of Keras 3 and tf_keras compute in a model, every state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .case import Case, LeftOut, ModelRecord, Reference, Repeated
from .errors import RecordingError, UnknownModule, UnsupportedModule
from .keras.cells import is_recurrent
from .keras.gathering import gathered, planned
from .keras.network import Network, Run, network
from .keras.paths import Paths
from .keras.pinning import Held, Pins, parted
from .keras.preserving import preserved, variables_of
from .keras.seen import Seen
from .keras.spreading import measured
from .spread import with_held


def record_keras(
    model: Any,
    *inputs: Any,
    kwargs: Mapping[str, Any] | None = None,
    ignore: Sequence[str] = (),
    given: Case | str | Path | None = None,
    spread: int = 8,
    outputs: Callable[[Any], Mapping[str, Any]] | None = None,
    case: str = "keras",
    name: str = "keras",
    path: str | Path | None = None,
    initial_states: Sequence[Any] | None = None,
    lengths: Sequence[int] | None = None,
    seed: int = 0,
    progress: bool = False,
) -> Case:
    """Run `model(*inputs, **kwargs)` and record every recurrent layer as it was called.

    model: any Keras model or layer; or a list of recurrent layers, each fed what the one before returned.
    ignore: paths of recurrent modules, or of what holds them, to leave out.
    given: another recording of the network. Every recurrent layer then returns to the model what that one
        recorded, so that what lies between the layers is compared on its own.
    spread: number of runs with everything moved by one unit in the last place; 0 for none. Without `given`,
        as many more have the recurrent outputs held, which need not be computed; bare layers need none.
    outputs: makes named tensors of what the model returned, where it is of a type of its own.
    initial_states: for a bare recurrent layer (for a list of them, one list each): [h], [h, c], or those of
        the forward and then the backward direction, (B, H) each.
    lengths: (B) valid steps of each sequence, for bare recurrent layers.
    path: where to write the fixture.
    seed: of the spread's random moves.
    """
    target = network(model, inputs, kwargs, outputs, initial_states, lengths)
    paths = Paths(target.framework, target.roots, ignore)
    recorded = Case(
        case=case,
        references=(_reference(target, paths, name, ignore, given, spread, seed, progress),),
        input=target.bare_input,
        lengths=None if lengths is None else np.asarray(lengths),
    )
    if path is not None:
        recorded.save(path)
    return recorded


def _reference(
    target: Network,
    paths: Paths,
    name: str,
    ignore: Sequence[str],
    given: Case | str | Path | None,
    spread: int,
    seed: int,
    progress: bool,
) -> Reference:
    framework = target.framework
    inputs = target.named_inputs()

    def run(**options: Any) -> Run:
        with preserved(framework, paths.layers):
            return target.run(paths, **options)

    own = Held(framework)
    first = run(stepping=given is None, returns=own)
    _expect_all_recorded(paths, first.seen)
    variables = [framework.to_array(each) for each in variables_of(framework, paths.layers)]
    plans = planned(first.seen.turns, [*inputs.values(), *variables])
    pins = None
    if given is not None:
        computed = gathered(first.seen.turns, plans), first.seen.turns, plans
        pins = Pins(framework, given, *computed)
        first = run(returns=pins)
        if free := parted(first.seen.turns, plans):
            pins = Pins(framework, given, *computed, free)
            first = run(returns=pins)
    layers = gathered(first.seen.turns, plans)
    reference = Reference(
        name=name,
        framework=framework.name,
        framework_version=framework.version,
        convention="keras",
        environment=framework.environment(),
        layers=tuple(layers),
        model=_model(target, paths, ignore, first, inputs),
    )
    if spread and reference.model is not None:
        # What is inside of a stack of cells is no output of a layer of Keras's.
        is_whole = len(layers) == len({id(layer) for layer in target.roots})
        is_bare = target.is_bare and not ignore and target.outputs is None and is_whole
        options = (target, paths, plans, reference, first.formats, spread, seed)
        result = measured(*options, pins, progress, is_bare)
        if pins is None and not is_bare:
            held = measured(*options, own, progress)
            result = with_held(result, held)
        reference = replace(reference, model=replace(reference.model, spread=result))
    return reference


def _expect_all_recorded(paths: Paths, seen: Seen) -> None:
    """Everything recurrent that ran is recorded, or left out by name."""
    recurrent = [paths.path(layer) for layer in _outermost(paths)]
    unknown = paths.unknown()
    if unknown:
        raise UnknownModule(
            unknown[0],
            expected=f"a path in ignore= that the model has, as {', '.join(recurrent) or 'none'}",
            found="no such layer",
        )
    refused = {id(each.layer): (each.layer, each.why) for each in seen.refused.values()}
    for key, layer in seen.traced.items():
        ran = any(id(each) in seen.called for each in paths.ancestors(layer))
        if not ran and not paths.is_ignored(layer):
            refused[key] = (layer, "it runs inside of a compiled function, where it cannot be observed")
    if refused:
        (layer, why), *others = refused.values()
        found = f"{type(layer).__name__}: {why}"
        found += "".join(f"; and {paths.path(each)}, {type(each).__name__}: {also}" for each, also in others)
        raise UnsupportedModule(
            paths.path(layer),
            expected="SimpleRNN, GRU, LSTM, or RNN of their cells, with Keras's own call",
            found=found,
        )
    if not seen.turns:
        raise RecordingError(
            "the model",
            expected="a SimpleRNN, GRU, LSTM, RNN or Bidirectional layer, or a cell, to be called",
            found=f"none was called of {', '.join(recurrent)}" if recurrent else "none",
        )


def _model(target: Network, paths: Paths, ignore: Sequence[str], run: Run, inputs: Any) -> ModelRecord:
    seen = run.seen
    left_out = {
        paths.path(layer): LeftOut(paths.path(layer), type(layer).__name__, "user", "named in ignore=")
        for layer in [*_outermost(paths), *seen.called.values()]
        if paths.is_ignored(layer) and not _is_inside(paths, layer)
    }
    return ModelRecord(
        inputs=inputs,
        outputs=run.outputs,
        left_out=tuple(left_out.values()),
        unused=tuple(
            paths.path(layer)
            for layer in _outermost(paths)
            if not paths.is_ignored(layer) and not _is_called(paths, seen, layer)
        ),
        repeated=tuple(
            Repeated(paths.path(layer), type(layer).__name__, count.calls)
            for layer, count in seen.counts.values()
            if count.is_loop
        ),
    )


def _outermost(paths: Paths) -> list[Any]:
    """The recurrent layers of the model that are not a part of another."""
    return [
        layer
        for layer in paths.layers
        if is_recurrent(paths.framework, layer) and not _is_inside(paths, layer)
    ]


def _is_inside(paths: Paths, layer: Any) -> bool:
    _, *holders = paths.ancestors(layer)
    return any(is_recurrent(paths.framework, holder) for holder in holders)


def _is_called(paths: Paths, seen: Seen, layer: Any) -> bool:
    """Whether it, or a part of it (a cell by hand), was."""
    return any(
        id(each) in seen.called
        for each in paths.layers
        if any(holder is layer for holder in paths.ancestors(each))
    )

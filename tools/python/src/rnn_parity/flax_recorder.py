"""Records what recurrent modules of flax compute, nnx and linen, at the calls that the model itself makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import flax
import jax
import numpy as np
from flax import linen, nnx

from .arrangement import Arrangement
from .case import Case, LeftOut, ModelRecord, RecordedLayer, Reference, boundaries, validity
from .errors import RecordingError, UnknownModule, UnsupportedModule
from .flax_calls import SeenCall, recorded_layer
from .flax_cells import cells_of_parameters, host
from .flax_observer import RECURRENT, UNCOMPILED, FlaxObserver
from .given import Pin, given_reference, pins
from .jax_moving import Moved
from .origins import Origins
from .spread import Spread, SpreadMeasurement, with_held
from .trees import named_inputs, named_outputs

_SEED = 0
_Watch = Callable[[Mapping[int, str], Mapping[str, Any]], FlaxObserver]


def record_flax(
    model: Any,
    *inputs: Any,
    variables: Mapping[str, Any] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    ignore: Sequence[str] = (),
    given: Case | Reference | str | Path | None = None,
    spread: int = 8,
    outputs: Callable[[Any], Mapping[str, Any]] | None = None,
    case: str = "flax",
    name: str = "flax",
    path: str | Path | None = None,
) -> Case:
    """Run `model(*inputs, **kwargs)` and record every RNN, Bidirectional and cell of flax that it calls.

    model: an nnx module, or a linen one. A linen module takes its variables bound (`model.bind(variables)`),
        by `variables=`, or as the first input, as `apply` does; `kwargs` are then those of `apply`.
    ignore: paths of modules that are left out, with everything under them.   given: another recording,
        whose recurrent outputs the model reads in place of its own.   spread: number of runs, with the
        result of every operation moved, that measure how far rounding moves what lies between layers;
        without `given`, as many more measure it with the recurrent outputs held.
    outputs: takes what the model returned and gives named arrays.   path: where to write the case.
    """
    recording = _Recording(_runner(model, inputs, variables, dict(kwargs or {})), tuple(ignore), outputs)
    result = Case(case=case, references=(recording.reference(name, given, spread),))
    if path is not None:
        result.save(path)
    return result


@dataclass(frozen=True)
class _Runner:
    """A model as a function of its arrays.

    call: (state, inputs, kwargs, watch) to what the model returns; it calls `watch`, with the paths of nnx
        modules and the variables of linen, for the observer of the run.
    """

    api: str
    signature: Any
    call: Callable[[Any, Any, Any, _Watch], Any]
    state: Any
    inputs: tuple[Any, ...]
    kwargs: dict[str, Any]
    modules: Mapping[str, str]
    """Classes of the recurrent modules by path, where they are known before the call (nnx)."""


def _runner(
    model: Any, inputs: tuple[Any, ...], variables: Mapping[str, Any] | None, kwargs: dict[str, Any]
) -> _Runner:
    if isinstance(model, nnx.Module):
        graph, state = nnx.split(model)

        def call_nnx(state: Any, inputs: Any, kwargs: Any, watch: _Watch) -> Any:
            # Variables of its own: a call may count random numbers and update statistics.
            own = nnx.merge(graph, jax.tree_util.tree_map(lambda one: one, state))
            with watch(_paths(own), {}).watching():
                return own(*inputs, **kwargs)

        modules = {path: type(own).__name__ for path, own in _recurrent(model)}
        return _Runner("nnx", model, call_nnx, state, inputs, kwargs, modules)
    if not isinstance(model, linen.Module):
        raise RecordingError(
            "the model", expected="an nnx.Module or a linen.Module", found=type(model).__name__
        )
    if variables is None and model.scope is not None:
        model, variables = model.unbind()
    if variables is None and inputs and isinstance(inputs[0], Mapping) and "params" in inputs[0]:
        variables, inputs = inputs[0], inputs[1:]
    if variables is None:
        raise RecordingError(
            "the model", expected="variables= of a linen module, or model.bind(variables)", found="neither"
        )

    def call_linen(state: Any, inputs: Any, kwargs: Any, watch: _Watch) -> Any:
        with watch({}, state).watching():
            return model.apply(state, *inputs, **kwargs)

    return _Runner("linen", model.__call__, call_linen, dict(variables), inputs, kwargs, {})


def _paths(model: nnx.Module) -> dict[int, str]:
    return {
        id(node): ".".join(map(str, path))
        for path, node in nnx.iter_graph(model)
        if isinstance(node, nnx.Module)
    }


def _recurrent(model: nnx.Module) -> list[tuple[str, Any]]:
    """Recurrent modules that are not part of another: (path, module)."""
    found = [
        (".".join(map(str, path)), node)
        for path, node in nnx.iter_graph(model)
        if isinstance(node, RECURRENT)
    ]
    paths = {path for path, _ in found}
    return [one for one in found if not any(_is_under(one[0], path) for path in paths - {one[0]})]


def _is_under(path: str, parent: str) -> bool:
    return not parent or path.startswith(f"{parent}.")


@dataclass(frozen=True)
class _Run:
    calls: list[SeenCall]
    layers: list[RecordedLayer]
    outputs: dict[str, Any]
    ignored: dict[str, str]
    unused: tuple[str, ...]


class _Recording:
    """One model with its arguments, run as often as is needed."""

    def __init__(
        self,
        runner: _Runner,
        ignore: tuple[str, ...],
        outputs: Callable[[Any], Mapping[str, Any]] | None,
    ) -> None:
        self.runner, self.ignore, self.outputs = runner, ignore, outputs

    def reference(self, name: str, given: Any, spread: int) -> Reference:
        """The recorded run, and as many perturbed ones."""
        if self.runner.modules:
            self._check_ignored(self.runner.modules)
        run = self._run(())
        self._check_ignored({*self.runner.modules, *run.ignored, *(call.name for call in run.calls)})
        arrangement = Arrangement(run.layers, [call.key for call in run.calls])
        pinned: Sequence[Pin] = ()
        pinned_to = None
        if given is not None:
            other, pinned_to = given_reference(given)
            pinned = pins(arrangement, "flax", other)
            run = self._run(pinned)
        layers = arrangement.applied(run.layers)
        shown = named_inputs(self.runner.signature, self.runner.inputs, self._own_kwargs())
        reference = Reference(
            name=name,
            framework="flax",
            framework_version=flax.__version__,
            convention="flax",
            layers=tuple(layers),
            environment={
                "api": self.runner.api,
                "backend": jax.default_backend(),
                "jax": jax.__version__,
                "matmul_precision": str(jax.config.jax_default_matmul_precision or "default"),
            },
            model=ModelRecord(
                inputs={key: host(values) for key, values in shown.items()},
                outputs={key: host(values) for key, values in run.outputs.items()},
                left_out=tuple(
                    LeftOut(one, kind, "user", "ignored by the caller") for one, kind in run.ignored.items()
                ),
                unused=run.unused,
            ),
        )
        if not spread:
            return reference
        measured = self._spread(arrangement, reference, run, pinned, spread, pinned_to)
        if given is None:
            own = pins(arrangement, "flax", reference)
            measured = with_held(measured, self._spread(arrangement, reference, run, own, spread, None))
        assert reference.model is not None
        return replace(reference, model=replace(reference.model, spread=measured))

    def _own_kwargs(self) -> dict[str, Any]:
        """Keyword arguments of the model, without those of linen's `apply`."""
        applied = ("rngs", "method", "mutable", "capture_intermediates") if self.runner.api == "linen" else ()
        return {name: one for name, one in self.runner.kwargs.items() if name not in applied}

    def _check_ignored(self, known: Collection[str]) -> None:
        """known: paths of recurrent modules; those of linen are known once it has run."""
        for one in self.ignore:
            if not any(one == own or _is_under(own, one) for own in known):
                listed = ", ".join(sorted(known)) or "none"
                raise UnknownModule(one, expected=f"a recurrent module: {listed}", found="no such module")

    def _run(self, pinned: Sequence[Pin]) -> _Run:
        seen: list[FlaxObserver] = []
        runner = self.runner
        returned = runner.call(runner.state, runner.inputs, runner.kwargs, self._watch(seen, pinned, False))
        observer = seen[0]
        origins = Origins(
            np.asarray(one)
            for one in jax.tree_util.tree_leaves((runner.state, runner.inputs, runner.kwargs))
            if _is_array(one) and not jax.dtypes.issubdtype(one.dtype, jax.dtypes.prng_key)
        )
        layers = []
        for call in observer.calls:
            layer = recorded_layer(call, origins.of)
            origins.remember(*(one.final for one in layer.passes.values()))
            layers.append(layer)
        outputs = named_outputs(returned, self.outputs)
        return _Run(observer.calls, layers, outputs, observer.ignored, self._unused(observer))

    def _unused(self, observer: FlaxObserver) -> tuple[str, ...]:
        """Recurrent modules that were not called; those of linen are told by their parameters."""
        called = {call.name for call in observer.calls} | {
            one.name for call in observer.calls for one in call.passes
        }
        if self.runner.api == "nnx":
            known = [
                one
                for one in self.runner.modules
                if not any(one == own or _is_under(own, one) for own in called)
            ]
        else:
            known = [
                one
                for one in cells_of_parameters(self.runner.state.get("params", {}))
                if one not in observer.cells
            ]
        unused = tuple(
            one
            for one in known
            if one
            and one not in observer.ignored
            and not any(one == own or _is_under(one, own) for own in self.ignore)
        )
        if unused and observer.compiled:
            raise UnsupportedModule(
                unused[0], expected=UNCOMPILED, found="a function compiled ahead of time, which may call it"
            )
        return unused

    def _watch(self, seen: list[FlaxObserver], pinned: Sequence[Pin], traced: bool) -> _Watch:
        def watch(paths: Mapping[int, str], variables: Mapping[str, Any]) -> FlaxObserver:
            observer = FlaxObserver(
                paths=paths,
                variables=variables,
                ignore=self.ignore,
                pinned=pinned,
                traced=traced,
                classes=self.runner.modules,
            )
            seen.append(observer)
            return observer

        return watch

    def _spread(
        self,
        arrangement: Arrangement,
        recorded: Reference,
        run: _Run,
        pinned: Sequence[Pin],
        runs: int,
        pinned_to: str | None,
    ) -> Spread:
        leaves, structure = jax.tree_util.tree_flatten((self.runner.inputs, self.runner.kwargs))
        places = [place for place, one in enumerate(leaves) if _is_array(one)]
        seen: list[FlaxObserver] = []

        def traced(state: Any, arrays: list[Any]) -> Any:
            own = list(leaves)
            for place, one in zip(places, arrays):
                own[place] = one
            inputs, kwargs = jax.tree_util.tree_unflatten(structure, own)
            returned = self.runner.call(state, inputs, kwargs, self._watch(seen, pinned, True))
            shown = [([one.arrays for one in call.passes], dict(call.merged)) for call in seen[-1].calls]
            return named_outputs(returned, self.outputs), shown

        arrays = [leaves[place] for place in places]
        function = Moved(traced, self.runner.state, arrays)
        measurement = SpreadMeasurement(
            boundaries(recorded), validity(recorded), _formats(recorded, run.outputs)
        )
        generator = np.random.default_rng(_SEED)
        for _ in range(runs):
            outputs, shown = function(generator, self.runner.state, arrays)
            layers = [
                recorded_layer(_with_values(call, *values), lambda _: None)
                for call, values in zip(seen[-1].calls, shown)
            ]
            model = ModelRecord(outputs={name: host(one) for name, one in outputs.items()})
            measurement.add(
                boundaries(replace(recorded, layers=tuple(arrangement.applied(layers)), model=model))
            )
        return measurement.result(_SEED, pinned_to)


def _with_values(call: SeenCall, passes: Sequence[dict[str, Any]], merged: dict[str, Any]) -> SeenCall:
    """A traced call with the arrays of one run."""
    return replace(
        call,
        passes=tuple(replace(one, arrays=arrays) for one, arrays in zip(call.passes, passes)),
        merged=merged,
    )


def _is_array(value: Any) -> bool:
    return isinstance(value, (np.ndarray, jax.Array))


def _formats(recorded: Reference, outputs: Mapping[str, Any]) -> dict[str, str]:
    """Boundaries that are bfloat16, which is stored as float32."""
    rounded = {f"layers/{k}" for k, one in enumerate(recorded.layers) if one.precision == "bfloat16"}
    rounded |= {f"outputs/{name}" for name, one in outputs.items() if one.dtype == jax.numpy.bfloat16}
    return {path: "bfloat16" for path in boundaries(recorded) if "/".join(path.split("/")[:2]) in rounded}

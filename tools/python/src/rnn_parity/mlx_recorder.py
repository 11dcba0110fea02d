"""Records what MLX's recurrent layers compute, at the calls that the model itself makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as nn
import numpy as np
from mlx.utils import tree_flatten

from .arrangement import Arrangement
from .case import Array, Case, LeftOut, ModelRecord, RecordedLayer, Reference, boundaries, validity
from .errors import RecordingError, UnknownModule, UnsupportedModule
from .given import Pin, given_reference, pins
from .mlx_layers import LAYERS, array, restored, seen_call
from .origins import Origins
from .perturbation import made_of, movable, moved, moved_further
from .spread import EPSILONS, Spread, SpreadMeasurement, with_held
from .trees import named_inputs, named_outputs

_SEED = 0


def record_mlx(
    model: Callable[..., Any],
    *inputs: Any,
    kwargs: Mapping[str, Any] | None = None,
    ignore: Collection[str] = (),
    given: Case | Reference | str | Path | None = None,
    spread: int = 8,
    outputs: Callable[[Any], Mapping[str, Any]] | None = None,
    case: str = "mlx",
    name: str = "mlx",
    path: str | Path | None = None,
) -> Case:
    """Run `model(*inputs, **kwargs)` and record every `mlx.nn.RNN`, `GRU` and `LSTM` that it calls.

    ignore: paths of recurrent layers to leave out.   given: another recording, whose recurrent outputs the
        model reads in place of its own.   spread: number of runs that measure how far rounding moves what
        lies between layers; without `given`, as many more measure it with the recurrent outputs held.
    outputs: takes what the model returned and gives named arrays.
    path: where to write the case.
    """
    recording = _Recording(model, inputs, dict(kwargs or {}), tuple(ignore), outputs)
    with _random_state() as seed:
        result = Case(case=case, references=(recording.reference(name, given, spread, seed),))
    if path is not None:
        result.save(path)
    return result


@contextmanager
def _random_state() -> Iterator[int]:
    """Leave MLX's random numbers as they were. Yields the seed that starts at their present state."""
    state: Any = mx.random.state
    high, low = (int(part) for part in np.array(state[0]))
    seed = high << 32 | low  # A key is the two halves of its seed.
    try:
        yield seed
    finally:
        mx.random.seed(seed)


@dataclass(frozen=True)
class _Run:
    calls: list[RecordedLayer]
    keys: list[int]
    inputs: dict[str, Array]
    outputs: dict[str, Array]
    rounded: set[str]
    """Those outputs that are bfloat16."""


class _Recording:
    """One model with its arguments, run as often as is needed."""

    def __init__(
        self,
        model: Callable[..., Any],
        inputs: tuple[Any, ...],
        kwargs: dict[str, Any],
        ignore: tuple[str, ...],
        outputs: Callable[[Any], Mapping[str, Any]] | None,
    ) -> None:
        self.model, self.inputs, self.kwargs = model, inputs, kwargs
        self.ignore, self.outputs = ignore, outputs
        modules = model.named_modules() if isinstance(model, nn.Module) else []
        self.paths = {id(module): path for path, module in reversed(modules)}
        self.recurrent = {path: module for path, module in modules if isinstance(module, LAYERS)}
        for one in ignore:
            if one not in self.recurrent:
                known = ", ".join(sorted(self.recurrent)) or "none"
                raise UnknownModule(one, expected=f"a recurrent layer: {known}", found="no such layer")
        for path, module in self.recurrent.items():
            own = type(module).__call__
            if path not in ignore and own not in [layer.__call__ for layer in LAYERS]:
                raise UnsupportedModule(
                    path,
                    expected="mlx.nn.RNN, GRU or LSTM with the __call__ of MLX",
                    found=f"{type(module).__name__} with its own",
                )

    def reference(self, name: str, given: Any, spread: int, seed: int) -> Reference:
        """The recorded run, and as many perturbed ones."""
        run = self._run(seed, ())
        arrangement = Arrangement(run.calls, run.keys)
        pinned: Sequence[Pin] = ()
        pinned_to = None
        if given is not None:
            other, pinned_to = given_reference(given)
            pinned = pins(arrangement, "mlx", other)
            run = self._run(seed, pinned)
        layers = arrangement.applied(run.calls)
        called = {layer.module for layer in layers}
        reference = Reference(
            name=name,
            framework="mlx",
            framework_version=version("mlx"),
            convention="mlx",
            layers=tuple(layers),
            environment={"device": str(mx.default_device())},
            model=ModelRecord(
                inputs=run.inputs,
                outputs=run.outputs,
                left_out=tuple(
                    LeftOut(path, type(self.recurrent[path]).__name__, "user", "ignored by the caller")
                    for path in self.ignore
                ),
                unused=tuple(
                    path for path in self.recurrent if path not in called and path not in self.ignore
                ),
            ),
        )
        if not spread:
            return reference
        measured = self._spread(arrangement, reference, run, seed, pinned, spread, pinned_to)
        if given is None:
            own = pins(arrangement, "mlx", reference)
            again = self._spread(arrangement, reference, run, seed, own, spread, None)
            measured = with_held(measured, again)
        assert reference.model is not None
        return replace(reference, model=replace(reference.model, spread=measured))

    def _spread(
        self,
        arrangement: Arrangement,
        recorded: Reference,
        run: _Run,
        seed: int,
        pinned: Sequence[Pin],
        runs: int,
        pinned_to: str | None,
    ) -> Spread:
        found = boundaries(recorded)
        rounded = {f"layers/{k}" for k, one in enumerate(recorded.layers) if one.precision == "bfloat16"}
        rounded |= {f"outputs/{one}" for one in run.rounded}
        formats = {path: "bfloat16" for path in found if "/".join(path.split("/")[:2]) in rounded}
        measurement = SpreadMeasurement(found, validity(recorded), formats)
        generator = np.random.default_rng(_SEED)
        for _ in range(runs):
            again = self._run(seed, pinned, generator)
            layers = tuple(arrangement.applied(again.calls))
            model = ModelRecord(outputs=again.outputs)
            measurement.add(boundaries(replace(recorded, layers=layers, model=model)))
        return measurement.result(_SEED, pinned_to)

    def _run(self, seed: int, pinned: Sequence[Pin], generator: np.random.Generator | None = None) -> _Run:
        """One run; with a generator, everything is moved by a unit in the last place."""
        mx.random.seed(seed)
        arguments = (self.inputs, self.kwargs)
        if generator is not None:
            arguments = _moved_tree(arguments, generator)
        parameters = [array(one) for _, one in tree_flatten(self._parameters())]
        fed = [array(one) for _, one in tree_flatten(arguments) if isinstance(one, mx.array)]
        observer = _Observer(self.paths, self.ignore, pinned, generator, Origins(fed + parameters))
        with self._moved_parameters(generator), observer.watching(self._classes()):
            returned = self.model(*arguments[0], **arguments[1])
            shown = named_outputs(returned, self.outputs)
            values = {name: array(one) for name, one in shown.items()}
        return _Run(
            observer.calls,
            observer.keys,
            {name: array(one) for name, one in named_inputs(self.model, self.inputs, self.kwargs).items()},
            values,
            {name for name, one in shown.items() if getattr(one, "dtype", None) == mx.bfloat16},
        )

    def _parameters(self) -> Any:
        return self.model.parameters() if isinstance(self.model, nn.Module) else {}

    def _classes(self) -> set[type]:
        modules = self.model.modules() if isinstance(self.model, nn.Module) else []
        return {type(module) for module in modules}

    @contextmanager
    def _moved_parameters(self, generator: np.random.Generator | None) -> Iterator[None]:
        """Other arrays in the place of the model's, which come back untouched."""
        if generator is None or not isinstance(self.model, nn.Module):
            yield
            return
        own = self.model.parameters()
        self.model.update(_moved_tree(own, generator))
        try:
            yield
        finally:
            self.model.update(own)


class _Observer:
    """Sees the calls of recurrent layers, and replaces or moves what modules return."""

    def __init__(
        self,
        paths: Mapping[int, str],
        ignore: Collection[str],
        pinned: Sequence[Pin],
        generator: np.random.Generator | None,
        origins: Origins,
    ) -> None:
        self.paths, self.ignore, self.pinned = paths, ignore, pinned
        self.generator, self.origins = generator, origins
        self.calls: list[RecordedLayer] = []
        self.keys: list[int] = []

    @contextmanager
    def watching(self, classes: Collection[type]) -> Iterator[None]:
        """While the context lasts, calls of recurrent layers, and of `classes`, pass through here."""
        watched = set(LAYERS)
        if self.generator is not None:
            watched |= {one for one in classes if not issubclass(one, LAYERS)}
        own = {one: one.__dict__["__call__"] for one in watched if "__call__" in one.__dict__}
        for one, call in own.items():
            one.__call__ = self._recurrent(call) if one in LAYERS else self._other(call)
        try:
            yield
        finally:
            for one, call in own.items():
                one.__call__ = call

    def _recurrent(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def observed(module: Any, *args: Any, **kwargs: Any) -> Any:
            returned = call(module, *args, **kwargs)
            path = self.paths.get(id(module), type(module).__name__.lower())
            if path in self.ignore:
                return returned
            try:
                layer = seen_call(module, path, args, kwargs, returned)
            except ValueError as error:
                if "eval" not in str(error):
                    raise
                raise RecordingError(
                    path,
                    expected="a call outside mx.compile, mx.vmap and mx.grad; mx.disable_compile() turns "
                    "compilation off",
                    found=str(error),
                ) from error
            forward = layer.passes["forward"]
            source = self.origins.of(forward.initial)
            self.origins.remember(forward.final)
            self.calls.append(replace(layer, passes={"forward": replace(forward, source=source)}))
            self.keys.append(id(module))
            if self.pinned:
                if len(self.calls) > len(self.pinned):
                    raise RecordingError(path, expected=f"{len(self.pinned)} calls", found="more of them")
                return restored(returned, self.pinned[len(self.calls) - 1])
            return self._moved(returned)

        return observed

    def _other(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def observed(module: Any, *args: Any, **kwargs: Any) -> Any:
            returned = call(module, *args, **kwargs)
            magnitude = made_of(type(module).__name__.lower(), array(args[0])) if args else None
            if magnitude is None or self.generator is None or not isinstance(returned, mx.array):
                return self._moved(returned)
            return _moved_array(returned, self.generator, magnitude)

        return observed

    def _moved(self, returned: Any) -> Any:
        return returned if self.generator is None else _moved_tree(returned, self.generator)


def _moved_tree(tree: Any, generator: np.random.Generator) -> Any:
    """Every array of a tree moved by a unit in the last place of its format."""
    if isinstance(tree, mx.array):
        return _moved_array(tree, generator)
    if isinstance(tree, dict):
        return {key: _moved_tree(one, generator) for key, one in tree.items()}
    if isinstance(tree, (list, tuple)) and not hasattr(tree, "_fields"):
        return type(tree)(_moved_tree(one, generator) for one in tree)
    return tree


def _moved_array(values: Any, generator: np.random.Generator, magnitude: Any | None = None) -> Any:
    shown = array(values)
    if magnitude is None and not movable(shown):
        return values
    if values.dtype != mx.bfloat16:
        return mx.array(moved(shown, generator, magnitude))
    # Float32 holds bfloat16 exactly; its unit is 2^16 of Float32's representations away.
    steps = generator.integers(0, 2, shown.shape, dtype=np.int32) * 2 - 1
    neighbours = (shown.view(np.int32) + (steps << 16)).view(np.float32)
    own = np.where(shown == 0, shown, neighbours)
    if magnitude is not None:
        own = moved_further(shown, own, steps, magnitude * EPSILONS["bfloat16"])
    return mx.array(own).astype(mx.bfloat16)

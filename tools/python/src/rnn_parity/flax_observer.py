"""Sees the calls of recurrent modules of flax, as a model makes them, and can replace what they return."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx

from .errors import RecordingError, UnsupportedModule
from .flax_calls import (
    SeenCall,
    SeenPass,
    Step,
    as_returned,
    carry_arrays,
    pinned_output,
    rows,
    time_major,
)
from .flax_cells import CELLS, cell_kind, cell_options, linen_weights, nnx_weights
from .given import Pin

_RNNS = (nnx.RNN, linen.RNN)
_BIDIRECTIONALS = (nnx.Bidirectional, linen.Bidirectional)
_BASES = (nnx.RNNCellBase, linen.RNNCellBase)
RECURRENT: tuple[type, ...] = (*_RNNS, *_BIDIRECTIONALS, *_BASES)

UNCOMPILED = (
    "a call outside jax.jit, vmap and scans of one's own: record the model with the function that is not "
    "jitted; jax.disable_jit() sees inside jit and scan, but may change numerics"
)


@dataclass
class _Frame:
    """A recurrent module whose call has not returned.

    halves: what an inner RNN of a Bidirectional showed.   carry: what `initialize_carry` returned.
    """

    module: Any
    halves: list[SeenPass] = field(default_factory=list)
    carry: Any = None
    cell_path: tuple[str, ...] | None = None


class FlaxObserver:
    """One run.

    paths: of nnx modules, by identity.   variables: of a linen model.   traced: whether the run is a trace,
        whose arrays have no values; weights are not read then.   classes: of nnx modules, by path.
    """

    def __init__(
        self,
        *,
        paths: Mapping[int, str],
        variables: Mapping[str, Any],
        ignore: Collection[str],
        pinned: Sequence[Pin] = (),
        traced: bool = False,
        classes: Mapping[str, str] | None = None,
    ) -> None:
        self.classes = dict(classes or {})
        self.compiled = False
        """Whether a function that was compiled ahead of time ran: nothing can look inside one."""
        self.paths, self.variables, self.ignore = paths, variables, ignore
        self.pinned, self.traced = pinned, traced
        self.calls: list[SeenCall] = []
        self.ignored: dict[str, str] = {}
        self.cells: set[str] = set()
        """Paths of the linen cells that were called, ignored ones too."""
        self._frames: list[_Frame] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While the context lasts, calls of recurrent modules pass through here."""
        watched = {one: one.__dict__["__call__"] for one in (nnx.RNN, nnx.Bidirectional)}
        watched |= {one: one.__dict__["__call__"] for one in _subclasses(nnx.RNNCellBase)}
        carries = {
            one: one.__dict__["initialize_carry"]
            for base in _BASES
            for one in _subclasses(base)
            if "initialize_carry" in one.__dict__
        }
        for one, call in watched.items():
            setattr(one, "__call__", self._wrapped(call))  # noqa: B010
        for one, initialize in carries.items():
            setattr(one, "initialize_carry", self._initializing(initialize))  # noqa: B010
        ahead = jax.stages.Compiled.__call__

        def called_ahead(function: Any, *args: Any, **kwargs: Any) -> Any:
            self.compiled = True
            return ahead(function, *args, **kwargs)

        setattr(jax.stages.Compiled, "__call__", called_ahead)  # noqa: B010
        if not self.traced and not self.pinned:
            # A function that jax.jit has compiled runs without Python; without its cache it is traced anew,
            # and the modules in it are seen.
            jax.clear_caches()
        try:
            with linen.intercept_methods(self._intercept):
                yield
        finally:
            setattr(jax.stages.Compiled, "__call__", ahead)  # noqa: B010
            for one, call in watched.items():
                setattr(one, "__call__", call)  # noqa: B010
            for one, initialize in carries.items():
                setattr(one, "initialize_carry", initialize)  # noqa: B010

    def _wrapped(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def observed(module: Any, *args: Any, **kwargs: Any) -> Any:
            return self._called(
                module, lambda *a, **k: call(module, *a, **k), args, kwargs, self._path(module)
            )

        observed.__wrapped__ = call  # type: ignore[attr-defined]
        return observed

    def _path(self, module: Any) -> str | None:
        """Path of an nnx module. nnx.jit calls a copy, which has that of the only module of its class."""
        own = self.paths.get(id(module))
        if own is not None:
            return own
        alike = [path for path, kind in self.classes.items() if kind == type(module).__name__]
        return alike[0] if len(alike) == 1 else None

    def _initializing(self, initialize: Callable[..., Any]) -> Callable[..., Any]:
        def observed(cell: Any, *args: Any, **kwargs: Any) -> Any:
            carry = initialize(cell, *args, **kwargs)
            if self._frames and self._frames[-1].carry is None:
                self._frames[-1].carry = carry
            return carry

        return observed

    def _intercept(
        self, call: Callable[..., Any], args: Any, kwargs: Any, context: linen.module.InterceptorContext
    ) -> Any:
        module: Any = context.module
        if context.method_name != "__call__" or not isinstance(module, RECURRENT):
            return call(*args, **kwargs)
        return self._called(module, call, args, kwargs, ".".join(getattr(module, "path", ())))

    def _called(self, module: Any, call: Callable[..., Any], args: Any, kwargs: Any, path: str | None) -> Any:
        if isinstance(module, linen.RNNCellBase):
            self.cells.add(".".join(getattr(module, "path", ())))
        outer = self._frames[-1] if self._frames else None
        if outer is not None and not isinstance(outer.module, _BIDIRECTIONALS):
            outer.cell_path = getattr(module, "path", None)  # nnx modules have none.
            return call(*args, **kwargs)
        if outer is None and self._is_ignored(path):
            self.ignored[path or ""] = type(module).__name__
            self._frames.append(_Frame(None))
            try:
                return call(*args, **kwargs)
            finally:
                self._frames.pop()
        frame = _Frame(module)
        self._frames.append(frame)
        try:
            returned = call(*args, **kwargs)
        finally:
            self._frames.pop()
        name = path or type(module).__name__.lower()
        if isinstance(module, _BIDIRECTIONALS):
            return self._bidirectional(module, name, args, kwargs, frame, returned)
        if isinstance(module, _RNNS):
            return self._rnn(module, name, args, kwargs, frame, returned, outer)
        return self._cell(module, name, args, kwargs, returned)

    def _is_ignored(self, path: str | None) -> bool:
        return path is not None and any(path == one or path.startswith(f"{one}.") for one in self.ignore)

    # The three kinds of calls

    def _cell(self, cell: Any, name: str, args: Any, kwargs: Any, returned: Any) -> Any:
        given = dict(zip(("carry", "inputs"), args)) | dict(kwargs)
        self._check_values(name, given)
        seen = self._pass(
            cell, name, None, "forward", id(cell) if not isinstance(cell, linen.Module) else name
        )
        carry, output = returned
        arrays = {
            "input": rows(given["inputs"])[None],
            "output": rows(output)[None],
            **carry_arrays(given["carry"], "h0", "c0"),
            **carry_arrays(carry, "hn", "cn"),
        }
        if "cn" in arrays:
            arrays["c"] = arrays["cn"][None]
        pin = self._record(SeenCall(name, seen.key, (replace(seen, arrays=arrays),)))
        if pin is None or pin.final_h is None:
            # Inside a chain of cells the model carries its own state on.
            return returned
        shown = as_returned(pin.h[0], output, True)
        if isinstance(carry, (tuple, list)):
            assert pin.final_c is not None
            return (as_returned(pin.final_c[0], carry[0], True), shown), shown
        return shown, shown

    def _rnn(
        self, rnn: Any, name: str, args: Any, kwargs: Any, frame: _Frame, returned: Any, outer: _Frame | None
    ) -> Any:
        given = ({"inputs": args[0]} if args else {}) | dict(kwargs)
        setting = {one: _setting(rnn, given, one) for one in ("return_carry", "time_major", "reverse")}
        kept = not setting["reverse"] or _setting(rnn, given, "keep_order")
        self._check_values(name, given)
        carry, output = returned if setting["return_carry"] else (None, returned)
        axes, major = given["inputs"].ndim - 2, setting["time_major"]
        lengths = given.get("seq_lengths")
        initial = given.get("initial_carry")
        shown = time_major(output, axes, major)
        arrays = {
            "input": time_major(given["inputs"], axes, major),
            "output": shown if kept else _flipped(shown, lengths),
            **carry_arrays(frame.carry if initial is None else initial, "h0", "c0"),
        }
        if carry is not None:
            arrays.update(carry_arrays(carry, "hn", "cn"))
        if lengths is not None:
            arrays["lengths"] = jnp.asarray(lengths).reshape(-1)
        direction: Literal["forward", "backward"] = "backward" if setting["reverse"] else "forward"
        key = id(rnn) if isinstance(rnn, nnx.Module) else name
        seen = replace(self._pass(rnn.cell, name, frame.cell_path, direction, key), arrays=arrays)
        if outer is not None:
            outer.halves.append(seen)
            return returned
        pin = self._record(SeenCall(name, (key, direction), (seen,)))
        if pin is None:
            return returned
        replaced = pinned_output(seen, pin, 0)
        output = as_returned(replaced if kept else _flipped(replaced, lengths), output, major)
        return (_pinned_carry(pin, 0, carry), output) if setting["return_carry"] else output

    def _bidirectional(
        self, module: Any, name: str, args: Any, kwargs: Any, frame: _Frame, returned: Any
    ) -> Any:
        given = ({"inputs": args[0]} if args else {}) | dict(kwargs)
        major, with_carry = (_setting(module, given, one) for one in ("time_major", "return_carry"))
        carry, output = returned if with_carry else (None, returned)
        axes = given["inputs"].ndim - 2
        forward, backward = frame.halves
        halves = [one.arrays["output"] for one in (forward, backward)]
        mode = _merge_mode(module.merge_fn)
        sizes = {(one.options.cell, one.arrays["output"].shape) for one in (forward, backward)}
        if mode is None or len(sizes) > 1:
            # Halves that are unlike, or merged otherwise, are two layers; the merge lies between layers.
            found = [
                self._record(SeenCall(one.name, (one.key, one.direction), (one,))) for one in frame.halves
            ]
            pinned = [pin for pin in found if pin is not None]
            if len(pinned) < 2:
                return returned
            replaced = [pinned_output(one, pin, 0) for one, pin in zip(frame.halves, pinned)]
            carries = [(pin, 0) for pin in pinned]
        else:
            call = SeenCall(
                name,
                (forward.key, backward.key),
                (forward, backward),
                {"output": time_major(output, axes, major)},
                mode,
            )
            pin = self._record(call)
            if pin is None:
                return returned
            replaced = [pinned_output(one, pin, place) for place, one in enumerate(frame.halves)]
            carries = [(pin, 0), (pin, 1)]
        like = [as_returned(one, _like(output, own), major) for one, own in zip(replaced, halves)]
        output = module.merge_fn(*like)
        if not with_carry:
            return output
        assert carry is not None
        return tuple(_pinned_carry(*one, own) for one, own in zip(carries, carry)), output

    # What they share

    def _record(self, call: SeenCall) -> Pin | None:
        self.calls.append(call)
        if not self.pinned:
            return None
        if len(self.calls) > len(self.pinned):
            raise RecordingError(
                call.name, expected=f"{len(self.pinned)} recurrent calls, as in the first run", found="more"
            )
        return self.pinned[len(self.calls) - 1]

    def _pass(
        self,
        cell: Any,
        name: str,
        cell_path: tuple[str, ...] | None,
        direction: Literal["forward", "backward"],
        key: object,
    ) -> SeenPass:
        if cell_kind(cell) is None:
            known = ", ".join(sorted({one.__name__ for one in CELLS}))
            raise UnsupportedModule(name, expected=f"a cell of flax ({known})", found=type(cell).__name__)
        options = cell_options(cell)
        if self.traced:
            return SeenPass(name, key, direction, options, {}, {})
        if isinstance(cell, nnx.Module):
            return SeenPass(name, key, direction, options, nnx_weights(cell), {}, _nnx_step(cell))
        parameters: Any = self.variables.get("params", {})
        for part in cell.path if cell_path is None else cell_path:
            parameters = parameters[part]
        return SeenPass(
            name, key, direction, options, linen_weights(parameters), {}, _linen_step(cell, parameters)
        )

    def _check_values(self, name: str, values: Any) -> None:
        leaves = jax.tree_util.tree_leaves(values)
        if any(isinstance(one, jax.core.Tracer) for one in leaves) and not self.traced:
            raise UnsupportedModule(name, expected=UNCOMPILED, found="a call that is being traced")


def _setting(module: Any, given: Mapping[str, Any], name: str) -> Any:
    own = given.get(name)
    return getattr(module, name) if own is None else own


def _flipped(sequence: Any, lengths: Any) -> Any:
    """(T, B, ·) in the other order, padding last. It is its own inverse."""
    if lengths is None:
        return jnp.flip(sequence, axis=0)
    return linen.recurrent.flip_sequences(jnp.asarray(sequence), jnp.reshape(lengths, -1), 1, True)


def _pinned_carry(pin: Pin, place: int, carry: Any) -> Any:
    if isinstance(carry, (tuple, list)):
        if pin.final_h is None or pin.final_c is None:
            return carry
        c, h = pin.final_c[place], pin.final_h[place]
        return (as_returned(c, carry[0], True), as_returned(h, carry[1], True))
    return carry if pin.final_h is None else as_returned(pin.final_h[place], carry, True)


def _like(output: Any, half: Any) -> Any:
    """The shape and format of one half of a merged output."""
    return jax.ShapeDtypeStruct((*output.shape[:-1], half.shape[-1]), output.dtype)


def _merge_mode(merge: Callable[[Any, Any], Any]) -> Literal["concat", "sum", "mul", "ave"] | None:
    """What a function does with two halves, tried on numbers; None where the format has no word for it."""
    a, b = np.array([[1.25, -3.0]], np.float32), np.array([[0.5, 7.0]], np.float32)
    try:
        with jax.ensure_compile_time_eval():
            merged = np.asarray(merge(jnp.asarray(a), jnp.asarray(b)))
    except Exception:  # A merge that takes other arguments is the user's own.
        return None
    modes: dict[Literal["concat", "sum", "mul", "ave"], Any] = {
        "concat": np.concatenate([a, b], axis=-1),
        "sum": a + b,
        "mul": a * b,
        "ave": (a + b) / 2,
    }
    return next((name for name, one in modes.items() if np.array_equal(merged, one)), None)


def _nnx_step(cell: Any) -> Step:
    graph, state = nnx.split(cell)

    def step(carry: Any, x: Any) -> tuple[Any, Any]:
        after: tuple[Any, Any] = nnx.merge(graph, state)(carry, x)
        return after

    return step


def _linen_step(cell: Any, parameters: Any) -> Step:
    alone = cell.clone(parent=None, name=None)

    def step(carry: Any, x: Any) -> tuple[Any, Any]:
        after: tuple[Any, Any] = alone.apply({"params": parameters}, carry, x)
        return after

    return step


def _subclasses(base: type) -> set[type]:
    found: set[type] = set()
    subclasses: list[type] = base.__subclasses__()
    for own in subclasses:
        found |= {own, *_subclasses(own)}
    return {one for one in found if "__call__" in one.__dict__}

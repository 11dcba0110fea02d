"""Seeing every call of every recurrent layer while a model runs.

For as long as it runs, `call` of the recurrent classes and `__call__` of all layers are wrapped.
So also layers are seen that no model tracks, or that a wrapper calls directly; and nothing is set
on a layer of the user's.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..case import RecordedLayer, RecordedPass, States
from ..loops import LoopCount
from .arguments import Arguments, Pair
from .assembling import Assembly
from .cells import NoFormulaError, cells_of, expect_own_methods, is_recurrent
from .framework import Framework
from .paths import Paths
from .returns import Returns
from .seen import Refusal, Seen, Turn


class Observer:
    """Sees one run of a model. Without `stepping`, only what the calls themselves show."""

    def __init__(
        self,
        framework: Framework,
        paths: Paths,
        *,
        stepping: bool = True,
        returns: Returns | None = None,
    ) -> None:
        self.seen = Seen()
        self._framework = framework
        self._paths = paths
        self._returns = returns or Returns()
        self._blind = False
        self._pair: Pair | None = None
        self._arguments = Arguments(framework, weights=stepping)
        self._assembly = Assembly(framework, paths, self._arguments, stepping, self._unseeing)
        self._thread = threading.get_ident()

    @contextmanager
    def watching(self) -> Iterator[Seen]:
        """While this lasts, every call is seen."""
        framework = self._framework
        replaced: list[tuple[Any, str, Any]] = []

        def watch(cls: Any, name: str, watcher: Callable[..., Any]) -> None:
            replaced.append((cls, name, vars(cls)[name]))
            setattr(cls, name, _watched(vars(cls)[name], watcher))

        with framework.eager():
            try:
                for family, watcher in (
                    (framework.rnn, self._rnn),
                    (framework.bidirectional, self._bidirectional),
                    *((cell, self._cell) for cell in framework.cells),
                ):
                    for cls in _family(family):
                        if "call" in vars(cls):
                            watch(cls, "call", watcher)
                watch(framework.base, "__call__", self._any)
                yield self.seen
            finally:
                for cls, name, original in reversed(replaced):
                    setattr(cls, name, original)

    # What is called

    def _any(self, original: Any, layer: Any, args: Any, kwargs: Any) -> Any:
        """Any layer, by `__call__`."""
        if not self._is_seeing() or self._is_traced((args, kwargs)):
            return original(layer, *args, **kwargs)
        framework = self._framework
        if is_recurrent(framework, layer):
            if getattr(layer.call, "is_watched", False) or isinstance(layer, framework.stacked_cells):
                return original(layer, *args, **kwargs)
            self.seen.called[id(layer)] = layer
            if not self._paths.is_ignored(layer):
                self._refuse(layer, "its `call` is not Keras's")
            return self._blindly(original, layer, args, kwargs)
        returned = original(layer, *args, **kwargs)
        if not framework.children(layer) and framework.variables(layer):
            _, count = self.seen.counts.setdefault(id(layer), (layer, LoopCount()))
            count.add(len(self.seen.turns))
        return returned

    def _rnn(self, original: Any, layer: Any, args: Any, kwargs: Any) -> Any:
        """The `call` of an RNN layer, which may be a half of the layer that is running."""
        if self._pair is not None and self._is_seeing() and id(layer) in self._pair.halves:
            returned = self._blindly(original, layer, args, kwargs)
            self._assembly.complete(self._pair.halves[id(layer)], returned)
            return returned
        if not self._is_seeing() or self._skips(layer, args, kwargs):
            return original(layer, *args, **kwargs)
        if self._paths.is_ignored(layer):
            return self._blindly(original, layer, args, kwargs)
        try:
            half = self._arguments.given(layer, _bound(original, layer, args, kwargs))
        except NoFormulaError as error:
            self._refuse(layer, str(error))
            return self._blindly(original, layer, args, kwargs)

        def calls(returned: Any) -> list[RecordedLayer]:
            self._assembly.complete(half, returned)
            return self._assembly.calls(half, layer)

        return self._turned(layer, lambda: self._blindly(original, layer, args, kwargs), calls)

    def _bidirectional(self, original: Any, layer: Any, args: Any, kwargs: Any) -> Any:
        """The `call` of a Bidirectional layer."""
        if not self._is_seeing() or self._skips(layer, args, kwargs):
            return original(layer, *args, **kwargs)
        if self._paths.is_ignored(layer):
            return self._blindly(original, layer, args, kwargs)
        try:
            expect_own_methods(self._framework, layer)
            pair = self._arguments.pair_given(layer, _bound(original, layer, args, kwargs))
        except NoFormulaError as error:
            self._refuse(layer, str(error))
            return self._blindly(original, layer, args, kwargs)

        def run() -> Any:
            self._pair = pair
            try:
                return original(layer, *args, **kwargs)
            finally:
                self._pair = None

        return self._turned(layer, run, lambda returned: self._assembly.pair_calls(pair, returned))

    def _cell(self, original: Any, cell: Any, args: Any, kwargs: Any) -> Any:
        """The `call` of a cell. That of a layer's is not seen; so this is one step by hand."""
        if not self._is_seeing() or self._skips(cell, args, kwargs):
            return original(cell, *args, **kwargs)
        if self._paths.is_ignored(cell):
            return self._blindly(original, cell, args, kwargs)
        framework = self._framework
        try:
            (options,) = cells_of(framework, cell)
        except NoFormulaError as error:
            self._refuse(cell, str(error))
            return self._blindly(original, cell, args, kwargs)
        inputs, states, *_ = given = list(_bound(original, cell, args, kwargs).values())
        step = framework.to_array(inputs)[None]
        initial = self._arguments.states([options], framework.flatten(states))[0]
        weights = self._arguments.weights(options)
        dropout = self._arguments.dropout(options, given[2] if len(given) > 2 else None)

        def calls(returned: Any) -> list[RecordedLayer]:
            output, *new = [framework.to_array(each) for each in framework.flatten(returned)]
            final = States(*new)
            run = RecordedPass(
                weights=weights,
                h=new[0][None],
                c=new[1][None] if options.kind == "lstm" else None,
                initial=initial,
                final=final,
            )
            path = self._paths.path(cell)
            own = options, path, path, {"forward": run}, step, output[None], None, dropout
            return [self._assembly.cell_call(options, self._assembly.layer(*own))]

        return self._turned(cell, lambda: self._blindly(original, cell, args, kwargs), calls)

    # Whether and how it is seen

    def _is_seeing(self) -> bool:
        return not (
            self._blind or threading.get_ident() != self._thread or self._framework.is_inferring_shapes()
        )

    def _skips(self, layer: Any, args: Any, kwargs: Any) -> bool:
        """Whether the call is for symbols. Else the layer is noted as one that ran."""
        if self._is_traced((args, kwargs)):
            self.seen.traced[id(layer)] = layer
            return True
        self.seen.called[id(layer)] = layer
        return False

    def _is_traced(self, given: Any) -> bool:
        return any(
            self._framework.is_traced(each)
            for each in self._framework.flatten(given)
            if hasattr(each, "shape")
        )

    def _refuse(self, layer: Any, why: str) -> None:
        self.seen.refused.setdefault(id(layer), Refusal(layer, why))

    def _blindly(self, original: Any, layer: Any, args: Any, kwargs: Any) -> Any:
        """Run it; what it calls in turn is a part of it."""
        with self._unseeing():
            return original(layer, *args, **kwargs)

    @contextmanager
    def _unseeing(self) -> Iterator[None]:
        self._blind = True
        try:
            yield
        finally:
            self._blind = False

    def _turned(self, layer: Any, run: Callable[[], Any], calls: Callable[[Any], list[RecordedLayer]]) -> Any:
        turn = len(self.seen.turns)
        returned = self._returns.instead(turn)
        with self._returns.around(turn):
            if returned is None:
                returned = run()
            found = calls(returned)
        self.seen.turns.append(Turn(layer, found))
        return self._returns.after(turn, layer, found, returned)


def _family(cls: Any) -> list[Any]:
    """A class and all that inherit from it."""
    found = [cls]
    for each in found:
        found += [below for below in each.__subclasses__() if below not in found]
    return found


def _watched(original: Any, watcher: Callable[..., Any]) -> Any:
    """A method that asks `watcher`. It has the signature that Keras reads off it."""

    @functools.wraps(original)
    def watched(layer: Any, *args: Any, **kwargs: Any) -> Any:
        return watcher(original, layer, args, kwargs)

    watched.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
    watched.is_watched = True  # type: ignore[attr-defined]
    return watched


def _bound(original: Any, layer: Any, args: Any, kwargs: Any) -> dict[str, Any]:
    """The arguments of a call by name, the sequence first."""
    arguments = inspect.signature(original).bind(layer, *args, **kwargs).arguments
    del arguments[next(iter(arguments))]
    return arguments

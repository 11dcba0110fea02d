"""Seeing every call of every recurrent layer while a model runs.

For as long as it runs, `call` of the recurrent classes and `__call__` of all layers are wrapped.
So also layers are seen that no model tracks, or that a wrapper calls directly; and nothing is set
on a layer of the user's.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..case import Array, RecordedLayer, RecordedPass, States
from ..loops import LoopCount
from .cells import Cell, NoFormulaError, cells_of, expect_own_methods, is_recurrent
from .framework import Framework
from .paths import Paths
from .stepping import stepped


class Returns:
    """What recurrent layers return to the model that calls them: here, what they computed.

    `turn` counts the recorded calls of one run, from 0.
    """

    def instead(self, turn: int) -> Any | None:
        """What to return without running the layer; None to run it."""
        return None

    def around(self, turn: int) -> AbstractContextManager[Any]:
        """Within what the layer runs."""
        return nullcontext()

    def after(self, turn: int, layer: Any, calls: list[RecordedLayer], returned: Any) -> Any:
        """What to return in place of `returned`, which the layer computed."""
        return returned


@dataclass(frozen=True)
class Refusal:
    """A layer that ran and has no formula here."""

    layer: Any
    why: str


@dataclass(frozen=True)
class Turn:
    """One call of one layer of Keras's: a layer of the format for each cell, or for both halves."""

    layer: Any
    layers: list[RecordedLayer]


@dataclass
class Seen:
    """All that was seen of one run of a model."""

    turns: list[Turn] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)
    called: dict[int, Any] = field(default_factory=dict)
    """The recurrent layers that ran, by id; those left out and refused too."""
    traced: dict[int, Any] = field(default_factory=dict)
    """Those that were called for symbols, while building or inside of a compiled function."""
    counts: dict[int, tuple[Any, LoopCount]] = field(default_factory=dict)
    """Every other layer with weights of its own, and how often it was called."""


@dataclass
class _Half:
    """One call of one RNN layer as it went: batch-major, in processing order."""

    layer: Any
    cells: tuple[Cell, ...]
    input: Array  # (B, T, I)
    mask: Array | None  # (B, T)
    initial: list[States] | None
    weights: list[Mapping[str, Array]]
    dropout: dict[str, float]
    sequence: Array | None = None  # (B, T, H)
    final: list[States | None] = field(default_factory=list)
    steps: list[States] | None = None  # (T, B, H), in input time


@dataclass
class _Pair:
    """A Bidirectional layer that is running, and what was seen of its halves."""

    layer: Any
    halves: dict[int, _Half] = field(default_factory=dict)


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
        self._stepping = stepping
        self._returns = returns or Returns()
        self._blind = False
        self._pair: _Pair | None = None
        self._known_weights: dict[int, dict[str, Array]] = {}
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
            self._complete(self._pair.halves[id(layer)], returned)
            return returned
        if not self._is_seeing() or self._skips(layer, args, kwargs):
            return original(layer, *args, **kwargs)
        if self._paths.is_ignored(layer):
            return self._blindly(original, layer, args, kwargs)
        try:
            half = self._given(layer, _bound(original, layer, args, kwargs))
        except NoFormulaError as error:
            self._refuse(layer, str(error))
            return self._blindly(original, layer, args, kwargs)

        def calls(returned: Any) -> list[RecordedLayer]:
            self._complete(half, returned)
            return self._calls(half, layer)

        return self._turned(layer, lambda: self._blindly(original, layer, args, kwargs), calls)

    def _bidirectional(self, original: Any, layer: Any, args: Any, kwargs: Any) -> Any:
        """The `call` of a Bidirectional layer."""
        if not self._is_seeing() or self._skips(layer, args, kwargs):
            return original(layer, *args, **kwargs)
        if self._paths.is_ignored(layer):
            return self._blindly(original, layer, args, kwargs)
        try:
            expect_own_methods(self._framework, layer)
            pair = self._pair_given(layer, _bound(original, layer, args, kwargs))
        except NoFormulaError as error:
            self._refuse(layer, str(error))
            return self._blindly(original, layer, args, kwargs)

        def run() -> Any:
            self._pair = pair
            try:
                return original(layer, *args, **kwargs)
            finally:
                self._pair = None

        return self._turned(layer, run, lambda returned: self._pair_calls(pair, returned))

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
        initial = self._states([options], framework.flatten(states))[0]
        weights = self._weights(options)
        dropout = self._dropout(options, given[2] if len(given) > 2 else None)

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
            return [self._layer(options, path, path, {"forward": run}, step, output[None], None, dropout)]

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

    # What it is given

    def _given(self, layer: Any, given: dict[str, Any]) -> _Half:
        """Cloned before the layer runs."""
        framework = self._framework
        sequences, *others = given.values()
        initial = given.get("initial_state")
        if isinstance(sequences, (list, tuple)):  # as a functional tf_keras model passes states
            sequences, *initial = sequences
            initial = initial or given.get("initial_state")
        if getattr(layer, "_num_constants", 0) or given.get("constants") is not None:
            raise NoFormulaError("it is given constants")
        if not hasattr(sequences, "dtype") or hasattr(sequences, "row_splits"):
            raise NoFormulaError(f"it is given a {type(sequences).__name__}: expected a tensor")
        cells = cells_of(framework, layer)
        array = framework.to_array(sequences)
        if array.ndim != 3:
            raise NoFormulaError(f"it is given shape {array.shape}: expected (batch, time, features)")
        if getattr(layer, "time_major", False):
            array = np.swapaxes(array, 0, 1)
        return _Half(
            layer,
            cells,
            array,
            self._mask(layer, given.get("mask"), array),
            self._initial(layer, cells, initial),
            [self._weights(cell) for cell in cells],
            {
                name: rate
                for cell in cells
                for name, rate in self._dropout(cell, given.get("training")).items()
            },
        )

    def _pair_given(self, layer: Any, given: dict[str, Any]) -> _Pair:
        """What the halves are given: each the whole sequence, and its half of the states."""
        name, sequences = next(iter(given.items()))
        initial = given.get("initial_state")
        if isinstance(sequences, (list, tuple)):
            sequences, *initial = sequences
            initial = initial or given.get("initial_state")
        states = [] if initial is None else list(initial)
        middle = len(states) // 2
        pair = _Pair(layer)
        for half, own in (
            (layer.forward_layer, states[:middle]),
            (layer.backward_layer, states[middle:]),
        ):
            own_given = given | {name: sequences, "initial_state": own or None}
            pair.halves[id(half)] = self._given(half, own_given)
        return pair

    def _mask(self, layer: Any, mask: Any, sequences: Array) -> Array | None:
        """(B, T) of bool."""
        masks = [each for each in self._framework.flatten(mask) if each is not None]
        if not masks:
            return None
        array = self._framework.to_array(masks[0]).astype(bool)
        if getattr(layer, "time_major", False):
            array = np.swapaxes(array, 0, 1)
        return array.reshape(sequences.shape[:2])

    def _initial(self, layer: Any, cells: tuple[Cell, ...], given: Any) -> list[States] | None:
        """What the call starts from: given, or what a stateful layer has kept."""
        framework = self._framework
        kept = framework.states(layer) if layer.stateful else None
        if given is None or (kept and framework.prefers_kept_states(kept)):
            given = kept
        return None if given is None else self._states(cells, framework.flatten(given))

    def _states(self, cells: Any, tensors: list[Any]) -> list[States]:
        arrays = iter([self._framework.to_array(tensor) for tensor in tensors])
        return [States(*(next(arrays) for _ in range(cell.state_count))) for cell in cells]

    def _weights(self, cell: Cell) -> dict[str, Array]:
        """As they are stored, whatever they are cast to for this call. Equal ones are kept once."""
        if not self._stepping:
            return {}
        with self._framework.uncast():
            weights = {
                name: self._framework.to_array(weight)
                for name in ("kernel", "recurrent_kernel", "bias")
                if (weight := getattr(cell.object, name, None)) is not None
            }
        known = self._known_weights.setdefault(id(cell.object), weights)
        if all(np.array_equal(known[name], weights[name]) for name in weights):
            return known
        self._known_weights[id(cell.object)] = weights
        return weights

    def _dropout(self, cell: Cell, training: Any) -> dict[str, float]:
        """The dropout that acts in this call."""
        if training is None:
            training = self._framework.learning_phase()
        if not bool(training):
            return {}
        rates = {name: getattr(cell.object, name) for name in ("dropout", "recurrent_dropout")}
        return {name: float(rate) for name, rate in rates.items() if rate}

    def _precision(self, cell: Cell) -> str | None:
        """What the policy declares; None where the types that are stored say it."""
        compute, variable = str(cell.object.compute_dtype), str(cell.object.variable_dtype)
        if compute != variable:
            return f"mixed-{compute}"
        if compute == "float32":
            return "tf32" if self._framework.uses_tf32() else None
        return None if compute == "float64" else compute

    # What it returned

    def _complete(self, half: _Half, returned: Any) -> None:
        """Add what the layer returned, and the steps that this does not show."""
        framework, layer = self._framework, half.layer
        states: list[Any] = []
        if layer.return_state:
            returned, *states = returned
        output = framework.to_array(returned)
        if layer.return_sequences:
            half.sequence = np.swapaxes(output, 0, 1) if _is_time_major(layer) else output
        if not states and layer.stateful:
            states = framework.states(layer) or []
        if states:
            half.final = list(self._states(half.cells, framework.flatten(states)))
        else:
            half.final = [None] * len(half.cells)
            if not layer.return_sequences and _is_last_state(half):
                half.final[-1] = States(output)
        self._step(half)

    def _step(self, half: _Half) -> None:
        shown = half.sequence is not None and [cell.kind for cell in half.cells] in (
            ["rnn"],
            ["gru"],
        )
        is_stepped = self._stepping or len(half.cells) > 1  # what the upper cells read is a boundary
        if is_stepped and not shown and not half.dropout:
            with self._unseeing():
                half.steps = stepped(
                    self._framework, half.layer, half.cells, half.input, half.mask, half.initial
                )

    def _calls(self, half: _Half, layer: Any, prefix: str = "") -> list[RecordedLayer]:
        """One for each cell: in a stack, an upper one reads the stepped states of the lower."""
        backward = bool(half.layer.go_backwards)
        sequence = None if half.sequence is None else np.swapaxes(half.sequence, 0, 1)
        if sequence is not None and backward:
            sequence = sequence[::-1]
        fed = np.swapaxes(half.input, 0, 1)
        calls: list[RecordedLayer] = []
        for index, cell in enumerate(half.cells):
            is_last = index == len(half.cells) - 1
            steps = None if half.steps is None else half.steps[index]
            if steps is None and is_last and sequence is not None:
                steps = States(sequence)
            run = RecordedPass(
                weights=half.weights[index],
                h=None if steps is None else steps.h,
                c=None if steps is None else steps.c,
                initial=None if half.initial is None else half.initial[index],
                final=half.final[index],
            )
            part = [prefix] if prefix else []
            part += [f"l{index}"] if len(half.cells) > 1 else []
            path = self._paths.path(layer)
            calls.append(
                self._layer(
                    cell,
                    path,
                    ".".join([path, *part]),
                    {"backward" if backward else "forward": run},
                    fed,
                    sequence if is_last else None,
                    None if half.mask is None else half.mask.T,
                    half.dropout,
                )
            )
            if steps is None or steps.h is None:
                break  # what the upper ones read was not shown, and cannot be found again
            fed = steps.h
        return calls

    def _pair_calls(self, pair: _Pair, returned: Any) -> list[RecordedLayer]:
        """One call of both halves where the format has one, else those of each half."""
        layer = pair.layer
        forward, backward = pair.halves.values()
        output = self._merged(pair, returned)
        upper = self._calls(forward, layer, "forward")
        lower = self._calls(backward, layer, "backward")
        if not _are_halves(forward, backward) or upper[0].precision != lower[0].precision:
            return upper + lower
        (one,), (other,) = upper, lower
        return [
            replace(
                one,
                name=self._paths.path(layer),
                passes={**one.passes, "backward": self._overriding(one, other)},
                output=output,
                merge_mode=layer.merge_mode or "concat",
                other_options={**one.other_options, **other.other_options},
            )
        ]

    def _overriding(self, one: RecordedLayer, other: RecordedLayer) -> RecordedPass:
        """The backward half, with its own activations where they are not the forward half's."""
        own = other.passes["backward"]
        if other.activation != one.activation:
            own = replace(own, activation=other.activation)
        if other.recurrent_activation != one.recurrent_activation:
            own = replace(own, recurrent_activation=other.recurrent_activation)
        return own

    def _layer(
        self,
        cell: Cell,
        module: str,
        name: str,
        passes: dict[str, RecordedPass],
        fed: Array,
        output: Array | None,
        mask: Array | None,
        dropout: dict[str, float],
    ) -> RecordedLayer:
        lengths, mask = _lengths(mask)
        empty = (mask is not None and not mask.any(axis=0).all()) or (
            lengths is not None and not lengths.all()
        )
        return RecordedLayer(
            name=name,
            module=module,
            cell=cell.kind,
            hidden_size=cell.hidden_size,
            passes=passes,
            input=fed,
            output=output,
            lengths=lengths,
            mask=mask,
            activation=cell.activation,
            recurrent_activation=cell.recurrent_activation,
            reset_after=cell.reset_after,
            precision=self._precision(cell),
            empty_final="initial" if empty else None,
            other_options=dict(dropout),
        )

    def _merged(self, pair: _Pair, returned: Any) -> Array | None:
        """The layer's own output (T, B, ·). A merge mode of None returns two: side by side."""
        layer = pair.layer
        forward, backward = pair.halves.values()
        tensors = self._framework.flatten(returned)
        count = 1 if layer.merge_mode else 2
        outputs = [self._framework.to_array(tensor) for tensor in tensors[:count]]
        if _is_time_major(forward.layer) and layer.return_sequences:
            outputs = [np.swapaxes(output, 0, 1) for output in outputs]
        if not forward.final:
            self._complete_pair(pair, outputs, tensors[count:])
        if not layer.return_sequences:
            return None
        return np.swapaxes(np.concatenate(outputs, axis=-1), 0, 1)

    def _complete_pair(self, pair: _Pair, outputs: list[Array], states: list[Any]) -> None:
        """Where one kernel ran both halves: what of its output is whose."""
        merge_mode, halves = pair.layer.merge_mode, list(pair.halves.values())
        if merge_mode == "concat":
            outputs = np.split(outputs[0], [halves[0].cells[-1].hidden_size], axis=-1)
        middle = len(states) // 2
        for half, output, own in zip(halves, outputs * 2, (states[:middle], states[middle:])):
            if merge_mode in ("concat", None) and pair.layer.return_sequences:
                half.sequence = output[:, ::-1] if half.layer.go_backwards else output
            half.final = list(self._states(half.cells, own)) if own else [None] * len(half.cells)
            self._step(half)


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


def _lengths(mask: Array | None) -> tuple[Array | None, Array | None]:
    """A mask (T, B) as lengths (B) where it is valid first and then not; neither where all is."""
    if mask is None or mask.all():
        return None, None
    lengths = mask.sum(axis=0)
    if np.array_equal(mask, np.arange(len(mask))[:, None] < lengths):
        return lengths, None
    return None, mask


def _is_time_major(layer: Any) -> bool:
    return bool(getattr(layer, "time_major", False))


def _is_last_state(half: _Half) -> bool:
    """Whether the last output is the last state. Of no valid step, or where masked, it is zeros."""
    if half.mask is None:
        return True
    last = half.mask[:, 0 if half.layer.go_backwards else -1]
    zeroed = half.layer.zero_output_for_mask and not last.all()
    return bool(half.mask.any(axis=1).all()) and not zeroed


def _are_halves(forward: _Half, backward: _Half) -> bool:
    """Whether the two make one bidirectional layer of the format."""
    return (
        not forward.layer.go_backwards
        and bool(backward.layer.go_backwards)
        and len(forward.cells) == len(backward.cells) == 1
        and forward.cells[0].like(backward.cells[0])
    )

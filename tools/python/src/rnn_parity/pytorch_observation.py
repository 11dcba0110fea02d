"""Watches the recurrent operators while a model runs, and the calls of the modules around them.

The operators show the true weights, whatever module, parametrisation or functional call they came from.
Around an operator that one of PyTorch's own recurrent modules called, the module's call shows what the
user's code gave and what it got back, hooks and patched methods included: that is what is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence
from torch.overrides import TorchFunctionMode

from .case import Array
from .errors import UnsupportedModule
from .loops import LoopCount
from .pytorch_operators import Operator, Sequences, parse
from .pytorch_perturbation import Perturbation
from .pytorch_trees import array, mapped

STOCK = (nn.RNN, nn.GRU, nn.LSTM, nn.RNNCell, nn.GRUCell, nn.LSTMCell)


@dataclass(frozen=True)
class Inside:
    """What a call did not show: for each layer what it was fed, returned, and every h and c.

    outputs: laid out as the operator's input.   states: [layer][direction] of (h, c).
    """

    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]
    states: Sequence[Sequence[tuple[Tensor, Tensor | None]]]


@dataclass
class ObservedCall:
    """One call. Tensors were cloned at its moment; sequences are (T, B, ·), in the caller's order of B.

    initial: h (L·D, B, S) and c, or None where none was passed.   order: place of each of the caller's
    sequences among the operator's.   passed: the initial states themselves, for the memory they lie in.
    """

    operator: Operator
    path: str
    precision: str
    input: Tensor
    lengths: Tensor | None
    output: Tensor
    initial: tuple[Tensor, ...] | None
    final: tuple[Tensor, ...]
    inside: Inside
    weights: Sequence[Sequence[Mapping[str, Array]]]
    order: Tensor | None
    passed: tuple[Tensor, ...] | None


@dataclass
class _Frame:
    """A module's call in progress."""

    module: nn.Module
    path: str
    given: tuple[Any, Any] | None = None
    passed: Any = None
    calls: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Copy:
    """A weight as a call read it. tensor: the caller's own, kept so that no other gets its id."""

    tensor: Tensor
    values: Tensor
    array: Array

    @staticmethod
    def of(tensor: Tensor) -> _Copy:
        """Of this moment."""
        return _Copy(tensor, tensor.detach().clone(), array(tensor))

    def is_current(self) -> bool:
        """Whether the tensor still holds what it held.

        By values: its version counts nothing that is written through `.data` or in inference mode.
        """
        is_alike = (self.tensor.dtype, self.tensor.device) == (self.values.dtype, self.values.device)
        return is_alike and bool(torch.equal(self.tensor, self.values))


@dataclass(eq=False)
class Observer(TorchFunctionMode):
    """Records calls in order.

    paths: of the model's modules, by id.   ignored: paths whose calls are not recorded.
    detailed: also find what a call does not show; else only what lies between layers.
    replace: given the number of a call, what to return in its place (pinning): output (T, B, ·) and states.
    held: the calls of an earlier run, whose results are returned without calling the operators again.
    """

    paths: Mapping[int, str]
    ignored: Sequence[str] = ()
    detailed: bool = True
    perturbation: Perturbation | None = None
    replace: Callable[[int, ObservedCall], tuple[Tensor, tuple[Tensor, ...]] | None] | None = None
    held: Sequence[ObservedCall] = ()
    calls: list[ObservedCall] = field(default_factory=list)
    module_calls: dict[str, LoopCount] = field(default_factory=dict)
    parameter_uses: dict[int, LoopCount] = field(default_factory=dict)
    _frames: list[_Frame] = field(default_factory=list)
    _forwards: list[tuple[nn.Module, Tensor | None]] = field(default_factory=list)
    _copies: dict[int, _Copy] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Everything that runs inside is watched."""
        original_call = nn.Module.__call__
        observer = self

        def call(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            frame = observer._enter(module, args, kwargs)
            depth = len(observer._frames)
            try:
                returned = original_call(module, *args, **kwargs)
                return observer._leave(frame, returned)
            finally:
                del observer._frames[depth - 1 :]

        nn.Module.__call__ = call
        try:
            with self, self._seeing_forwards():
                yield
        finally:
            nn.Module.__call__ = original_call

    @contextmanager
    def _seeing_forwards(self) -> Iterator[None]:
        """PyTorch's own forwards tell whose an operator is, also where only they are called.

        And a subclass may pack inside its own forward: only they then see the order of B.
        """
        observer, forwards = self, {kind: kind.forward for kind in STOCK}

        def watched(forward: Callable[..., Any]) -> Callable[..., Any]:
            def seen(module: nn.Module, input: Any, hx: Any = None) -> Any:
                observer._forwards.append((module, getattr(input, "unsorted_indices", None)))
                try:
                    return forward(module, input, hx)
                finally:
                    observer._forwards.pop()

            return seen

        for kind, forward in forwards.items():
            kind.forward = watched(forward)
        try:
            yield
        finally:
            for kind, forward in forwards.items():
                kind.forward = forward

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Any operation; recurrent ones are recorded."""
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        if name.startswith("quantized_") and ("lstm" in name or "gru" in name or "rnn" in name):
            return self._quantized(func, args, kwargs)
        operator = parse(func, args, kwargs)
        if operator is None or self._is_ignored():
            for argument in args:
                if isinstance(argument, nn.Parameter):
                    self.parameter_uses.setdefault(id(argument), LoopCount()).add(len(self.calls))
            result = func(*args, **kwargs)
            if self.perturbation is None:
                return result
            return self.perturbation.moved_result(name, (args, kwargs), result)
        return self._record(operator, func, args, kwargs)

    # Modules

    def _enter(self, module: nn.Module, args: Any, kwargs: Any) -> _Frame:
        path = self.paths.get(id(module))
        if path is None:
            outer = self._frames[-1].path if self._frames else ""
            path = f"{outer}.{type(module).__name__.lower()}".lstrip(".")
        frame = _Frame(module, path)
        self.module_calls.setdefault(path, LoopCount()).add(len(self.calls))
        if is_stock(module):
            frame.passed = (args, kwargs)
            frame.given = mapped((args, kwargs), lambda tensor: tensor.detach().clone())
        self._frames.append(frame)
        return frame

    def _leave(self, frame: _Frame, returned: Any) -> Any:
        if frame.given is None or self._is_ignored():
            return returned
        if len(frame.calls) > 1:
            raise UnsupportedModule(
                frame.path,
                expected="one call of the operator in a call of the module",
                found=f"{len(frame.calls)} calls, by a patched forward",
            )
        if not frame.calls:
            raise UnsupportedModule(
                frame.path,
                expected="one call of the operator in a call of the module",
                found="none, by a replaced forward",
            )
        call = self.calls[frame.calls[0]]
        _apply_given(call, frame)
        _apply_returned(call, frame.module, returned)
        replaced = self.replace and self.replace(frame.calls[0], call)
        return returned if not replaced else _as_module_returned(call, frame.module, returned, *replaced)

    def _is_ignored(self) -> bool:
        path = self._frames[-1].path if self._frames else ""
        return any(path == own or path.startswith(f"{own}.") for own in self.ignored)

    def _quantized(self, func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        if not self._is_ignored():
            path = self._frames[-1].path if self._frames else func.__name__
            raise UnsupportedModule(path, expected="a float recurrent layer", found=func.__name__)
        return func(*args, **kwargs)

    # Operators

    def _record(self, operator: Operator, func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        path = self._frames[-1].path if self._frames else ""
        order = None
        if self._forwards:
            module, order = self._forwards[-1]
            path = self.paths.get(id(module), path)
        if operator.train and operator.dropout > 0 and len(operator.weights) > 1:
            raise UnsupportedModule(
                path or operator.name,
                expected="no dropout inside a stack: call eval(), or set dropout=0",
                found=f"dropout {operator.dropout} between {len(operator.weights)} layers",
            )
        _expect_values(operator, path)
        given = operator.sequences.like(operator.sequences.data.detach().clone())
        states = tuple(state.detach().clone() for state in operator.states)
        if len(self.calls) < len(self.held):
            inside, output, finals = _held(self.held[len(self.calls)], given)
            returned = _as_returned(operator, output, finals)
        elif self.detailed or self.perturbation is None:
            returned = func(*args, **kwargs)
            output, finals = _returned(operator, returned)
            inside = self._inside(operator, given, states, output, finals)
        else:
            # A perturbed run may take its layers one by one, which shows what lies between them.
            inside, output, finals = _layerwise(operator, given, states)
            moved = self.perturbation.moved
            output, finals = moved(output), tuple(moved(final) for final in finals)
            returned = _as_returned(operator, output, finals)
        call = ObservedCall(
            operator=operator,
            path=path,
            precision=_precision(operator),
            input=given.padded(),
            lengths=given.lengths(),
            output=given.like(output.detach().clone()).padded(),
            initial=states,
            final=tuple(final.detach().clone() for final in finals),
            inside=inside,
            weights=self._weights(operator),
            order=None,
            passed=operator.states,
        )
        _put_in_order(call, order)
        self.calls.append(call)
        if self._frames:
            self._frames[-1].calls.append(len(self.calls) - 1)
        if self.replace is None or (self._frames and self._frames[-1].given is not None):
            return returned
        replaced = self.replace(len(self.calls) - 1, call)
        if not replaced:
            return returned
        output, finals = replaced
        if call.order is not None:
            back = torch.argsort(call.order)
            output, finals = output[:, back], tuple(final[:, back] for final in finals)
        return _as_returned(operator, given.packing(output), finals)

    def _weights(self, operator: Operator) -> list[list[dict[str, Array]]]:
        """Arrays of the moment; tensors that hold what they held are not copied again."""
        if self.perturbation is not None:
            return [[{} for _ in directions] for directions in operator.weights]
        return [
            [{kind: self._weight(tensor) for kind, tensor in own.items()} for own in directions]
            for directions in operator.weights
        ]

    def _weight(self, tensor: Tensor) -> Array:
        known = self._copies.get(id(tensor))
        if known is None or not known.is_current():
            known = self._copies[id(tensor)] = _Copy.of(tensor)
        return known.array

    def _inside(
        self,
        operator: Operator,
        given: Sequences,
        states: tuple[Tensor, ...],
        output: Tensor,
        finals: tuple[Tensor, ...],
    ) -> Inside:
        # What the call did not show is computed again, which no gradient depends on.
        makes_gradients = torch.is_grad_enabled()
        with torch.no_grad():
            if self.detailed:
                return _everything(operator, given, states, output.detach().clone(), finals, makes_gradients)
            inside, _, _ = _layerwise(operator, given, states) if len(operator.weights) > 1 else (None, 0, 0)
            return inside or Inside([given.data], [output.detach().clone()], [])


def _expect_values(operator: Operator, path: str) -> None:
    """Tensors of a functorch transformation hold no values; an empty batch computes nothing."""
    data = operator.sequences.data
    if torch._C._functorch.is_functorch_wrapped_tensor(data):
        raise UnsupportedModule(
            path or operator.name,
            expected="a call outside of torch.vmap and the transformations of torch.func",
            found="a call inside of one",
        )
    if data.numel() == 0:
        raise UnsupportedModule(
            path or operator.name,
            expected="a call with at least one step of one sequence",
            found=f"an input of shape {tuple(data.shape)}",
        )


def is_stock(module: nn.Module) -> bool:
    """Whether the module's class runs one of PyTorch's own recurrent forwards."""
    return next(kind for kind in type(module).__mro__ if "forward" in vars(kind)) in STOCK


def _everything(
    operator: Operator,
    given: Sequences,
    states: tuple[Tensor, ...],
    output: Tensor,
    finals: tuple[Tensor, ...],
    makes_gradients: bool,
) -> Inside:
    """Every state of every layer, with as little run again as shows it.

    makes_gradients: whether the call did, for which some kernels round otherwise. Steps that make none take
        less time, and are those of the call if they end in its bits; else they are taken as the call was.
    """
    count = len(operator.directions)
    inputs, outputs, every = [], [], []
    fed = given
    for layer in range(len(operator.weights)):
        own = slice(layer * count, (layer + 1) * count)
        before = tuple(state[own] for state in states)
        after = tuple(final[own] for final in finals)
        is_last = layer == len(operator.weights) - 1
        stepped: Sequence[tuple[Tensor, Tensor | None]]
        if operator.cell == "lstm" and operator.is_cell:
            stepped, shown = [(output, after[1].clone())], output
        elif operator.cell == "lstm":
            stepped, is_same = _stepped(operator, layer, fed, before, after)
            if not is_same and makes_gradients:
                with torch.enable_grad():
                    stepped, is_same = _stepped(operator, layer, fed, before, after)
            if is_last:
                shown = output
            elif is_same:
                # Stepping gave the module's own final bits, so what it fed upwards is what this fed.
                shown = torch.cat([h for h, _ in stepped], dim=-1)
            else:
                shown = _shown(operator, layer, fed, before, makes_gradients)
        else:
            shown = output if is_last else _shown(operator, layer, fed, before, makes_gradients)
            stepped = [(half, None) for half in shown.chunk(count, dim=-1)]
        inputs.append(fed.data)
        outputs.append(shown)
        every.append(stepped)
        fed = fed.like(shown)
    return Inside(inputs, outputs, every)


def _stepped(
    operator: Operator,
    layer: int,
    fed: Sequences,
    before: tuple[Tensor, ...],
    after: tuple[Tensor, ...],
) -> tuple[Sequence[tuple[Tensor, Tensor]], bool]:
    """Every h and c of an lstm layer by direction, and whether they end in the bits of the call.

    before, after: h and c (D, B, ·) of the call.
    """
    stepped, is_same = [], True
    for direction in range(len(operator.directions)):
        own = slice(direction, direction + 1)
        h, c, reached = operator.step_layer(layer, direction, fed, tuple(one[own] for one in before))
        stepped.append((h, c))
        is_same &= all(torch.equal(one, other[own]) for one, other in zip(reached, after))
    return stepped, is_same


def _shown(
    operator: Operator, layer: int, fed: Sequences, before: tuple[Tensor, ...], makes_gradients: bool
) -> Tensor:
    """What a layer inside of the call fed to the next."""
    with torch.set_grad_enabled(makes_gradients):
        return operator.run_layer(layer, fed, before)[0].detach()


def _layerwise(
    operator: Operator, given: Sequences, states: tuple[Tensor, ...]
) -> tuple[Inside, Tensor, tuple[Tensor, ...]]:
    """The operator's layers one by one: what each was fed and returned, and the final states."""
    count = len(operator.directions)
    inputs, outputs, finals = [], [], []
    fed = given
    for layer in range(len(operator.weights)):
        own = slice(layer * count, (layer + 1) * count)
        output, final = operator.run_layer(layer, fed, tuple(state[own] for state in states))
        inputs.append(fed.data)
        outputs.append(output.clone())
        finals.append(final)
        fed = fed.like(output)
    return Inside(inputs, outputs, []), fed.data, tuple(torch.cat(parts) for parts in zip(*finals))


def _held(recorded: ObservedCall, given: Sequences) -> tuple[Inside, Tensor, tuple[Tensor, ...]]:
    """What an earlier run of a call returned, laid out as the operator would; its stack is fed the same."""
    output, finals = recorded.output, recorded.final
    if recorded.order is not None:
        back = torch.argsort(recorded.order)
        output, finals = output[:, back], tuple(final[:, back] for final in finals)
    inside = Inside([given.data, *recorded.inside.inputs[1:]], recorded.inside.outputs, [])
    return inside, given.packing(output), finals


def _returned(operator: Operator, returned: Any) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Output, laid out as the sequences, and final states (L·D, B, ·)."""
    if operator.is_cell:
        finals = returned if operator.cell == "lstm" else (returned,)
        finals = tuple((final[None] if final.dim() == 1 else final)[None] for final in finals)
        return finals[0], finals
    output, *finals = returned
    return (output.transpose(0, 1) if operator.batch_first else output), tuple(finals)


def _as_returned(operator: Operator, output: Tensor, finals: tuple[Tensor, ...]) -> Any:
    """The inverse of `_returned`."""
    if operator.is_cell:
        return tuple(final[0] for final in finals) if operator.cell == "lstm" else finals[0][0]
    return ((output.transpose(0, 1) if operator.batch_first else output), *finals)


def _precision(operator: Operator) -> str:
    """What the context of the call declares of its arithmetic."""
    data = operator.sequences.data
    own = str(data.dtype).removeprefix("torch.")
    if torch.is_autocast_enabled(data.device.type) and data.dtype != torch.float64:
        return "autocast-" + str(torch.get_autocast_dtype(data.device.type)).removeprefix("torch.")
    if data.device.type == "cuda" and own == "float32":
        allowed = (
            torch.backends.cuda.matmul.allow_tf32 if operator.is_cell else torch.backends.cudnn.allow_tf32
        )
        return "tf32" if allowed else own
    return own


# What the module's own call was given and returned


def _apply_given(call: ObservedCall, frame: _Frame) -> None:
    given = frame.given
    assert given is not None
    (args, kwargs), (passed_args, passed_kwargs) = given, frame.passed
    sequence = args[0] if args else kwargs.get("input")
    hx = args[1] if len(args) > 1 else kwargs.get("hx")
    passed = passed_args[1] if len(passed_args) > 1 else passed_kwargs.get("hx")
    if isinstance(sequence, PackedSequence):
        padded, lengths = pad_packed_sequence(sequence)
        if padded.shape != call.input.shape:
            return
        call.input, call.lengths = padded, lengths
        if call.order is None:
            _put_in_order(call, sequence.unsorted_indices)
    elif isinstance(sequence, Tensor):
        time_major = _time_major(frame.module, sequence)
        if time_major.shape == call.input.shape:
            call.input = time_major
    call.initial = None if hx is None else _states(hx, call) or call.initial
    call.passed = (
        None if passed is None else (tuple(passed) if isinstance(passed, (tuple, list)) else (passed,))
    )


def _apply_returned(call: ObservedCall, module: nn.Module, returned: Any) -> None:
    if isinstance(module, nn.RNNCellBase):
        final = _states(returned, call)
        if final is not None:
            call.final = tuple(state.clone() for state in final)
            call.output = call.final[0]
        return
    output, finals = returned if isinstance(returned, tuple) and len(returned) == 2 else (returned, None)
    if isinstance(output, PackedSequence):
        padded = pad_packed_sequence(output)[0]
    elif isinstance(output, Tensor):
        padded = _time_major(module, output)
    else:
        padded = call.output
    if padded.shape == call.output.shape:
        call.output = padded.detach().clone()
    if finals is not None:
        final = _states(finals, call)
        call.final = call.final if final is None else tuple(state.clone() for state in final)


def _as_module_returned(
    call: ObservedCall, module: nn.Module, returned: Any, output: Tensor, finals: tuple[Tensor, ...]
) -> Any:
    """Other values in the place of those that a module returned."""
    if isinstance(module, nn.RNNCellBase):
        return _shaped(returned, tuple(final[0] for final in finals))
    if not (isinstance(returned, tuple) and len(returned) == 2):
        return returned
    shown, hx = returned
    if isinstance(shown, PackedSequence):
        in_order = output if call.order is None else output[:, shown.sorted_indices]
        shown = shown._replace(data=call.operator.sequences.packing(in_order))
    elif isinstance(shown, Tensor):
        batch_first = getattr(module, "batch_first", False) and shown.dim() == 3
        shown = (output.transpose(0, 1) if batch_first else output).reshape(shown.shape)
    return shown, _shaped(hx, finals)


def _shaped(like: Any, states: tuple[Tensor, ...]) -> Any:
    if isinstance(like, Tensor):
        return states[0].reshape(like.shape)
    return tuple(state.reshape(own.shape) for own, state in zip(like, states))


def _states(hx: Any, call: ObservedCall) -> tuple[Tensor, ...] | None:
    """hx as (h,) or (h, c), each (L·D, B, ·); None where it is no state of this call."""
    states = tuple(hx) if isinstance(hx, (tuple, list)) else (hx,)
    shapes = [state.shape for state in call.operator.states]
    if len(states) != len(shapes) or not all(isinstance(state, Tensor) for state in states):
        return None
    shaped = []
    for state, shape in zip(states, shapes):
        if state.numel() != shape.numel():
            return None
        shaped.append(state.detach().reshape(shape))
    return tuple(shaped)


def _time_major(module: nn.Module, sequence: Tensor) -> Tensor:
    if isinstance(module, nn.RNNCellBase):
        return (sequence[None] if sequence.dim() == 1 else sequence)[None]
    if sequence.dim() == 2:
        return sequence[:, None]
    return (
        sequence.transpose(0, 1)
        if getattr(module, "batch_first", False) and sequence.dim() == 3
        else sequence
    )


def _put_in_order(call: ObservedCall, order: Tensor | None) -> None:
    """From the operator's order of B, longest first, to the caller's."""
    if order is None:
        return
    call.order = order
    call.input, call.output = call.input[:, order], call.output[:, order]
    call.lengths = None if call.lengths is None else call.lengths[order]
    call.initial = None if call.initial is None else tuple(state[:, order] for state in call.initial)
    call.final = tuple(state[:, order] for state in call.final)

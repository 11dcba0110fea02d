"""Records what torch.nn.RNN, GRU and LSTM compute, every state of every layer.

A stacked module returns the states of its last layer only. So the module is run as it is, and then
again layer by layer, each as a one-layer module of the same class with the same parameters. Where
the two agree bit for bit, as they do on a CPU, the second run shows the inside of the first; where
they do not, the layers' recorded inputs say what each was fed.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from .case import Array, Case, DirectionRecord, LayerRecord, Reference, Weights
from .description import Cell, Direction
from .environment import pytorch_environment
from .hdf5_writer import write_case

_CELLS: dict[type, Cell] = {nn.RNN: "rnn", nn.GRU: "gru", nn.LSTM: "lstm"}
_SUFFIXES: dict[Direction, str] = {"forward": "", "backward": "_reverse"}

InitialState: TypeAlias = "Tensor | tuple[Tensor, Tensor]"
"""h0 (L·D, B, H or P), or (h0, c0) for an lstm, as a module takes it."""


@dataclass
class _State:
    """h (D, B, H or P) or (L·D, B, ·), and an lstm's c (…, B, H)."""

    h: Tensor
    c: Tensor | None = None

    @classmethod
    def of(cls, hx: InitialState) -> _State:
        return cls(*hx) if isinstance(hx, tuple) else cls(hx)

    @property
    def hx(self) -> InitialState:
        return self.h if self.c is None else (self.h, self.c)

    def __getitem__(self, index: slice) -> _State:
        return _State(self.h[index], None if self.c is None else self.c[index])

    def in_batch_order(self, order: Tensor) -> _State:
        return _State(self.h[:, order], None if self.c is None else self.c[:, order])


@dataclass
class _Call:
    """One call of one recurrent module: what it was fed and what it returned, time-major."""

    path: str
    module: nn.RNNBase
    input: Tensor  # (T, B, I)
    lengths: Tensor | None  # (B,)
    initial: _State | None  # (L·D, B, ·)
    output: Tensor  # (T, B, ·)
    final: _State  # (L·D, B, ·)


def record_pytorch(
    module: nn.Module | Sequence[nn.RNNBase],
    input: Tensor,
    h0: InitialState | Sequence[InitialState | None] | None = None,
    lengths: Sequence[int] | None = None,
    *,
    name: str = "pytorch",
    case: str = "pytorch",
    path: str | Path | None = None,
) -> Case:
    """Run `module` on `input` and record every recurrent layer; write a fixture if `path` is given.

    module: an nn.RNN, nn.GRU or nn.LSTM; or several, each fed the output of the one before; or any
        module that contains them, called as `module(input)`.
    input: (T, B, I), or (B, T, I) if the module is batch_first.
    h0: as the module takes it: (L·D, B, H), or (h0, c0) for an lstm. One each for several modules.
    lengths: (B,) valid steps of each sequence, which is then packed. h0 and lengths are for
        recurrent modules only: a containing module passes its own.
    """
    modules = [module] if isinstance(module, nn.RNNBase) else module
    with torch.no_grad():
        if isinstance(modules, nn.Module):
            if h0 is not None or lengths is not None:
                raise ValueError("h0 and lengths are for recurrent modules, not for models")
            calls = _observed_calls(modules, input)
        else:
            states = [h0] if isinstance(module, nn.RNNBase) else h0
            calls = _chained_calls(modules, input, states, lengths)
        layers = _recorded_layers(calls)
    recorded_lengths = calls[0].lengths
    reference = Reference(
        name=name,
        framework="pytorch",
        framework_version=torch.__version__.split("+")[0],
        convention="pytorch",
        environment=pytorch_environment(calls[0].input.device.type),
        layers=layers,
    )
    recorded = Case(
        case=case,
        input=_array(calls[0].input),
        references=[reference],
        lengths=None if recorded_lengths is None else _array(recorded_lengths),
    )
    if path is not None:
        write_case(path, recorded)
    return recorded


# Calling


def _chained_calls(
    modules: Sequence[nn.RNNBase],
    input: Tensor,
    states: Sequence[InitialState | None] | None,
    lengths: Sequence[int] | None,
) -> list[_Call]:
    """Each module fed the output of the one before."""
    states = [None] * len(modules) if states is None else list(states)
    if len(states) != len(modules):
        raise ValueError(f"{len(modules)} modules but {len(states)} initial states")
    lengths = None if lengths is None else torch.as_tensor(lengths)
    sequence = _time_major(modules[0], input)
    calls = []
    for index, (module, hx) in enumerate(zip(modules, states)):
        _require_recordable(module)
        initial = None if hx is None else _State.of(hx)
        output, final = _run(module, sequence, lengths, initial)
        path = _CELLS[type(module)] if len(modules) == 1 else f"{_CELLS[type(module)]}.{index}"
        calls.append(_Call(path, module, sequence, lengths, initial, output, final))
        sequence = output
    return calls


def _observed_calls(model: nn.Module, input: Tensor) -> list[_Call]:
    """The calls of every recurrent module inside `model(input)`, in order."""
    calls: list[_Call] = []

    def observe(path: str) -> Callable[[nn.RNNBase, tuple[Any, ...], dict[str, Any], Any], None]:
        def hook(
            module: nn.RNNBase, args: tuple[Any, ...], kwargs: dict[str, Any], returned: Any
        ) -> None:
            _require_recordable(module)
            given = args[0] if args else kwargs["input"]
            hx = args[1] if len(args) > 1 else kwargs.get("hx")
            initial = None if hx is None else _State.of(hx)
            output, final = returned
            sequence, lengths = _unpacked(module, given)
            output, _ = _unpacked(module, output)
            calls.append(_Call(path, module, sequence, lengths, initial, output, _State.of(final)))

        return hook

    handles = [
        module.register_forward_hook(observe(path), with_kwargs=True)
        for path, module in model.named_modules()
        if isinstance(module, nn.RNNBase)
    ]
    try:
        model(input)
    finally:
        for handle in handles:
            handle.remove()
    if not calls:
        raise ValueError("the model called no nn.RNN, nn.GRU or nn.LSTM")
    return calls


def _require_recordable(module: nn.RNNBase) -> None:
    if type(module) not in _CELLS:
        raise TypeError(f"not an nn.RNN, nn.GRU or nn.LSTM: {type(module).__name__}")
    if module.training and module.dropout > 0:
        raise ValueError("dropout is active: call eval() first")


def _time_major(module: nn.RNNBase, sequence: Tensor) -> Tensor:
    if sequence.dim() != 3:
        raise ValueError(f"expected a batch of sequences, three axes, got {sequence.dim()}")
    return sequence.transpose(0, 1) if module.batch_first else sequence


def _unpacked(module: nn.RNNBase, given: Tensor | PackedSequence) -> tuple[Tensor, Tensor | None]:
    """The time-major sequence, and its lengths if it was packed."""
    if isinstance(given, PackedSequence):
        sequence, lengths = pad_packed_sequence(given)
        return sequence, lengths
    return _time_major(module, given), None


def _run(
    module: nn.RNNBase, sequence: Tensor, lengths: Tensor | None, initial: _State | None
) -> tuple[Tensor, _State]:
    """Run on a time-major sequence, packed if it has lengths, and return a time-major output."""
    hx = None if initial is None else initial.hx
    if lengths is not None:
        packed = pack_padded_sequence(sequence, lengths, enforce_sorted=False)
        output, final = module(packed, hx)
        output, _ = pad_packed_sequence(output, total_length=len(sequence))
    else:
        output, final = module(sequence.transpose(0, 1) if module.batch_first else sequence, hx)
        output = _time_major(module, output)
    return output, _State.of(final)


# Layer by layer


def _recorded_layers(calls: list[_Call]) -> list[LayerRecord]:
    """The layers of all modules. A module that read anything but the output below gets `input`."""
    layers: list[LayerRecord] = []
    for index, call in enumerate(calls):
        if not _same_extent(call, calls[0]):
            raise ValueError(f"{call.path}: ran on other timesteps or lengths than {calls[0].path}")
        recorded = _recorded_module(call)
        fed_from_below = index == 0 or np.array_equal(_array(call.input), layers[-1].output)
        if not fed_from_below:
            recorded[0].input = _array(call.input)
        layers += recorded
    return layers


def _same_extent(call: _Call, first: _Call) -> bool:
    """One case has one T, one B and one set of lengths."""
    if call.input.shape[:2] != first.input.shape[:2]:
        return False
    if call.lengths is None or first.lengths is None:
        return call.lengths is first.lengths
    return bool(torch.equal(call.lengths, first.lengths))


def _recorded_module(call: _Call) -> list[LayerRecord]:
    directions = len(_directions(call.module))
    order = _batch_order(call.lengths)
    in_order = call.initial
    if call.initial is not None and order is not None:
        in_order = call.initial.in_batch_order(order)
    sequence, inputs, layers, finals = call.input, [], [], []
    for index in range(call.module.num_layers):
        own = slice(directions * index, directions * (index + 1))
        layer = _one_layer(call.module, index, sequence.shape[2])
        state = None if in_order is None else in_order[own]
        output, final = _run_in_order(layer, sequence, call.lengths, order, state)
        name = call.path if call.module.num_layers == 1 else f"{call.path}.l{index}"
        initial = None if call.initial is None else call.initial[own]
        layers.append(_layer_record(name, layer, sequence, call.lengths, initial, output, final))
        inputs.append(sequence)
        finals.append(final)
        sequence = output
    if not _composes(call, sequence, finals):
        warnings.warn(f"{call.path}: run layer by layer, the module gives other bits")
        for layer, fed in zip(layers, inputs):
            layer.input = _array(fed)
    return layers


def _batch_order(lengths: Tensor | None) -> Tensor | None:
    """The sequences by descending length, as a packed module runs them."""
    return None if lengths is None else torch.sort(lengths, descending=True).indices


def _run_in_order(
    layer: nn.RNNBase,
    sequence: Tensor,
    lengths: Tensor | None,
    order: Tensor | None,
    initial: _State | None,
) -> tuple[Tensor, _State]:
    """`_run`, but `initial` is a slice of the stack's initial state, already in batch order.

    A matrix product may round differently where its operands lie at another alignment. So the
    layer must read its state from where the stack reads it, and not from a reordered copy.
    """
    if lengths is None or order is None:
        return _run(layer, sequence, None, initial)
    restore = torch.argsort(order)
    packed = pack_padded_sequence(sequence[:, order], lengths[order])
    output, final = layer(packed, None if initial is None else initial.hx)
    output, _ = pad_packed_sequence(output, total_length=len(sequence))
    return output[:, restore], _State.of(final).in_batch_order(restore)


def _composes(call: _Call, output: Tensor, finals: list[_State]) -> bool:
    """Whether the layerwise output and final states are the module's own, bit for bit."""
    pairs = [(output, call.output), (torch.cat([final.h for final in finals]), call.final.h)]
    if call.final.c is not None:
        pairs.append((torch.cat([final.c for final in finals]), call.final.c))
    return all(torch.equal(own, whole) for own, whole in pairs)


def _one_layer(
    module: nn.RNNBase, index: int, input_size: int, direction: Direction | None = None
) -> nn.RNNBase:
    """Layer `index` alone, time-major: both its directions, or the given one run forward."""
    options = {"nonlinearity": module.nonlinearity} if isinstance(module, nn.RNN) else {}
    if module.proj_size:
        options["proj_size"] = module.proj_size
    weight = module.weight_ih_l0
    layer = type(module)(
        input_size,
        module.hidden_size,
        bias=module.bias,
        bidirectional=module.bidirectional and direction is None,
        device=weight.device,
        dtype=weight.dtype,
        **options,
    ).eval()
    if direction is not None:
        sources = {"": _SUFFIXES[direction]}
    else:
        sources = {_SUFFIXES[name]: _SUFFIXES[name] for name in _directions(module)}
    layer.load_state_dict(
        {
            f"{kind}_l0{own}": getattr(module, f"{kind}_l{index}{source}")
            for own, source in sources.items()
            for kind in _parameter_kinds(module)
        }
    )
    return layer


def _directions(module: nn.RNNBase) -> list[Direction]:
    return ["forward", "backward"] if module.bidirectional else ["forward"]


def _parameter_kinds(module: nn.RNNBase) -> list[str]:
    biases = ["bias_ih", "bias_hh"] if module.bias else []
    projection = ["weight_hr"] if module.proj_size else []
    return ["weight_ih", "weight_hh", *biases, *projection]


def _layer_record(
    name: str,
    layer: nn.RNNBase,
    sequence: Tensor,
    lengths: Tensor | None,
    initial: _State | None,
    output: Tensor,
    final: _State,
) -> LayerRecord:
    """`layer` has one layer; initial and final are (D, B, ·)."""
    cell = _CELLS[type(layer)]
    names = _directions(layer)
    halves = output.chunk(len(names), dim=2)
    directions: dict[Direction, DirectionRecord] = {}
    for index, direction in enumerate(names):
        state = None if initial is None else initial[index : index + 1]
        h, c = halves[index], None
        if cell == "lstm":
            single = _one_layer(layer, 0, sequence.shape[2], direction)
            stepped_h, c = _stepped(single, direction, sequence, lengths, state)
            h = h if torch.equal(stepped_h, h) else stepped_h
        directions[direction] = DirectionRecord(
            weights=_native_weights(layer, direction),
            h=_array(h),
            c=None if c is None else _array(c),
            initial_h=None if state is None else _array(state.h[0]),
            initial_c=None if state is None or state.c is None else _array(state.c[0]),
            final_h=_array(final.h[index]),
            final_c=None if final.c is None else _array(final.c[index]),
        )
    return LayerRecord(
        name=name,
        cell=cell,
        direction="bidirectional" if layer.bidirectional else "forward",
        hidden_size=layer.hidden_size,
        activation=layer.nonlinearity if cell == "rnn" else "tanh",
        recurrent_activation=None if cell == "rnn" else "sigmoid",
        reset_after=True if cell == "gru" else None,
        projection_size=layer.proj_size or None,
        merge_mode="concat" if layer.bidirectional else None,
        output=_array(output),
        directions=directions,
    )


def _stepped(
    layer: nn.LSTM,
    direction: Direction,
    sequence: Tensor,
    lengths: Tensor | None,
    initial: _State | None,
) -> tuple[Tensor, Tensor]:
    """Every h (T, B, H or P) and c (T, B, H) of a one-directional layer, run with T = 1.

    As in a packed sequence, only the sequences that reach step t take part in it; padding is zero.
    """
    steps, batch, _ = sequence.shape
    # Under autocast the states have another dtype than what they are computed from.
    dtype = layer(sequence[:1])[0].dtype
    options = {"dtype": dtype, "device": sequence.device}
    if initial is None:
        size = layer.proj_size or layer.hidden_size
        initial = _State(
            torch.zeros(1, batch, size, **options),
            torch.zeros(1, batch, layer.hidden_size, **options),
        )
    assert initial.c is not None, "the state of an lstm has a c"
    h, c = initial.h.to(dtype, copy=True), initial.c.to(dtype, copy=True)
    all_h = torch.zeros(steps, *h.shape[1:], **options)
    all_c = torch.zeros(steps, *c.shape[1:], **options)
    for t in range(steps) if direction == "forward" else reversed(range(steps)):
        active = torch.arange(batch) if lengths is None else torch.nonzero(lengths > t)[:, 0]
        if len(active) == 0:
            continue
        hx = (h[:, active].contiguous(), c[:, active].contiguous())
        _, (h[:, active], c[:, active]) = layer(sequence[t : t + 1, active], hx)
        all_h[t, active], all_c[t, active] = h[0, active], c[0, active]
    return all_h, all_c


def _native_weights(layer: nn.RNNBase, direction: Direction) -> Weights:
    return {
        kind: _array(getattr(layer, f"{kind}_l0{_SUFFIXES[direction]}"))
        for kind in _parameter_kinds(layer)
    }


def _array(tensor: Tensor) -> Array:
    """bfloat16, which NumPy does not have, and float16 become float32, which holds them exactly."""
    tensor = tensor.detach().cpu()
    if tensor.dtype in (torch.bfloat16, torch.float16):
        tensor = tensor.float()
    return np.array(tensor)

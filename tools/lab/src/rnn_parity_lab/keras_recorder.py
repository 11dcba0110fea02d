"""Records what keras.layers.SimpleRNN, GRU, LSTM and Bidirectional compute, every state.

A layer in a model returns what the model needs of it, often its last output only. So each layer
is run again on what it was fed, as a copy with the same weights that returns everything, and the
two runs must agree bit for bit.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from .case import Array, Case, DirectionRecord, LayerRecord, Reference, Weights
from .description import Cell, Direction, LayerDirection
from .environment import keras_environment
from .hdf5_writer import write_case

_CELLS: dict[type, Cell] = {keras.layers.SimpleRNN: "rnn", keras.layers.GRU: "gru", keras.layers.LSTM: "lstm"}


@dataclass
class _Call:
    """One call of one recurrent layer: what it was fed and what it returned, batch-major."""

    layer: keras.Layer
    sequence: Array  # (B, T, I)
    mask: Array | None  # (B, T)
    initial: list[Array] | None  # (B, H) each: h, (c), of the forward and then the backward layer
    returned: list[Array]  # the output, then the states if the layer returns them


@dataclass
class _Run:
    """All that one direction of a layer computed, batch-major, in processing order."""

    h: Array  # (B, T, H)
    final: list[Array]  # (B, H) each: h, (c)


def record_keras(
    model: keras.Layer | Sequence[keras.Layer],
    input: Array,
    initial_states: Sequence[Any] | None = None,
    lengths: Sequence[int] | None = None,
    *,
    name: str = "keras",
    case: str = "keras",
    path: str | Path | None = None,
) -> Case:
    """Run `model` on `input` and record every recurrent layer; write a fixture if `path` is given.

    model: a SimpleRNN, GRU, LSTM, or Bidirectional of one; or several, each fed the sequence that
        the one before returned; or a model that contains them, called as `model(input)`.
    input: (B, T, I), or whatever the model takes.
    initial_states: as the layer takes them: [h], [h, c], or those of the forward and then the
        backward direction. One list each for several layers.
    lengths: (B,) valid steps of each sequence, given to the layers as a mask. initial_states and
        lengths are for recurrent layers only: a model makes its own.
    """
    single = _is_recurrent(model)
    if single or isinstance(model, Sequence):
        layers = [model] if single else list(model)
        states = [initial_states] if single else initial_states
        calls = _chained_calls(layers, np.asarray(input), states, lengths)
    elif initial_states is not None or lengths is not None:
        raise ValueError("initial_states and lengths are for recurrent layers, not for models")
    else:
        calls = _observed_calls(model, input)
    reference = Reference(
        name=name,
        framework="keras",
        framework_version=keras.__version__,
        convention="keras",
        environment=keras_environment(),
        layers=_recorded_layers(calls),
    )
    recorded = Case(
        case=case,
        input=_time_major(calls[0].sequence),
        references=[reference],
        lengths=_lengths(calls[0].mask),
    )
    if path is not None:
        write_case(path, recorded)
    return recorded


# Calling


def _chained_calls(
    layers: list[keras.Layer],
    sequence: Array,
    states: Sequence[Sequence[Array] | None] | None,
    lengths: Sequence[int] | None,
) -> list[_Call]:
    """Each layer fed the output of the one before."""
    states = [None] * len(layers) if states is None else states
    if len(states) != len(layers):
        raise ValueError(f"{len(layers)} layers but {len(states)} lists of initial states")
    mask = None
    if lengths is not None:
        mask = np.arange(sequence.shape[1]) < np.asarray(lengths)[:, None]
    calls = []
    for layer, initial in zip(layers, states):
        if not layer.return_sequences:
            raise ValueError(f"{layer.name}: a layer in a list must return sequences")
        returned = _call(layer, sequence, mask, initial)
        calls.append(_Call(layer, sequence, mask, None if initial is None else list(initial), returned))
        sequence = returned[0]
    return calls


def _observed_calls(model: keras.Layer, input: Any) -> list[_Call]:
    """The calls of every recurrent layer inside `model(input)`, in order."""
    calls: list[_Call] = []
    with _observed(model, calls):
        model(input, training=False)
    if not calls:
        raise ValueError("the model called no SimpleRNN, GRU, LSTM or Bidirectional")
    return calls


@contextmanager
def _observed(model: keras.Layer, calls: list[_Call]) -> Iterator[None]:
    """While this lasts, every recurrent layer of `model` adds its calls to `calls`."""
    layers = _outermost_recurrent(model)
    for layer in layers:
        layer.call = _observing(layer, layer.call, calls)
    try:
        yield
    finally:
        for layer in layers:
            del layer.call


def _outermost_recurrent(layer: keras.Layer) -> list[keras.Layer]:
    """A Bidirectional counts, the two layers inside it do not."""
    if _is_recurrent(layer):
        return [layer]
    inner = layer._flatten_layers(include_self=False, recursive=False)
    return [found for child in inner for found in _outermost_recurrent(child)]


def _observing(
    layer: keras.Layer, call: Callable[..., Any], calls: list[_Call]
) -> Callable[..., Any]:
    signature = inspect.signature(call)

    def observing(*arguments: Any, **options: Any) -> Any:
        returned = call(*arguments, **options)
        given = signature.bind(*arguments, **options).arguments
        mask, initial = given.get("mask"), given.get("initial_state")
        calls.append(
            _Call(
                layer,
                _array(given["sequences"]),
                None if mask is None else _array(mask),
                None if initial is None else _arrays(initial),
                _arrays(returned),
            )
        )
        return returned

    return observing


def _call(
    layer: keras.Layer, sequence: Array, mask: Array | None, initial: Sequence[Array] | None
) -> list[Array]:
    initial = None if initial is None else [keras.ops.convert_to_tensor(h) for h in initial]
    mask = None if mask is None else keras.ops.convert_to_tensor(mask)
    sequence = keras.ops.convert_to_tensor(sequence)
    return _arrays(layer(sequence, initial_state=initial, mask=mask, training=False))


# Layer by layer


def _recorded_layers(calls: list[_Call]) -> list[LayerRecord]:
    """A layer that read anything but the output of the one below gets its `input`."""
    records: list[LayerRecord] = []
    for index, call in enumerate(calls):
        if not _same_extent(call, calls[0]):
            name = call.layer.name
            raise ValueError(f"{name}: ran on other timesteps or another mask than the first layer")
        record = _layer_record(call)
        fed = _time_major(call.sequence)
        if index > 0 and not np.array_equal(fed, records[-1].output):
            record.input = fed
        records.append(record)
    return records


def _same_extent(call: _Call, first: _Call) -> bool:
    """One case has one T, one B and one set of lengths."""
    if call.sequence.shape[:2] != first.sequence.shape[:2]:
        return False
    if call.mask is None or first.mask is None:
        return call.mask is first.mask
    return np.array_equal(call.mask, first.mask)


def _layer_record(call: _Call) -> LayerRecord:
    whole = _returning_all(call.layer)
    directions = _direction_layers(whole)
    any_direction = next(iter(directions.values()))
    direction: LayerDirection = next(iter(directions))
    merge_mode = None
    if _is_bidirectional(whole):
        direction, merge_mode = "bidirectional", whole.merge_mode
    output, *final = _call(whole, call.sequence, call.mask, call.initial)
    _warn_unless_same(call, output, final)
    cell = _CELLS[type(any_direction)]
    return LayerRecord(
        name=call.layer.name,
        cell=cell,
        direction=direction,
        hidden_size=any_direction.units,
        activation=_activation(any_direction.activation),
        recurrent_activation=None
        if cell == "rnn"
        else _activation(any_direction.recurrent_activation),
        reset_after=any_direction.reset_after if cell == "gru" else None,
        merge_mode=merge_mode,
        output=_input_time(direction, output),
        directions=_direction_records(call, directions, merge_mode, output, final),
    )


def _direction_records(
    call: _Call,
    layers: dict[Direction, keras.layers.RNN],
    merge_mode: str | None,
    output: Array,
    final: list[Array],
) -> dict[Direction, DirectionRecord]:
    """Each direction by itself. The halves of a concatenation are its h; other merges hide it."""
    count = len(final) // len(layers)
    records: dict[Direction, DirectionRecord] = {}
    for index, (direction, layer) in enumerate(layers.items()):
        own = slice(index * count, (index + 1) * count)
        initial = None if call.initial is None else call.initial[own]
        if merge_mode == "concat":
            h = _time_major(np.split(output, 2, axis=2)[index])
        else:
            alone, *_ = _call(layer, call.sequence, call.mask, initial)
            h = _input_time(direction, alone)
        record = DirectionRecord(_native_weights(layer), h, final_h=final[own][0])
        if initial is not None:
            record.initial_h = initial[0]
        if isinstance(layer, keras.layers.LSTM):
            _add_cell_state(record, layer, direction, call, initial, final[own][1])
        records[direction] = record
    return records


def _add_cell_state(
    record: DirectionRecord,
    layer: keras.layers.LSTM,
    direction: Direction,
    call: _Call,
    initial: list[Array] | None,
    final_c: Array,
) -> None:
    """The layer returns its last c only: every c comes from stepping it.

    h and c must be of one run: where the stepped h has other bits, it replaces the recorded one.
    """
    stepped_h, record.c = _stepped(layer, direction, call.sequence, call.mask, initial)
    valid = np.ones(stepped_h.shape[:2], bool) if call.mask is None else call.mask.T
    if not np.array_equal(stepped_h[valid], record.h[valid]):
        record.h = stepped_h
    record.initial_c = None if initial is None else initial[1]
    record.final_c = final_c


def _stepped(
    layer: keras.layers.LSTM,
    direction: Direction,
    sequence: Array,
    mask: Array | None,
    initial: list[Array] | None,
) -> tuple[Array, Array]:
    """Every h and c (T, B, H) of a one-directional layer, run with T = 1."""
    batch, steps, _ = sequence.shape
    states = initial or [np.zeros((batch, layer.units), sequence.dtype)] * 2
    all_h = np.empty((steps, batch, layer.units), sequence.dtype)
    all_c = np.empty_like(all_h)
    for t in range(steps) if direction == "forward" else reversed(range(steps)):
        step_mask = None if mask is None else mask[:, t : t + 1]
        _, *states = _call(layer, sequence[:, t : t + 1], step_mask, states)
        all_h[t], all_c[t] = states
    return all_h, all_c


def _warn_unless_same(call: _Call, output: Array, final: list[Array]) -> None:
    """Compare with what the layer itself returned."""
    if call.layer.return_sequences:
        expected = output
    elif _is_bidirectional(call.layer):
        expected = _MERGES[call.layer.merge_mode](final[0], final[len(final) // 2])
    else:
        expected = final[0]
    if not np.array_equal(call.returned[0], expected):
        warnings.warn(f"{call.layer.name}: run again, the layer gives other bits")


_MERGES: dict[str, Callable[[Array, Array], Array]] = {
    "concat": lambda forward, backward: np.concatenate([forward, backward], axis=1),
    "sum": lambda forward, backward: forward + backward,
    "mul": lambda forward, backward: forward * backward,
    "ave": lambda forward, backward: (forward + backward) / 2,
}


# Layers


def _is_bidirectional(layer: keras.Layer) -> bool:
    return isinstance(layer, keras.layers.Bidirectional)


def _is_recurrent(layer: Any) -> bool:
    return _is_bidirectional(layer) or type(layer) in _CELLS


def _direction_layers(layer: keras.Layer) -> dict[Direction, keras.layers.RNN]:
    directions: dict[Direction, keras.layers.RNN]
    if _is_bidirectional(layer):
        if layer.merge_mode not in _MERGES:
            raise ValueError(f"{layer.name}: merge mode {layer.merge_mode} has no single output")
        if layer.forward_layer.go_backwards:
            raise ValueError(f"{layer.name}: the forward layer goes backwards")
        directions = {"forward": layer.forward_layer, "backward": layer.backward_layer}
    else:
        directions = {"backward" if layer.go_backwards else "forward": layer}
    for direction in directions.values():
        if type(direction) not in _CELLS:
            raise TypeError(f"not a SimpleRNN, GRU or LSTM: {type(direction).__name__}")
        if direction.stateful:
            raise ValueError(f"{direction.name}: a stateful layer has no stated initial state")
    return directions


def _returning_all(layer: keras.Layer) -> keras.Layer:
    """A copy with the same weights that returns every output and the final states."""
    directions = [
        type(direction).from_config(
            direction.get_config() | {"return_sequences": True, "return_state": True}
        )
        for direction in _direction_layers(layer).values()
    ]
    copy = directions[0]
    if _is_bidirectional(layer):
        copy = keras.layers.Bidirectional(
            directions[0], layer.merge_mode, backward_layer=directions[1], dtype=layer.dtype_policy
        )
    input_size = layer.get_weights()[0].shape[0]
    copy.build((None, None, input_size))
    copy.set_weights(layer.get_weights())
    return copy


def _native_weights(layer: keras.layers.RNN) -> Weights:
    return {weight.name: _array(weight) for weight in layer.weights}


def _activation(function: Any) -> str:
    name = keras.activations.serialize(function)
    if not isinstance(name, str):
        raise ValueError(f"a custom activation: {name}")
    return name


# Axes


def _input_time(direction: str, sequence: Array) -> Array:
    """(B, T, ·) as the layer returned it to (T, B, ·): a go_backwards layer returns it reversed."""
    sequence = _time_major(sequence)
    return sequence[::-1] if direction == "backward" else sequence


def _time_major(sequence: Array) -> Array:
    return np.swapaxes(sequence, 0, 1)


def _lengths(mask: Array | None) -> Array | None:
    """(B,) from a mask (B, T), which must be valid first and then not."""
    if mask is None:
        return None
    lengths = mask.sum(axis=1)
    if not np.array_equal(mask, np.arange(mask.shape[1]) < lengths[:, None]):
        raise ValueError("the mask has valid steps after masked ones")
    return np.asarray(lengths)


def _array(tensor: Any) -> Array:
    """bfloat16, which HDF5 does not have, and float16 become float32, which holds them exactly."""
    if keras.backend.standardize_dtype(tensor.dtype) in ("bfloat16", "float16"):
        tensor = keras.ops.cast(tensor, "float32")
    return np.array(keras.ops.convert_to_numpy(tensor))


def _arrays(tensors: Any) -> list[Array]:
    return (
        [_array(tensor) for tensor in tensors]
        if isinstance(tensors, (list, tuple))
        else [_array(tensors)]
    )

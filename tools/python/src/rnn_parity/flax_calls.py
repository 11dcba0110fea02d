"""What a recurrent module of flax was given and returned, in the axes of the format.

Works on NumPy arrays and on arrays that are being traced alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np

from .case import Array, RecordedLayer, RecordedPass, Source, States
from .flax_cells import CellOptions, host
from .given import Pin

Arrays = dict[str, Any]
Step = Callable[[Any, Any], tuple[Any, Any]]
"""A cell: (carry, input (B, I)) to (carry, output)."""


@dataclass(frozen=True)
class SeenPass:
    """One direction of one call.

    arrays: input (T, B, I), output (T, B, H) in input time; h0, c0, hn, cn (B, H); lengths (B); those that
        were shown. All but `lengths` in the order of the sequence.
    step: runs the cell once more, for the c that an RNN does not return; None where all was shown.
    """

    name: str
    key: object
    direction: Literal["forward", "backward"]
    options: CellOptions
    weights: Mapping[str, Array]
    arrays: Arrays
    step: Step | None = None


@dataclass(frozen=True)
class SeenCall:
    """A layer's call: one pass, or the two of a Bidirectional with their merged output."""

    name: str
    key: object
    passes: tuple[SeenPass, ...]
    merged: Arrays = field(default_factory=dict)
    merge_mode: Literal["concat", "sum", "mul", "ave"] | None = None


def time_major(values: Any, batch_axes: int, is_time_major: bool) -> Any:
    """(*batch, T, ·) or (T, *batch, ·) as (T, B, ·)."""
    moved = values if is_time_major else jnp.moveaxis(values, batch_axes, 0)
    return moved.reshape(moved.shape[0], -1, moved.shape[-1])


def as_returned(sequence: Any, like: Any, is_time_major: bool) -> Any:
    """The inverse of `time_major`, in the shape and format of `like`."""
    if is_time_major:
        return jnp.asarray(sequence).reshape(like.shape).astype(like.dtype)
    steps = like.shape[-2]
    shaped = jnp.asarray(sequence).reshape(steps, *like.shape[:-2], like.shape[-1])
    return jnp.moveaxis(shaped, 0, -2).astype(like.dtype)


def rows(values: Any) -> Any:
    """(*batch, H) as (B, H)."""
    return values.reshape(-1, values.shape[-1])


def carry_arrays(carry: Any, h: str, c: str) -> Arrays:
    """The states of a carry, h or (c, h), by those names."""
    if isinstance(carry, (tuple, list)):
        return {c: rows(carry[0]), h: rows(carry[1])}
    return {h: rows(carry)}


def recorded_layer(call: SeenCall, source: Callable[[States | None], Source | None]) -> RecordedLayer:
    """The layer of a call whose arrays are values.

    source: tells where initial states come from.
    """
    first = call.passes[0]
    arrays = {name: host(values) for name, values in first.arrays.items()}
    lengths = arrays.get("lengths")
    if lengths is not None and (lengths >= len(arrays["input"])).all():
        lengths = None
    passes: dict[str, RecordedPass] = {one.direction: _recorded_pass(one, source) for one in call.passes}
    if len(call.passes) == 2:
        second = call.passes[1].options
        passes["backward"] = replace(
            passes["backward"],
            activation=None if second.activation == first.options.activation else second.activation,
            recurrent_activation=None
            if second.recurrent_activation == first.options.recurrent_activation
            else second.recurrent_activation,
        )
    merged = call.merged.get("output")
    wide = _wide_carry(first)
    return RecordedLayer(
        name=call.name,
        module=call.name,
        cell=first.options.cell,
        hidden_size=arrays["output"].shape[2],
        passes=passes,
        input=arrays["input"],
        output=arrays["output"] if merged is None else host(merged),
        lengths=lengths,
        activation=first.options.activation,
        recurrent_activation=first.options.recurrent_activation,
        reset_after=True if first.options.cell == "gru" else None,
        merge_mode=call.merge_mode,
        precision=None if wide else first.options.precision,
        other_options={name: value for one in call.passes for name, value in one.options.other.items()}
        | ({"dtype": wide} if wide else {}),
    )


def _recorded_pass(seen: SeenPass, source: Callable[[States | None], Source | None]) -> RecordedPass:
    arrays = {name: host(values) for name, values in seen.arrays.items()}
    initial = States(arrays["h0"], arrays.get("c0")) if "h0" in arrays else None
    final = States(arrays["hn"], arrays.get("cn")) if "hn" in arrays else None
    if "lengths" in arrays and (arrays["lengths"] == 0).any():
        # Flax returns the carry of the last padded step for an empty sequence, for which the format has
        # no word: the carry is compared where it is read, or returned by the model.
        final = None
    h, c = arrays["output"], arrays.get("c")
    if seen.options.cell == "lstm" and c is None and seen.step is not None:
        stepped_h, c = _stepped(seen)
        h = h if stepped_h.tobytes() == h.tobytes() else stepped_h
    return RecordedPass(weights=seen.weights, h=h, c=c, initial=initial, final=final, source=source(initial))


def _wide_carry(seen: SeenPass) -> str | None:
    """What a lower `dtype` is called beside a carry that stays in the format of the parameters.

    XLA then leaves out as many of the lower roundings as it likes, for which the format has no word.
    """
    lower = (seen.options.precision or "").removeprefix("mixed-")
    carried = seen.arrays["output"].dtype.name
    if lower == seen.options.precision or not lower or carried == lower:
        return None
    return f"{lower} beside a carry of {carried}"


def _stepped(seen: SeenPass) -> tuple[Array, Array]:
    """h and c (T, B, H) of every step, from the cell in a scan, as `RNN` runs it."""
    arrays = seen.arrays
    order = _processing_order(arrays, seen.direction)
    sequence = np.take_along_axis(np.asarray(arrays["input"]), order[:, :, None], axis=0)
    step = seen.step
    assert step is not None

    def body(carry: Any, x: Any) -> tuple[Any, Any]:
        after, _ = step(carry, x)
        return after, after

    carry = (jnp.asarray(arrays["c0"]), jnp.asarray(arrays["h0"]))
    _, (c, h) = jax.lax.scan(body, carry, jnp.asarray(sequence))
    back = np.argsort(order, axis=0)[:, :, None]
    return (
        np.take_along_axis(host(h), back, axis=0),
        np.take_along_axis(host(c), back, axis=0),
    )


def _processing_order(arrays: Arrays, direction: str) -> Array:
    """(T, B): the input time of each step; padding comes last, as flax flips sequences."""
    steps, batch = arrays["input"].shape[:2]
    times = np.repeat(np.arange(steps)[:, None], batch, axis=1)
    if direction == "forward":
        return times
    lengths = np.asarray(arrays.get("lengths", np.full(batch, steps)))
    order: Array = (steps - 1 - times + lengths[None, :]) % steps
    return order


def pinned_output(seen: SeenPass, pin: Pin, place: int) -> Any:
    """(T, B, H) in input time: the pin's values, the own ones at invalid steps."""
    values = pin.h[place]
    if pin.valid is None:
        return values
    return jnp.where(pin.valid[:, :, None], values, seen.arrays["output"])

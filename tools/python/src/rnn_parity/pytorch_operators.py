"""PyTorch's recurrent operators: a call parsed, one of its layers run again, an lstm layer stepped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from .pytorch_steps import Step, packed_step

Cell = Literal["rnn", "gru", "lstm"]

_CELLS: dict[str, Cell] = {"rnn_tanh": "rnn", "rnn_relu": "rnn", "gru": "gru", "lstm": "lstm"}
_OPTIONS = ["hx", "params", "has_biases", "num_layers", "dropout", "train", "bidirectional"]
_PADDED = ["input", *_OPTIONS, "batch_first"]
_PACKED = ["data", "batch_sizes", *_OPTIONS]
_STEP = ["input", "hx", "w_ih", "w_hh", "b_ih", "b_hh"]


@dataclass(frozen=True)
class Sequences:
    """data: (T, B, I); or, with batch_sizes (T), packed (sum of batch_sizes, I), longest sequence first."""

    data: Tensor
    batch_sizes: tuple[int, ...] | None = None

    @property
    def steps(self) -> int:
        """T, of the longest sequence."""
        return len(self.data) if self.batch_sizes is None else len(self.batch_sizes)

    @property
    def batch(self) -> int:
        """B."""
        return int(self.data.shape[1]) if self.batch_sizes is None else self.batch_sizes[0]

    def like(self, data: Tensor) -> Sequences:
        """Other values of the same sequences."""
        return Sequences(data, self.batch_sizes)

    def padded(self) -> Tensor:
        """(T, B, I), zeros where a sequence has ended."""
        if self.batch_sizes is None:
            return self.data
        padded = self.data.new_zeros(self.steps, self.batch, *self.data.shape[1:])
        for step, rows in enumerate(self.data.split(self.batch_sizes)):
            padded[step, : len(rows)] = rows
        return padded

    def packing(self, padded: Tensor) -> Tensor:
        """`padded` (T, B, ·) in the layout of `data`."""
        if self.batch_sizes is None:
            return padded
        return torch.cat([padded[step, :size] for step, size in enumerate(self.batch_sizes)])

    def lengths(self) -> Tensor | None:
        """(B): valid steps of each sequence, if packed."""
        if self.batch_sizes is None:
            return None
        sizes = torch.tensor(self.batch_sizes)
        return (sizes[None, :] > torch.arange(self.batch)[:, None]).sum(dim=1)


@dataclass(frozen=True)
class Operator:
    """One call of torch.lstm, gru, rnn_tanh, rnn_relu or of one of the *_cell functions.

    states: h (L·D, B, S) and, for an lstm, c (L·D, B, H), as passed.
    weights: tensors of each layer and direction, by kind: [layer][direction].
    """

    function: Callable[..., Any]
    name: str
    is_cell: bool
    sequences: Sequences
    states: tuple[Tensor, ...]
    params: tuple[Tensor, ...]
    weights: tuple[tuple[Mapping[str, Tensor], ...], ...]
    has_biases: bool
    dropout: float
    train: bool
    batch_first: bool

    @property
    def cell(self) -> Cell:
        """The format's name of the cell."""
        return _CELLS[self.name.removesuffix("_cell")]

    @property
    def activation(self) -> str:
        """relu or tanh."""
        return "relu" if self.name.startswith("rnn_relu") else "tanh"

    @property
    def hidden_size(self) -> int:
        """H."""
        gates = {"rnn": 1, "gru": 3, "lstm": 4}[self.cell]
        return int(self.weights[0][0]["weight_ih"].shape[0]) // gates

    @property
    def projection_size(self) -> int | None:
        """P, if there is a projection."""
        projection = self.weights[0][0].get("weight_hr")
        return None if projection is None else int(projection.shape[0])

    @property
    def directions(self) -> tuple[Literal["forward", "backward"], ...]:
        """The directions of each layer."""
        return ("forward", "backward") if len(self.weights[0]) == 2 else ("forward",)

    def run_layer(
        self, layer: int, sequences: Sequences, states: Sequence[Tensor], direction: int | None = None
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Layer `layer` alone, by the same function: its output, laid out as its input, and final states.

        states: h and c (D, B, ·).   direction: run only this one, forward in time.
        """
        if self.is_cell:
            hx = tuple(state[0] for state in states)
            found = self.function(sequences.data[0], hx if self.cell == "lstm" else hx[0], *self.params)
            finals = found if self.cell == "lstm" else (found,)
            return finals[0][None], tuple(final[None] for final in finals)
        own = self.weights[layer] if direction is None else (self.weights[layer][direction],)
        hx = tuple(state.contiguous() for state in states)
        packed = [] if sequences.batch_sizes is None else [torch.tensor(sequences.batch_sizes)]
        output, *finals = self.function(
            sequences.data,
            *packed,
            hx if self.cell == "lstm" else hx[0],
            [tensor for kinds in own for tensor in kinds.values()],
            self.has_biases,
            1,
            0.0,
            self.train,
            len(own) == 2,
            *([] if packed else [False]),
        )
        return output, tuple(finals)

    def step_layer(
        self, layer: int, direction: int, sequences: Sequences, states: Sequence[Tensor]
    ) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
        """Every h and c of one direction of an lstm layer, run one step at a time, and the final states.

        states: h (1, B, S) and c (1, B, H).   Returns h and c laid out as `sequences.data`.
        Of packed sequences only those that reach step t take part in it.
        """
        rows = sequences.data.split(sequences.batch_sizes) if sequences.batch_sizes else sequences.data
        order = range(sequences.steps) if direction == 0 else reversed(range(sequences.steps))
        every_h: list[Tensor] = [sequences.data] * sequences.steps
        every_c: list[Tensor] = [sequences.data] * sequences.steps
        h, c = states[0].contiguous(), states[1].contiguous()

        def operator_step(fed: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
            _, (new_h, new_c) = self.run_layer(layer, Sequences(fed), (h, c), direction)
            return new_h.detach(), new_c.detach()

        take: Step = operator_step
        if sequences.batch_sizes is None:
            take = packed_step(self.weights[layer][direction], sequences.data[:1], operator_step)
        for step in order:
            count = len(rows[step])
            new_h, new_c = take(rows[step][None], h[:, :count], c[:, :count])
            every_h[step], every_c[step] = new_h[0], new_c[0]
            # Under autocast the states have another format than what they are computed from.
            h = new_h if count == sequences.batch else torch.cat([new_h, h[:, count:].to(new_h.dtype)], 1)
            c = new_c if count == sequences.batch else torch.cat([new_c, c[:, count:].to(new_c.dtype)], 1)
        join = torch.stack if sequences.batch_sizes is None else torch.cat
        return join(every_h), join(every_c), (h, c)


def parse(function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Operator | None:
    """The call as an operator, if it is one."""
    name = getattr(function, "__name__", "")
    if name.removesuffix("_cell") not in _CELLS:
        return None
    if name.endswith("_cell"):
        return _parse_step(function, name, dict(zip(_STEP, args), **kwargs))
    packed = "batch_sizes" in kwargs or (
        isinstance(args[1], Tensor) and (name == "lstm" or isinstance(args[2], Tensor))
    )
    given = dict(zip(_PACKED if packed else _PADDED, args), **kwargs)
    params, biased = tuple(given["params"]), bool(given["has_biases"])
    layers, directions = int(given["num_layers"]), 2 if given["bidirectional"] else 1
    hx = given["hx"]
    batch_first = bool(given.get("batch_first", False))
    if packed:
        sequences = Sequences(given["data"], tuple(given["batch_sizes"].tolist()))
    else:
        sequences = Sequences(given["input"].transpose(0, 1) if batch_first else given["input"])
    return Operator(
        function=function,
        name=name,
        is_cell=False,
        sequences=sequences,
        states=tuple(hx) if name == "lstm" else (hx,),
        params=params,
        weights=_by_layer(params, biased, layers, directions),
        has_biases=biased,
        dropout=float(given["dropout"]),
        train=bool(given["train"]),
        batch_first=batch_first,
    )


def _parse_step(function: Any, name: str, given: dict[str, Any]) -> Operator:
    params = tuple(given.get(kind) for kind in _STEP[2:])
    present = tuple(tensor for tensor in params if tensor is not None)
    hx = given["hx"] if name == "lstm_cell" else (given["hx"],)
    return Operator(
        function=function,
        name=name,
        is_cell=True,
        sequences=Sequences(_batched(given["input"])[None]),
        states=tuple(_batched(state)[None] for state in hx),
        params=params,
        weights=_by_layer(present, len(present) == 4, 1, 1),
        has_biases=len(present) == 4,
        dropout=0.0,
        train=False,
        batch_first=False,
    )


def _batched(tensor: Tensor) -> Tensor:
    return tensor[None] if tensor.dim() == 1 else tensor


def _by_layer(
    params: tuple[Tensor, ...], biased: bool, layers: int, directions: int
) -> tuple[tuple[Mapping[str, Tensor], ...], ...]:
    kinds = ["weight_ih", "weight_hh", *(["bias_ih", "bias_hh"] if biased else [])]
    count = len(params) // (layers * directions)
    if count == len(kinds) + 1:
        kinds.append("weight_hr")
    groups = [dict(zip(kinds, params[start : start + count])) for start in range(0, len(params), count)]
    return tuple(tuple(groups[k * directions : (k + 1) * directions]) for k in range(layers))

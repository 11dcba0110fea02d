"""Runs in the real frameworks, and what a file says of them.

A wrong port is recorded beside its original: `join` of `rnn_parity`. What went wrong inside of a framework,
or in a loop written by hand, is recorded as its user would: the states of the run, under the weights, initial
states and options that were meant (`declared`, `returned`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from rnn_parity import Case, RecordedLayer, RecordedPass, Reference, States, record_keras, record_onnx
from torch import nn

from ..case import Array, Weights
from ..models.parameters import draw_parameters
from ..without_gradients import record_pytorch

STEPS, BATCH, INPUT, HIDDEN = 7, 3, 5, 6


def sequence(seed: int, steps: int = STEPS, batch: int = BATCH, size: int = INPUT) -> Array:
    """(T, B, I) float32."""
    return np.random.default_rng([seed, 1]).uniform(-1.5, 1.5, (steps, batch, size)).astype(np.float32)


def states(seed: int, count: int = 1, batch: int = BATCH, size: int = HIDDEN) -> Array:
    """(L·D, B, H) float32: one kind of initial states."""
    return np.random.default_rng([seed, 2]).uniform(-1, 1, (count, batch, size)).astype(np.float32)


def drawn(module: nn.Module, seed: int) -> Any:
    """The module with parameters drawn, ready for inference."""
    draw_parameters(module, seed)
    return module.eval()


def pytorch(module: Any, x: Array, h0: Any = None, name: str = "pytorch", **options: Any) -> Case:
    """x: (T, B, I).   h0: (L·D, B, H), of an LSTM two of them."""
    given = tuple(map(torch.tensor, h0)) if isinstance(h0, tuple) else h0
    given = torch.tensor(h0) if isinstance(h0, np.ndarray) else given
    return bare(record_pytorch(module, torch.tensor(x), h0=given, spread=0, name=name, **options))


def keras(layer: Any, x: Array, h0: Sequence[Array] | None = None, name: str = "keras") -> Case:
    """x: (T, B, I).   h0: (B, H) each."""
    return bare(record_keras(layer, np.swapaxes(x, 0, 1), initial_states=h0, spread=0, name=name))


def record_keras_model(model: Any, x: Array) -> Case:
    """A model that masks its input (T, B, I)."""
    return bare(record_keras(model, np.swapaxes(x, 0, 1), spread=0))


def onnx(model: Any, x: Array, states: Mapping[str, Array] | None = None, name: str = "onnxruntime") -> Case:
    """x: (T, B, I).   states: the node's other inputs, by their names."""
    return bare(record_onnx(model, {"X": x, **(states or {})}, spread=0, name=name))


def bare(case: Case) -> Case:
    """Its recurrent layers alone, each reading the one below where it did."""
    (reference,) = case.references
    first, *others = reference.layers
    layers = [replace(first, input=None, lengths=None, mask=None)]
    for layer in others:
        below = layers[-1].output
        reads_below = below is not None and layer.input is not None and np.array_equal(layer.input, below)
        layers.append(replace(layer, input=None, lengths=None, mask=None) if reads_below else layer)
    return replace(
        case,
        references=(replace(reference, layers=tuple(layers), model=None),),
        input=case.input if first.input is None else first.input,
        lengths=case.lengths if first.lengths is None else first.lengths,
        mask=case.mask if first.mask is None else first.mask,
    )


def declared(original: Case, run: Case) -> Case:
    """What `run` computed, as if by the weights, initial states and options of `original`."""
    (meant,), (ran,) = original.references, run.references
    layers = [_declared(*pair) for pair in zip(meant.layers, ran.layers, strict=True)]
    return _of(original, replace(ran, name=ran.framework, convention=meant.convention, layers=tuple(layers)))


def _declared(meant: RecordedLayer, ran: RecordedLayer) -> RecordedLayer:
    passes = {
        direction: replace(meant.passes[direction], h=own.h, c=own.c, final=own.final)
        for direction, own in ran.passes.items()
    }
    return replace(meant, output=ran.output, passes=passes)


def with_layer(original: Case, index: int, run: Case) -> Case:
    """`original`, whose layer `index` computed what the one layer of `run` did."""
    (meant,), (ran,) = original.references, run.references
    layers = list(meant.layers)
    layers[index] = _declared(layers[index], ran.layers[0])
    return _of(original, replace(meant, layers=tuple(layers)))


def returned(original: Case, h: Array, c: Array | None = None, layer: int = 0) -> Case:
    """`original`, whose one-way layer returned h (T, B, H), and c where there is one."""
    final = States(h[-1], None if c is None else c[-1])
    return changed(original, layer, lambda own: replace(own, h=h, c=c, final=final), output=h)


def changed(original: Case, layer: int, change: Any, direction: str = "forward", **attributes: Any) -> Case:
    """`original` with another pass in one layer, and other attributes of that layer."""
    (reference,) = original.references
    layers = list(reference.layers)
    passes = dict(layers[layer].passes)
    passes[direction] = change(passes[direction])
    layers[layer] = replace(layers[layer], passes=passes, **attributes)
    return _of(original, replace(reference, layers=tuple(layers)))


def output_only(case: Case, final: bool = False) -> Case:
    """What the layers returned, and no state; the last one's final state alone where `final`."""
    (reference,) = case.references
    *below, last = reference.layers
    layers = [replace(layer, output=None, passes=_stateless(layer)) for layer in below]
    passes = {
        name: replace(own, h=None, c=None, final=States(own.final.h) if final and own.final else None)
        for name, own in last.passes.items()
    }
    layers.append(replace(last, output=None if final else last.output, passes=passes))
    return _of(case, replace(reference, layers=tuple(layers)))


def _stateless(layer: RecordedLayer) -> dict[str, RecordedPass]:
    return {name: replace(own, h=None, c=None, final=None) for name, own in layer.passes.items()}


def _of(case: Case, reference: Reference) -> Case:
    return replace(case, references=(reference,))


def parameters(module: Any, layer: int = 0, reverse: bool = False) -> Weights:
    """weight_ih, weight_hh, bias_ih and bias_hh of one layer and direction of a PyTorch module."""
    suffix = f"_l{layer}" + "_reverse" * reverse
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return {name: np.array(getattr(module, name + suffix).detach()) for name in names}


def with_forget_bias(weights: Weights) -> Weights:
    """Keras's weights of an LSTM with 1 added to the forget gate's bias, (4·H)."""
    bias = weights["bias"]
    return weights | {"bias": bias + np.repeat(np.array([0, 1, 0, 0], bias.dtype), len(bias) // 4)}


def set_parameters(module: Any, weights: Mapping[str, Array], layer: int = 0, reverse: bool = False) -> None:
    """The reverse of `parameters`; only those that are there."""
    suffix = f"_l{layer}" + "_reverse" * reverse
    with torch.no_grad():
        for name, values in weights.items():
            getattr(module, name + suffix).copy_(torch.tensor(values))


def array(tensor: torch.Tensor) -> Array:
    """A copy of its numbers."""
    return np.array(tensor.detach())

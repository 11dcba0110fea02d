"""A model as PyTorch modules; and what training made of their weights."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ..case import Array, Weights
from . import steps
from .steps import Model, Step

_ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": torch.relu,
    "tanh": torch.tanh,
    "gelu": functional.gelu,
    "gelu_tanh": partial(functional.gelu, approximate="tanh"),
    "sigmoid": torch.sigmoid,
    "hard_sigmoid": functional.hardsigmoid,
}


class PyTorchModel(nn.Module):
    """The steps in a row."""

    def __init__(self, model: Model):
        super().__init__()
        self.steps = _modules(model.steps)

    def forward(self, x: Tensor, target: Tensor | None = None) -> Tensor:
        """What the last step returns.   x: (B, T, I) or (B, T)   target: the decoder's (B, T', I')"""
        for step in self.steps:
            x = step(x, target) if isinstance(step, _SequenceToSequence) else step(x)
        return x

    def trained(self) -> tuple[Step, ...]:
        """The steps with the weights of now."""
        return tuple(module.step() for module in self.steps)


def inputs(model: Model) -> list[Tensor]:
    """As the model takes them, by position."""
    return [torch.tensor(array) for array in model.inputs]


def _modules(parts: tuple[Step, ...]) -> nn.ModuleList:
    return nn.ModuleList(_module(step) for step in parts)


def _array(tensor: Tensor) -> Array:
    return np.array(tensor.detach())


def _set(module: nn.Module, weights: dict[str, Array]) -> None:
    module.load_state_dict({name: torch.tensor(values) for name, values in weights.items()}, False)


class _Dense(nn.Linear):
    def __init__(self, step: steps.Dense):
        super().__init__(*step.kernel.shape)
        self.activation = step.activation
        _set(self, {"weight": step.kernel.T.copy(), "bias": step.bias})

    def forward(self, x: Tensor) -> Tensor:
        return _ACTIVATIONS[self.activation](super().forward(x))

    def step(self) -> steps.Dense:
        return steps.Dense(_array(self.weight).T.copy(), _array(self.bias), self.activation)


class _Convolution(nn.Conv1d):
    def __init__(self, step: steps.Convolution):
        width, channels, outputs = step.kernel.shape
        super().__init__(channels, outputs, width, padding=width // 2)
        self.activation = step.activation
        _set(self, {"weight": step.kernel.transpose(2, 1, 0).copy(), "bias": step.bias})

    def forward(self, x: Tensor) -> Tensor:
        return _ACTIVATIONS[self.activation](super().forward(x.mT).mT)

    def step(self) -> steps.Convolution:
        kernel = _array(self.weight).transpose(2, 1, 0).copy()
        return steps.Convolution(kernel, _array(self.bias), self.activation)


class _LayerNorm(nn.LayerNorm):
    def __init__(self, step: steps.LayerNorm):
        super().__init__(step.scale.shape, step.epsilon)
        self.squares = step.squares
        _set(self, {"weight": step.scale, "bias": step.offset})

    def forward(self, x: Tensor) -> Tensor:
        if not self.squares:
            return super().forward(x)
        mean = x.mean(-1, keepdim=True)
        variance = (x * x).mean(-1, keepdim=True) - mean * mean
        return (x - mean) * torch.rsqrt(variance.clamp(min=0) + self.eps) * self.weight + self.bias

    def step(self) -> steps.LayerNorm:
        return steps.LayerNorm(_array(self.weight), _array(self.bias), self.eps, self.squares)


class _BatchNorm(nn.BatchNorm1d):
    def __init__(self, step: steps.BatchNorm):
        super().__init__(len(step.scale), step.epsilon)
        statistics = {"running_mean": step.mean, "running_var": step.variance}
        _set(self, {"weight": step.scale, "bias": step.offset} | statistics)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.mT).mT if x.ndim == 3 else super().forward(x)

    def step(self) -> steps.BatchNorm:
        scale, offset = _array(self.weight), _array(self.bias)
        mean, variance = _array(self.running_mean), _array(self.running_var)
        return steps.BatchNorm(scale, offset, mean, variance, self.eps)


class _Embedding(nn.Embedding):
    def __init__(self, step: steps.Embedding):
        super().__init__(*step.table.shape)
        _set(self, {"weight": step.table})

    def step(self) -> steps.Embedding:
        return steps.Embedding(_array(self.weight))


_SUFFIXES = ("_l0", "_l0_reverse")


class _Recurrent(nn.Module):
    def __init__(self, step: steps.Recurrent):
        super().__init__()
        self.cell = step.cell
        self.rnn = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[step.cell](
            step.input_size,
            step.hidden_size,
            batch_first=True,
            bidirectional=len(step.ways) == 2,
        )
        ways = zip(_SUFFIXES, step.ways)
        _set(self.rnn, {name + end: values for end, way in ways for name, values in way.items()})

    def forward(self, x: Tensor) -> Tensor:
        return self.rnn(x)[0]

    def step(self) -> steps.Recurrent:
        return steps.Recurrent(
            self.cell, tuple(self._way(end) for end in _SUFFIXES[: 1 + self.rnn.bidirectional])
        )

    def _way(self, end: str) -> Weights:
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        return {name: _array(getattr(self.rnn, name + end)) for name in names}


class _SequenceToSequence(nn.Module):
    def __init__(self, step: steps.SequenceToSequence):
        super().__init__()
        self.encoder = _Recurrent(step.encoder)
        self.bridges = nn.ModuleList(map(_Dense, step.bridges))
        self.decoder = _Recurrent(step.decoder)

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        _, state = self.encoder.rnn(x)
        if isinstance(state, tuple):
            state = tuple(bridge(part) for bridge, part in zip(self.bridges, state))
        else:
            state = self.bridges[0](state)
        return self.decoder.rnn(target, state)[0]

    def step(self) -> steps.SequenceToSequence:
        bridges = tuple(bridge.step() for bridge in self.bridges)
        return steps.SequenceToSequence(self.encoder.step(), bridges, self.decoder.step())


class _Attention(nn.Module):
    def __init__(self, step: steps.Attention):
        super().__init__()
        self.query, self.key = _Dense(step.query), _Dense(step.key)
        self.value, self.output = _Dense(step.value), _Dense(step.output)
        self.mask = step.mask

    def forward(self, x: Tensor) -> Tensor:
        mask = None
        if self.mask != "none":
            mask = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
            mask = mask.float() if self.mask == "float" else mask
        read = functional.scaled_dot_product_attention(
            self.query(x), self.key(x), self.value(x), attn_mask=mask
        )
        return self.output(read)

    def step(self) -> steps.Attention:
        query, key, value = self.query.step(), self.key.step(), self.value.step()
        return steps.Attention(query, key, value, self.output.step(), self.mask)


class _Residual(nn.Module):
    def __init__(self, step: steps.Residual):
        super().__init__()
        self.steps = _modules(step.steps)

    def forward(self, x: Tensor) -> Tensor:
        y = x
        for module in self.steps:
            y = module(y)
        return x + y

    def step(self) -> steps.Residual:
        return steps.Residual(tuple(module.step() for module in self.steps))


class _Branches(nn.Module):
    def __init__(self, step: steps.Branches):
        super().__init__()
        self.branches = nn.ModuleList(nn.Sequential(*_modules(each)) for each in step.branches)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], dim=-1)

    def step(self) -> steps.Branches:
        return steps.Branches(tuple(tuple(each.step() for each in branch) for branch in self.branches))


class _Function(nn.Module):
    """A step without weights."""

    def __init__(self, step: Any):
        super().__init__()
        self.own = step

    def forward(self, x: Tensor) -> Tensor:
        match self.own:
            case steps.MaxPool():
                return functional.max_pool1d(x.mT, 2).mT
            case steps.MeanPool():
                return x.mean(dim=1)
            case steps.Last():
                return x[:, -1]
            case steps.Softmax():
                return torch.softmax(x, dim=-1)
            case steps.Shift(by):
                return x + by
            case steps.Scale(by):
                return x * by
            case steps.Flip():
                return x.flip(1)
            case steps.Dropout(rate):
                return functional.dropout(x, rate, training=True)
        raise TypeError(f"{self.own} is no step of a PyTorch model")

    def step(self) -> Any:
        return self.own


_MODULES = {
    steps.Dense: _Dense,
    steps.Convolution: _Convolution,
    steps.LayerNorm: _LayerNorm,
    steps.BatchNorm: _BatchNorm,
    steps.Embedding: _Embedding,
    steps.Recurrent: _Recurrent,
    steps.SequenceToSequence: _SequenceToSequence,
    steps.Attention: _Attention,
    steps.Residual: _Residual,
    steps.Branches: _Branches,
}


def _module(step: Step) -> nn.Module:
    return _MODULES.get(type(step), _Function)(step)

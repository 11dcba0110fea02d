"""The runs that are judged: recurrent layers as PyTorch runs them, with every state."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import torch
from rnn_parity import record_pytorch

_LAYERS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}
_PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
_STEPS_PER_BLOCK = 1000
_WEIGHT_NOISE = 2.0**-17
"""Too little for a proof, too much for a rounding, and like no precision."""


@dataclass(frozen=True)
class Size:
    """One layer: as many inputs as units, Float32."""

    cell: str
    batch: int
    hidden_size: int
    timesteps: int

    @property
    def name(self) -> str:
        """For a file."""
        return f"{self.cell}-{self.batch}x{self.hidden_size}-{self.timesteps}"

    @property
    def title(self) -> str:
        """For a table."""
        return f"{self.cell.upper()} {self.batch}×{self.hidden_size}, T {self.timesteps:,}"

    @property
    def weight_bytes(self) -> int:
        """Of all parameters together."""
        gates = {"lstm": 4, "gru": 3, "rnn": 1}[self.cell]
        return 4 * gates * self.hidden_size * (2 * self.hidden_size + 2)

    def layer(self) -> Any:
        """The module, with the same weights every time."""
        torch.manual_seed(1)
        return _LAYERS[self.cell](self.hidden_size, self.hidden_size).eval()

    def input(self) -> Any:
        """A tensor (T, B, I)."""
        generator = torch.Generator().manual_seed(2)
        return torch.randn(self.timesteps, self.batch, self.hidden_size, generator=generator)


def forward_seconds(size: Size) -> Callable[[], float]:
    """What times PyTorch's own forward pass: warm, one thread, no gradients."""
    layer, sequence = size.layer(), size.input()

    def measured() -> float:
        with torch.inference_mode():
            layer(sequence)
            started = time.perf_counter()
            layer(sequence)
            return time.perf_counter() - started

    return measured


def record_honest(size: Size, path: Path) -> None:
    """A run as the package records it."""
    _record(size.layer(), size, path)


def record_lost_bias(size: Size, path: Path) -> None:
    """The run of a port that forgot bias_hh; the file declares it."""
    layer = size.layer()
    declared = layer.bias_hh_l0.detach().clone()
    with torch.no_grad():
        layer.bias_hh_l0.zero_()
    _record(layer, size, path)
    with h5py.File(path, "r+") as file:
        file["references/pytorch/layers/0/forward/weights/bias_hh"][...] = declared.numpy()


def record_drift(size: Size, path: Path) -> None:
    """A run by slightly other weights than the file declares: each is off by its own random error."""
    layer = size.layer()
    declared = {name: getattr(layer, f"{name}_l0").detach().clone() for name in _PARAMETERS[:2]}
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name in declared:
            weight = getattr(layer, f"{name}_l0")
            weight.mul_(1 + _WEIGHT_NOISE * torch.randn(weight.shape, generator=generator))
    _record(layer, size, path)
    with h5py.File(path, "r+") as file:
        for name, weight in declared.items():
            file[f"references/pytorch/layers/0/forward/weights/{name}"][...] = weight.numpy()


def write_long(size: Size, path: Path) -> None:
    """An LSTM's run in a file of any length, which is written while it runs, in format version 1."""
    cell = torch.nn.LSTMCell(size.hidden_size, size.hidden_size).eval()
    layer = size.layer()
    for name in _PARAMETERS:
        getattr(cell, name).data = getattr(layer, f"{name}_l0").data
    shape = (size.timesteps, size.batch, size.hidden_size)
    with h5py.File(path, "w") as file, torch.inference_mode():
        file.attrs.update({"format": "rnn-parity-fixture", "format_version": 1, "case": size.name})
        reference = file.create_group("references/pytorch")
        reference.attrs.update(
            {
                "framework": "pytorch",
                "framework_version": torch.__version__.split("+")[0],
                "convention": "pytorch",
            }
        )
        group = reference.create_group("layers/0")
        group.attrs.update(
            {
                "name": size.cell,
                "cell": size.cell,
                "hidden_size": size.hidden_size,
                "direction": "forward",
                "activation": "tanh",
                "recurrent_activation": "sigmoid",
            }
        )
        for name in _PARAMETERS:
            group[f"forward/weights/{name}"] = getattr(cell, name).detach().numpy()
        recorded = [
            file.create_dataset("input", shape, "f4"),
            group.create_dataset("forward/h", shape, "f4"),
            group.create_dataset("forward/c", shape, "f4"),
            group.create_dataset("output", shape, "f4"),
        ]
        generator = torch.Generator().manual_seed(2)
        h, c = torch.zeros(shape[1:]), torch.zeros(shape[1:])
        for start in range(0, size.timesteps, _STEPS_PER_BLOCK):
            steps = min(_STEPS_PER_BLOCK, size.timesteps - start)
            block = torch.empty(4, steps, *shape[1:])
            block[0].normal_(generator=generator)
            for step in range(steps):
                h, c = cell(block[0, step], (h, c))
                block[1, step], block[2, step], block[3, step] = h, c, h
            for dataset, values in zip(recorded, block.numpy(), strict=True):
                dataset[start : start + steps] = values


@dataclass(frozen=True)
class Recordings:
    """A folder that keeps what was recorded for the next time."""

    folder: Path

    def made(self, name: str, write: Callable[[Path], None]) -> Path:
        """The file of that name, written now if there is none."""
        path = self.folder / f"{name}-torch-{torch.__version__.split('+')[0]}.h5"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".draft")
            write(draft)
            draft.rename(path)
        return path

    def long(self, size: Size) -> Path:
        """A file whose length is its point."""
        return self.made(f"{size.name}-long", lambda path: write_long(size, path))


def _record(layer: Any, size: Size, path: Path) -> None:
    with warnings.catch_warnings():
        # A large layer rounds otherwise step by step, and what it was fed is recorded then.
        warnings.filterwarnings("ignore", message=".*other bits.*")
        record_pytorch(layer, size.input(), case=size.name, spread=0, path=path)

"""A file of weights that a framework wrote, and beside it what the framework computed with them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rnn_parity

from ..case import Array
from ..manifest import checksum

FOLDER = "weights"
"""Below the fixtures folder, where no walk over the fixtures comes."""

STEPS, BATCH, INPUT = 5, 2, 3


@dataclass(frozen=True)
class Answers:
    """What the framework did with the weights in the file.

    case: one run, recorded.   tensors: name and shape of everything in the model that is trained.
    """

    case: rnn_parity.Case
    tensors: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class WeightFile:
    """One file.

    format: of the file, as the page of weights calls it.
    save: makes the model, writes it to a path, and runs it.
    """

    name: str
    suffix: str
    format: str
    description: str
    save: Callable[[Path], Answers]

    @property
    def files(self) -> tuple[str, str]:
        """Paths below the fixtures folder: the weights, and the answers."""
        return f"{FOLDER}/{self.name}{self.suffix}", f"{FOLDER}/{self.name}.json"

    def produce(self, folder: Path) -> None:
        """Write both files below the fixtures folder."""
        weights, answers = (folder / file for file in self.files)
        weights.parent.mkdir(parents=True, exist_ok=True)
        answered = self.save(weights)
        answers.write_text(_as_json(self._description(weights, answered)))

    def _description(self, path: Path, answered: Answers) -> dict[str, Any]:
        (reference,) = answered.case.references
        assert reference.model is not None
        recurrent = [_layer(layer) for layer in reference.layers]
        return {
            "file": path.name,
            "format": self.format,
            "description": self.description,
            "framework": reference.framework,
            "framework_version": reference.framework_version,
            "bytes": path.stat().st_size,
            "sha256": checksum(path),
            "tensors": {name: list(shape) for name, shape in answered.tensors.items()},
            "parameters": sum(int(np.prod(shape)) for shape in answered.tensors.values()),
            "layers": recurrent,
            "inputs": {name: _array(values) for name, values in reference.model.inputs.items()},
            "outputs": {name: _array(values) for name, values in reference.model.outputs.items()},
        }


def draw(seed: int, *shape: int) -> Array:
    """Uniform numbers in ±1.5/√(first axis), float32; no weight and no bias is zero."""
    bound = 1.5 / np.sqrt(shape[0])
    return np.random.default_rng(seed).uniform(-bound, bound, shape).astype(np.float32)


def draw_all(shapes: Iterable[tuple[int, ...]], seed: int = 1) -> list[Array]:
    """One array a shape."""
    return [draw(seed * 1000 + index, *shape) for index, shape in enumerate(shapes)]


def draw_input(seed: int = 7) -> Array:
    """(B, T, I)"""
    values = np.random.default_rng(seed).uniform(-1.5, 1.5, (BATCH, STEPS, INPUT))
    return values.astype(np.float32)


def _layer(layer: rnn_parity.RecordedLayer) -> dict[str, Any]:
    """Sequences are (T, B, ·)."""
    described = {
        "name": layer.name,
        "cell": layer.cell,
        "direction": layer.direction,
        "hidden_size": layer.hidden_size,
        "activation": layer.activation.name,
        "recurrent_activation": layer.recurrent_activation and layer.recurrent_activation.name,
        "reset_after": layer.reset_after,
        "projection_size": layer.projection_size,
        "merge_mode": layer.merge_mode,
        "clip": layer.clip,
        "input_forget": layer.input_forget,
        "input": _array(layer.input),
        "output": _array(layer.output),
    }
    for direction, recorded in layer.passes.items():
        described[direction] = {"h": _array(recorded.h)}
    return {key: value for key, value in described.items() if value is not None}


def _array(values: Array | None) -> dict[str, Any] | None:
    """Row-major. The decimals are those of Float64: no number is rounded."""
    if values is None:
        return None
    return {"shape": list(values.shape), "values": [float(value) for value in values.ravel()]}


def _as_json(description: dict[str, Any]) -> str:
    """Lists of numbers on one line."""

    def on_one_line(match: re.Match[str]) -> str:
        return "[" + re.sub(r"\s+", " ", match.group(1)) + "]"

    return re.sub(r"\[\s+([-\d.e+,\s]+?)\s+\]", on_one_line, json.dumps(description, indent=1)) + "\n"

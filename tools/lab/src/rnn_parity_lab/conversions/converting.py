"""Runs `parity convert`, and reads from what it says how each layer is made in the target framework."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnn_parity import RecordedLayer

TARGETS = {
    "pytorch": ".safetensors",
    "keras": ".weights.h5",
    "keras-legacy": ".h5",
    "onnx": ".onnx",
    "flax": ".safetensors",
    "mlx": ".safetensors",
}
"""The ending of the file, by what is written."""


@dataclass(frozen=True)
class Refused:
    """why: what the program said."""

    why: str


@dataclass(frozen=True)
class Converted:
    """modules: the code that makes each layer, or a stack of them, by name; none of an ONNX model."""

    path: Path
    modules: dict[str, str]


def converted(
    parity: Path, source: Path, target: str, layers: Sequence[RecordedLayer], folder: Path
) -> Converted | Refused:
    """layers: what was recorded of the source, for what its file does not say."""
    path = folder / f"{source.name.split('.')[0]}-{target}{TARGETS[target]}"
    command = [str(parity), "convert", str(source), "--to", target.split("-")[0], "--output", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    for given in (_unsaid(layers), _order(layers)):
        if done.returncode == 2 and "to be given" in done.stderr:
            command += given
            done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 2:
        return Refused(done.stderr.strip().removeprefix(f"parity: {source}: "))
    if done.returncode:
        raise RuntimeError(f"{source.name} to {target}: status {done.returncode}: {done.stderr}")
    lines = re.findall(r"^  (?:(\S+) = )?((?:nn|keras)\..*)$", done.stdout, re.MULTILINE)
    return Converted(path, dict(lines))


def _order(layers: Sequence[RecordedLayer]) -> list[str]:
    return [word for layer in layers for word in ("--layer", layer.module or layer.name)]


def _unsaid(layers: Sequence[RecordedLayer]) -> list[str]:
    """The options that all layers share; one that the file says as well agrees with it."""
    options: dict[str, set[Any]] = {
        "--activation": {layer.activation.name for layer in layers},
        "--recurrent-activation": {
            layer.recurrent_activation.name for layer in layers if layer.recurrent_activation is not None
        },
        "--direction": {layer.direction for layer in layers} - {"bidirectional"},
        "--merge": {layer.merge_mode for layer in layers if layer.merge_mode is not None},
    }
    return [
        word for name, values in options.items() if len(values) == 1 for word in (name, *map(str, values))
    ]

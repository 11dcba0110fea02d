"""What a number in a fixture is to a network: by its path, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt

from .contents import Contents, Values

# Words that no verdict rests on; every other attribute means something. Version 2 says what 1 does.
WORDS = frozenset({
    "case", "description", "format_version", "seed", "environment", "framework", "framework_version", "name",
    "module", "calls", "runs", "pinned", "source", "repeated", "unused",
})  # fmt: skip
_INPUT_WEIGHTS = frozenset({"kernel", "weight_ih", "W", "Wx"})
_RECURRENT_WEIGHTS = frozenset({"recurrent_kernel", "weight_hh", "weight_hr", "R", "Wh", "P"})
# Beside Float32: how much coarser is what a run computes in.
_COARSER = {"bfloat16": 2.0**16, "float16": 2.0**13}


@dataclass(frozen=True)
class Layer:
    """One layer of one reference: path is that of its group."""

    path: str
    contents: Contents

    @property
    def cell(self) -> str:
        """rnn, gru or lstm."""
        return self._word("cell")

    @property
    def hidden_size(self) -> int:
        """H."""
        return int(self._word("hidden_size") or 1)

    @property
    def roundoff(self) -> float:
        """In units of Float32's: 1, or more."""
        reference = self.path.split("/layers/")[0]
        for place in (self.path, reference):
            declared = self.contents.attributes.get(f"{place}@precision", "")
            for name, factor in _COARSER.items():
                if name in declared:
                    return factor
        widths = {values.dtype.itemsize for path, values in self._within() if values.dtype.kind == "f"}
        return _COARSER["float16"] if widths and min(widths) == 2 else 1

    @property
    def is_merged(self) -> bool:
        """Whether its output is neither of its directions' states."""
        return self._word("direction") == "bidirectional" and self._word("merge_mode") not in ("", "concat")

    @property
    def below(self) -> Layer | None:
        """The layer whose output this one reads, where it records no input."""
        number = int(PurePosixPath(self.path).name)
        return Layer(f"{PurePosixPath(self.path).parent}/{number - 1}", self.contents) if number else None

    @property
    def input(self) -> Values | None:
        """(T, B, I): what the layer reads, as far as it is recorded."""
        arrays = self.contents.arrays
        if (own := arrays.get(f"{self.path}/input")) is not None:
            return own
        return arrays.get(f"{self.below.path}/output") if self.below else arrays.get("input")

    def unused(self, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
        """Of an array of ONNX's weights: those of the forget gate, where it is made of the input gate."""
        gates = np.arange(shape[0]) % (4 * self.hidden_size) // self.hidden_size
        coupled = self._word("input_forget") in ("1", "True")
        return np.broadcast_to((coupled & (gates == 2)).reshape(-1, *[1] * (len(shape) - 1)), shape)

    def valid(self, timesteps: int, batch: int) -> npt.NDArray[np.bool_]:
        """(T, B): false where it is padding."""
        arrays = self.contents.arrays
        for place in (f"{self.path}/", *([] if f"{self.path}/input" in arrays else self._inherited)):
            if (mask := arrays.get(f"{place}mask")) is not None and mask.shape == (timesteps, batch):
                return mask.astype(bool)
            if (lengths := arrays.get(f"{place}lengths")) is not None and lengths.shape == (batch,):
                return np.asarray(np.arange(timesteps)[:, None] < lengths[None, :])
        return np.ones((timesteps, batch), bool)

    @property
    def _inherited(self) -> list[str]:
        places, layer = [], self.below
        while layer:
            places.append(f"{layer.path}/")
            layer = None if f"{layer.path}/input" in self.contents.arrays else layer.below
        return [*places, ""]

    def _word(self, name: str) -> str:
        return self.contents.attributes.get(f"{self.path}@{name}", "").strip("'")

    def _within(self) -> list[tuple[str, Values]]:
        return [item for item in self.contents.arrays.items() if item[0].startswith(f"{self.path}/")]


@dataclass(frozen=True)
class Role:
    """kind: input weight, recurrent weight, bias, state, initial state, returned state,
    merged output, input, steps (lengths and masks) or end."""

    kind: str
    layer: Layer | None


def role(path: str, contents: Contents) -> Role | None:
    """None for what no verdict rests on."""
    parts = path.split("/")
    if "spread" in parts:
        return None
    layer = (
        Layer("/".join(parts[:4]), contents)
        if parts[0] == "references" and parts[2:3] == ["layers"]
        else None
    )
    if parts[-1] in ("lengths", "mask"):
        return Role("steps", layer)
    if path == "input":
        return Role("input", next(iter(_first_layers(contents)), None))
    if layer is None:
        return Role("end", None) if len(parts) > 2 and parts[2] == "model" else None
    if "weights" in parts:
        return Role(_weight(parts), layer)
    if parts[-1] == "input":
        return Role("input", layer)
    if "initial_state" in parts:
        return Role("initial state", layer)
    if parts[-1] == "output" or "final_state" in parts:
        return Role("merged output" if parts[-1] == "output" and layer.is_merged else "returned state", layer)
    return Role("state", layer) if parts[-1] in ("h", "c") else None


def _first_layers(contents: Contents) -> list[Layer]:
    paths = {"/".join(path.split("/")[:4]) for path in contents.arrays if "/layers/0/" in path}
    return [Layer(path, contents) for path in sorted(paths)]


def _weight(parts: list[str]) -> str:
    name = parts[-1]
    gate = parts[-2] if parts[-2] != "weights" else ""
    if name in _RECURRENT_WEIGHTS or (gate.startswith("h") and name == "kernel"):
        return "recurrent weight"
    return "input weight" if name in _INPUT_WEIGHTS else "bias"

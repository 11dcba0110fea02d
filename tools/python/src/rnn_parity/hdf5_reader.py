"""Reads a parity fixture of version 1 or 2 back into a case, for `given=` and for joining."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from .case import (
    Activation,
    Array,
    Calls,
    Case,
    LeftOut,
    ModelRecord,
    RecordedLayer,
    RecordedPass,
    Reference,
    Repeated,
    States,
)
from .errors import RecordingError
from .spread import BoundarySpread, Spread


def read_case(path: str | Path) -> Case:
    """The whole case of the file at `path`."""
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise RecordingError(str(path), expected="a parity fixture", found=str(error)) from error
    with file:
        declared = (_text(file, "format"), _attribute(file, "format_version"))
        if declared not in {("rnn-parity-fixture", 1), ("rnn-parity-fixture", 2)}:
            raise RecordingError(
                str(path),
                expected="format rnn-parity-fixture of version 1 or 2",
                found=" ".join(map(str, declared)),
            )
        try:
            return _case(file)
        except KeyError as error:
            raise RecordingError(str(path), expected="a whole fixture", found=str(error)) from error


def _case(file: h5py.File) -> Case:
    return Case(
        case=_text(file, "case") or "",
        description=_text(file, "description"),
        seed=_attribute(file, "seed"),
        input=_array(file, "input"),
        lengths=_array(file, "lengths"),
        mask=_array(file, "mask"),
        references=tuple(_reference(name, group) for name, group in file["references"].items()),
    )


def _reference(name: str, group: h5py.Group) -> Reference:
    layers = group["layers"]
    convention: Any = _text(group, "convention")
    return Reference(
        name=name,
        framework=_text(group, "framework") or "",
        framework_version=_text(group, "framework_version") or "",
        convention=convention,
        environment=json.loads(_text(group, "environment") or "{}"),
        precision=_text(group, "precision"),
        decimals=_attribute(group, "decimals"),
        layers=tuple(_layer(layers[str(index)]) for index in range(len(layers))),
        model=_model(group["model"]) if "model" in group else None,
    )


def _layer(group: h5py.Group) -> RecordedLayer:
    calls = json.loads(_text(group, "calls") or '{"kind": "single", "sizes": []}')
    cell: Any = _text(group, "cell")
    merge_mode: Any = _text(group, "merge_mode")
    empty_final: Any = _text(group, "empty_final")
    return RecordedLayer(
        name=_text(group, "name") or "",
        cell=cell,
        hidden_size=int(group.attrs["hidden_size"]),
        passes={name: _pass(group[name]) for name in ("forward", "backward") if name in group},
        input=_array(group, "input"),
        output=_array(group, "output"),
        lengths=_array(group, "lengths"),
        mask=_array(group, "mask"),
        module=_text(group, "module"),
        calls=Calls(calls["kind"], tuple(calls["sizes"])),
        activation=_activation(group, "") or Activation("tanh"),
        recurrent_activation=_activation(group, "recurrent_"),
        output_activation=_activation(group, "output_"),
        reset_after=_attribute(group, "reset_after"),
        projection_size=_attribute(group, "projection_size"),
        merge_mode=merge_mode,
        precision=_text(group, "precision"),
        weights_of=_attribute(group, "weights_of"),
        pair=_text(group, "pair"),
        empty_final=empty_final,
        clip=_attribute(group, "clip"),
        input_forget=_attribute(group, "input_forget"),
        other_options=json.loads(_text(group, "other_options") or "{}"),
    )


def _activation(group: h5py.Group, prefix: str) -> Activation | None:
    name = _text(group, f"{prefix}activation")
    if name is None:
        return None
    return Activation(name, _attribute(group, f"{prefix}alpha"), _attribute(group, f"{prefix}beta"))


def _pass(group: h5py.Group) -> RecordedPass:
    initial: h5py.Group | None = group.get("initial_state")
    source: Any = None if initial is None else _text(initial, "source")
    weights: dict[str, Array] = {}
    if "weights" in group:
        _collect(group["weights"], "", weights)
    return RecordedPass(
        weights=weights,
        h=_array(group, "h"),
        c=_array(group, "c"),
        initial=_states(initial),
        final=_states(group.get("final_state")),
        source=source,
        activation=_activation(group, ""),
        recurrent_activation=_activation(group, "recurrent_"),
        output_activation=_activation(group, "output_"),
    )


def _collect(group: h5py.Group, prefix: str, found: dict[str, Array]) -> None:
    for name, item in group.items():
        if isinstance(item, h5py.Group):
            _collect(item, f"{prefix}{name}/", found)
        else:
            found[f"{prefix}{name}"] = np.asarray(item[()])


def _states(group: h5py.Group | None) -> States | None:
    return None if group is None else States(_array(group, "h"), _array(group, "c"))


def _model(group: h5py.Group) -> ModelRecord:
    trimmed = _text(group, "trimmed")
    kept = None if trimmed is None else json.loads(trimmed)
    return ModelRecord(
        inputs=_arrays(group, "inputs"),
        outputs=_arrays(group, "outputs"),
        left_out=tuple(
            LeftOut(one["path"], one["class"], one["by"], one["why"])
            for one in json.loads(_text(group, "left_out") or "[]")
        ),
        unused=tuple(json.loads(_text(group, "unused") or "[]")),
        repeated=tuple(
            Repeated(one["path"], one["class"], one["calls"], one["why"])
            for one in json.loads(_text(group, "repeated") or "[]")
        ),
        spread=_spread(group["spread"]) if "spread" in group else None,
        trimmed=None if kept is None else (kept["steps"], kept["sequences"]),
    )


def _arrays(group: h5py.Group, name: str) -> dict[str, Array]:
    return {key: np.asarray(values[()]) for key, values in group[name].items()} if name in group else {}


def _spread(group: h5py.Group) -> Spread:
    boundaries: dict[str, BoundarySpread] = {}
    held: dict[str, BoundarySpread] = {}

    def visit(path: str, item: Any) -> None:
        if isinstance(item, h5py.Group) and isinstance(item.get("whole"), h5py.Dataset):
            axes = (name for name in (f"axis{i}" for i in range(len(item))) if name in item)
            found, place = (held, path[5:]) if path.startswith("held/") else (boundaries, path)
            found[place] = BoundarySpread(
                float(item["whole"][()]), tuple(item[axis][()] for axis in axes), _attribute(item, "moved")
            )

    group.visititems(visit)
    return Spread(
        int(group.attrs["runs"]), int(group.attrs["seed"]), boundaries, _text(group, "pinned"), held
    )


def _array(group: h5py.Group, name: str) -> Array | None:
    return np.asarray(group[name][()]) if name in group else None


def _attribute(group: h5py.Group, name: str) -> Any:
    value = group.attrs.get(name)
    return value.item() if isinstance(value, (np.generic, np.ndarray)) and np.size(value) == 1 else value


def _text(group: h5py.Group, name: str) -> str | None:
    value = _attribute(group, name)
    return value.decode() if isinstance(value, bytes) else value

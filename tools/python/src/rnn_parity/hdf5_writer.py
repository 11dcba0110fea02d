"""Writes a case as an HDF5 parity fixture, format version 2.

How its groups, datasets and attributes come to bytes, always the same: hdf5_file.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from .case import Activation, Array, Case, ModelRecord, RecordedLayer, RecordedPass, Reference, States
from .hdf5_file import FORMAT, create_group, new_file, write_attributes, write_dataset
from .requirements import requirements
from .spread import BoundarySpread, Spread

FORMAT_VERSION = 2


def write_case(path: str | Path, case: Case) -> Path:
    """Write `case` to `path`. The file appears whole or not at all."""
    path = Path(path)
    with new_file(path) as file:
        _write_case(file, case)
    return path


def _write_case(file: h5py.File, case: Case) -> None:
    write_attributes(
        file,
        format=FORMAT,
        format_version=FORMAT_VERSION,
        case=case.case,
        description=case.description,
        seed=case.seed,
    )
    required = requirements(case)
    if required:
        file.attrs.create("requires", required, dtype=h5py.string_dtype("utf-8"))
    write_dataset(file, "input", case.input)
    _write_lengths(file, case.lengths, case.mask)
    references = create_group(file, "references")
    for reference in case.references:
        _write_reference(create_group(references, reference.name), reference)


def _write_reference(group: h5py.Group, reference: Reference) -> None:
    write_attributes(
        group,
        framework=reference.framework,
        framework_version=reference.framework_version,
        convention=reference.convention,
        environment=_json(dict(reference.environment)),
        precision=reference.precision,
        decimals=reference.decimals,
    )
    layers = create_group(group, "layers")
    for index, layer in enumerate(reference.layers):
        _write_layer(create_group(layers, str(index)), layer)
    if reference.model is not None:
        _write_model(create_group(group, "model"), reference.model)


def _write_layer(group: h5py.Group, layer: RecordedLayer) -> None:
    calls = {"kind": layer.calls.kind, "count": layer.calls.count, "sizes": list(layer.calls.sizes)}
    write_attributes(
        group,
        name=layer.name,
        cell=layer.cell,
        direction=layer.direction,
        hidden_size=layer.hidden_size,
        reset_after=layer.reset_after,
        projection_size=layer.projection_size,
        merge_mode=layer.merge_mode,
        module=layer.module,
        calls=_json(calls),
        precision=layer.precision,
        weights_of=layer.weights_of,
        pair=layer.pair,
        empty_final=layer.empty_final,
        clip=layer.clip,
        input_forget=layer.input_forget,
        other_options=_json(dict(layer.other_options)) if layer.other_options else None,
    )
    _write_activations(group, layer)
    write_dataset(group, "input", layer.input)
    _write_lengths(group, layer.lengths, layer.mask)
    write_dataset(group, "output", layer.output)
    for name, recorded in layer.passes.items():
        _write_pass(create_group(group, name), recorded)


def _write_activations(group: h5py.Group, source: RecordedLayer | RecordedPass) -> None:
    for prefix in ("", "recurrent_", "output_"):
        activation: Activation | None = getattr(source, f"{prefix}activation")
        if activation is not None:
            write_attributes(
                group,
                **{
                    f"{prefix}activation": activation.name,
                    f"{prefix}alpha": activation.alpha,
                    f"{prefix}beta": activation.beta,
                },
            )


def _write_pass(group: h5py.Group, recorded: RecordedPass) -> None:
    _write_activations(group, recorded)
    if recorded.weights:
        weights = create_group(group, "weights")
        for name, tensor in recorded.weights.items():
            *parents, leaf = name.split("/")
            write_dataset(_nested(weights, parents), leaf, tensor)
    _write_states(group, "initial_state", recorded.initial, recorded.source)
    write_dataset(group, "h", recorded.h)
    write_dataset(group, "c", recorded.c)
    _write_states(group, "final_state", recorded.final, None)


def _write_states(group: h5py.Group, name: str, states: States | None, source: str | None) -> None:
    if states is not None:
        own = create_group(group, name)
        write_attributes(own, source=source)
        write_dataset(own, "h", states.h)
        write_dataset(own, "c", states.c)


def _write_model(group: h5py.Group, model: ModelRecord) -> None:
    left_out = [
        {"path": one.path, "class": one.class_name, "by": one.by, "why": one.why} for one in model.left_out
    ]
    repeated = [
        {"path": one.path, "class": one.class_name, "calls": one.calls, "why": one.why}
        for one in model.repeated
    ]
    write_attributes(
        group,
        left_out=_json(left_out),
        unused=_json(list(model.unused)),
        repeated=_json(repeated),
        trimmed=None if model.trimmed is None else _json(dict(zip(("steps", "sequences"), model.trimmed))),
    )
    _write_arrays(group, "inputs", model.inputs)
    _write_arrays(group, "outputs", model.outputs)
    if model.spread is not None:
        _write_spread(create_group(group, "spread"), model.spread)


def _write_arrays(group: h5py.Group, name: str, arrays: Mapping[str, Array]) -> None:
    if arrays:
        own = create_group(group, name)
        for key, values in arrays.items():
            write_dataset(own, key, values)


def _write_spread(group: h5py.Group, spread: Spread) -> None:
    write_attributes(group, runs=spread.runs, seed=spread.seed, pinned=spread.pinned)
    for path, boundary in spread.boundaries.items():
        _write_boundary(_nested(group, path.split("/")), boundary)
    for path, boundary in spread.held.items():
        _write_boundary(_nested(group, ["held", *path.split("/")]), boundary)


def _write_boundary(group: h5py.Group, boundary: BoundarySpread) -> None:
    write_attributes(group, moved=boundary.moved)
    write_dataset(group, "whole", np.float64(boundary.whole))
    for axis, values in enumerate(boundary.axes):
        write_dataset(group, f"axis{axis}", values)


def _write_lengths(group: h5py.Group, lengths: Array | None, mask: Array | None) -> None:
    write_dataset(group, "lengths", None if lengths is None else np.asarray(lengths, np.int64))
    write_dataset(group, "mask", None if mask is None else np.asarray(mask, np.bool_))


def _nested(parent: h5py.Group, names: list[str]) -> h5py.Group:
    for name in names:
        parent = parent[name] if name in parent else create_group(parent, name)
    return parent


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)

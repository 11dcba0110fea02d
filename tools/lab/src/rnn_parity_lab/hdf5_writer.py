"""Writes a case as an HDF5 parity fixture, format version 1, with the user's package's means."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import numpy as np
from rnn_parity.hdf5_file import FORMAT, create_group, new_file, write_attributes, write_dataset

from .case import Array, Case, DirectionRecord, LayerRecord, Reference

FORMAT_VERSION = 1


def write_case(path: str | Path, case: Case) -> None:
    """Write `case` to `path`. The file appears whole or not at all."""
    with new_file(Path(path)) as file:
        _write_case(file, case)


def _write_case(file: h5py.File, case: Case) -> None:
    write_attributes(
        file,
        format=FORMAT,
        format_version=FORMAT_VERSION,
        case=case.case,
        description=case.description,
        seed=case.seed,
    )
    write_dataset(file, "input", case.input)
    if case.lengths is not None:
        write_dataset(file, "lengths", np.asarray(case.lengths, np.int64))
    references = create_group(file, "references")
    for reference in case.references:
        _write_reference(create_group(references, reference.name), reference)


def _write_reference(group: h5py.Group, reference: Reference) -> None:
    write_attributes(
        group,
        framework=reference.framework,
        framework_version=reference.framework_version,
        convention=reference.convention,
        environment=json.dumps(reference.environment, sort_keys=True),
    )
    layers = create_group(group, "layers")
    for index, layer in enumerate(reference.layers):
        _write_layer(create_group(layers, str(index)), layer)


def _write_layer(group: h5py.Group, layer: LayerRecord) -> None:
    write_attributes(
        group,
        name=layer.name,
        cell=layer.cell,
        direction=layer.direction,
        hidden_size=layer.hidden_size,
        activation=layer.activation,
        recurrent_activation=layer.recurrent_activation,
        reset_after=layer.reset_after,
        projection_size=layer.projection_size,
        merge_mode=layer.merge_mode,
    )
    write_dataset(group, "input", layer.input)
    write_dataset(group, "output", layer.output)
    for name, direction in layer.directions.items():
        _write_direction(create_group(group, name), direction)


def _write_direction(group: h5py.Group, direction: DirectionRecord) -> None:
    weights = create_group(group, "weights")
    for name, tensor in direction.weights.items():
        write_dataset(weights, name, tensor)
    _write_state(group, "initial_state", direction.initial_h, direction.initial_c)
    write_dataset(group, "h", direction.h)
    write_dataset(group, "c", direction.c)
    _write_state(group, "final_state", direction.final_h, direction.final_c)


def _write_state(group: h5py.Group, name: str, h: Array | None, c: Array | None) -> None:
    if h is not None:
        state = create_group(group, name)
        write_dataset(state, "h", h)
        write_dataset(state, "c", c)

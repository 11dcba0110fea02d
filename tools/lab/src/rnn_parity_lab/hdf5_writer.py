"""Writes a case as an HDF5 parity fixture, format version 1.

The same case gives the same bytes: no timestamps, and strings of fixed length (UTF-8).
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import h5py
import numpy as np

from .case import Array, Case, DirectionRecord, LayerRecord, Reference

FORMAT = "rnn-parity-fixture"
FORMAT_VERSION = 1


def write_case(path: str | Path, case: Case) -> None:
    """Write `case` to `path`. The file appears whole or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(descriptor)
    try:
        with h5py.File(temporary, "w") as file:
            _write_case(file, case)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _write_case(file: h5py.File, case: Case) -> None:
    _write_attributes(
        file,
        format=FORMAT,
        format_version=FORMAT_VERSION,
        case=case.case,
        description=case.description,
        seed=case.seed,
    )
    _write_dataset(file, "input", case.input)
    if case.lengths is not None:
        _write_dataset(file, "lengths", np.asarray(case.lengths, np.int64))
    references = _create_group(file, "references")
    for reference in case.references:
        _write_reference(_create_group(references, reference.name), reference)


def _write_reference(group: h5py.Group, reference: Reference) -> None:
    _write_attributes(
        group,
        framework=reference.framework,
        framework_version=reference.framework_version,
        convention=reference.convention,
        environment=json.dumps(reference.environment, sort_keys=True),
    )
    layers = _create_group(group, "layers")
    for index, layer in enumerate(reference.layers):
        _write_layer(_create_group(layers, str(index)), layer)


def _write_layer(group: h5py.Group, layer: LayerRecord) -> None:
    _write_attributes(
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
    _write_dataset(group, "input", layer.input)
    _write_dataset(group, "output", layer.output)
    for name, direction in layer.directions.items():
        _write_direction(_create_group(group, name), direction)


def _write_direction(group: h5py.Group, direction: DirectionRecord) -> None:
    weights = _create_group(group, "weights")
    for name, tensor in direction.weights.items():
        _write_dataset(weights, name, tensor)
    _write_state(group, "initial_state", direction.initial_h, direction.initial_c)
    _write_dataset(group, "h", direction.h)
    _write_dataset(group, "c", direction.c)
    _write_state(group, "final_state", direction.final_h, direction.final_c)


def _write_state(group: h5py.Group, name: str, h: Array | None, c: Array | None) -> None:
    if h is not None:
        state = _create_group(group, name)
        _write_dataset(state, "h", h)
        _write_dataset(state, "c", c)


def _create_group(parent: h5py.Group, name: str) -> h5py.Group:
    """Tracking the order makes a group of few links compact: a third of the usual size.

    Such groups would carry times as well.
    """
    properties = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
    properties.set_link_creation_order(h5py.h5p.CRT_ORDER_TRACKED)
    properties.set_obj_track_times(False)
    return h5py.Group(h5py.h5g.create(parent.id, name.encode(), gcpl=properties))


def _write_dataset(group: h5py.Group, name: str, values: Array | None) -> None:
    if values is not None:
        group.create_dataset(name, data=np.ascontiguousarray(values), track_times=False)


def _write_attributes(group: h5py.Group, **attributes: str | int | bool | None) -> None:
    for name, value in attributes.items():
        if isinstance(value, str):
            encoded = value.encode()
            size = max(len(encoded), 1)  # HDF5 has no strings of length 0
            group.attrs.create(name, encoded, dtype=h5py.string_dtype("utf-8", size))
        elif value is not None:
            group.attrs.create(name, value)

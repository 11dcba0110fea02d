"""Every fixture on disk: its manifest entry, and of version 1 its structure, each step against a formula.

What version 2 holds: test_models.py. PARITY_FIXTURES names another folder than the repository's.
"""

from __future__ import annotations

import hashlib
import json
import os
from itertools import combinations
from pathlib import Path

import h5py
import numpy as np
import pytest
from formulas import step

FOLDER = Path(os.environ.get("PARITY_FIXTURES", Path(__file__).parents[3] / "Fixtures"))
ENTRIES = json.loads((FOLDER / "manifest.json").read_text())["files"]
MERGES = {
    "concat": lambda forward, backward: np.concatenate([forward, backward], axis=2),
    "sum": lambda forward, backward: forward + backward,
    "mul": lambda forward, backward: forward * backward,
    "ave": lambda forward, backward: (forward + backward) / 2,
}


def is_of_version_1(entry) -> bool:
    with h5py.File(FOLDER / entry["file"]) as file:
        return file.attrs["format_version"] == 1


@pytest.fixture(params=filter(is_of_version_1, ENTRIES), ids=lambda entry: entry["case"])
def entry(request):
    return request.param


@pytest.fixture
def file(entry):
    with h5py.File(FOLDER / entry["file"]) as file:
        yield file


def text(value) -> str:
    return value.decode() if isinstance(value, bytes) else value


def layers_of(reference):
    return [reference["layers"][str(index)] for index in range(len(reference["layers"]))]


def directions_of(layer):
    return [(name, layer[name]) for name in ("forward", "backward") if name in layer]


def valid_positions(file):
    """(T, B), true where a sequence has not ended."""
    steps, batch, _ = file["input"].shape
    lengths = file["lengths"][()] if "lengths" in file else np.full(batch, steps)
    return np.arange(steps)[:, None] < lengths


def previous_states(states, initial, valid, direction):
    """(T, B, ·): the state that each step started from."""
    if direction == "forward":
        return np.concatenate([initial[None], states[:-1]])
    following = np.concatenate([states[1:], initial[None]])
    starts = valid & ~np.concatenate([valid[1:], np.zeros_like(valid[:1])])
    following[starts] = np.broadcast_to(initial, states.shape)[starts]
    return following


def initial_state(direction, name, size, batch):
    path = f"initial_state/{name}"
    return direction[path][()] if path in direction else np.zeros((batch, size))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["case"])
def test_manifest_entry(entry):
    contents = (FOLDER / entry["file"]).read_bytes()
    assert len(contents) == entry["bytes"]
    assert hashlib.sha256(contents).hexdigest() == entry["sha256"]


def test_every_number_is_finite_and_of_one_type(file):
    dtype = file["input"].dtype

    def check(path, item):
        if isinstance(item, h5py.Dataset) and path != "lengths":
            assert item.dtype == dtype, path
            assert np.isfinite(item[()]).all(), path

    file.visititems(check)


def test_every_step_is_the_formula(entry, file):
    valid = valid_positions(file)
    expect = entry["expect"]
    tolerance = 1e-6 if file["input"].dtype == np.float32 else 1e-14
    lowered = {"bfloat16": 2e-2, "float16": 2e-3, "int8": 2e-2}
    tolerance = lowered.get(expect.get("precision"), tolerance)
    if entry["generator"].get("weights") == "equal":
        tolerance = 515 * 2**-24  # the certified bound of a sum of 515 terms below 1
    for name, reference in file["references"].items():
        if expect.get("references", {}).get(name) == "mismatch":
            continue
        below = file["input"]
        for layer in layers_of(reference):
            fed = layer.get("input", below)
            for way, direction in directions_of(layer):
                residual = step_residual(reference, layer, way, direction, fed[()], valid)
                assert residual <= tolerance, direction.name
            below = layer["output"]


def step_residual(reference, layer, name, direction, fed, valid):
    """The largest distance of one step to the formula, relative where states exceed 1."""
    convention = text(reference.attrs["convention"])
    weights = {key: tensor[()] for key, tensor in direction["weights"].items()}
    states, expected = [], []
    for key in ("h", "c"):
        if key not in direction:
            states.append(None)
            expected.append(None)
            continue
        recorded = direction[key][()].astype(np.float64)
        initial = initial_state(direction, key, recorded.shape[2], recorded.shape[1])
        states.append(previous_states(recorded, initial, valid, name)[valid])
        expected.append(recorded[valid])
    computed = step(convention, layer, weights, fed[valid].astype(np.float64), *states)
    return max(
        (np.abs(a - b) / np.maximum(np.abs(b), 1)).max()
        for a, b in zip(computed, expected)
        if b is not None
    )


def test_outputs_and_final_states_are_the_recorded_states(entry, file):
    """To rounding where an lstm was stepped, exactly where it was not.

    Quantized to int8 dynamically, a step by itself has scales of its own.
    """
    if "int8" in entry["case"]:
        return
    valid = valid_positions(file)
    last = valid.sum(axis=0) - 1
    columns = np.arange(len(last))
    for reference in file["references"].values():
        for layer in layers_of(reference):
            tolerance = 2e-6 if text(layer.attrs["cell"]) == "lstm" else 0
            states = [direction["h"][()] for _, direction in directions_of(layer)]
            mode = text(layer.attrs.get("merge_mode", "concat"))
            merged = MERGES[mode](*states) if len(states) == 2 else states[0]
            np.testing.assert_allclose(
                layer["output"][()][valid], merged[valid], rtol=0, atol=tolerance
            )
            for (name, direction), h in zip(directions_of(layer), states):
                final = h[last, columns] if name == "forward" else h[0]
                np.testing.assert_allclose(
                    direction["final_state/h"][()], final, rtol=0, atol=tolerance
                )


def test_the_references_are_one_network(entry, file):
    """Their outputs agree, except in departures and where rounding grows without limit."""
    if entry["expect"]["verdict"] != "match" or "chaotic" in entry["case"]:
        return
    valid = valid_positions(file)
    for a, b in combinations(file["references"].values(), 2):
        for one, other in zip(layers_of(a), layers_of(b), strict=True):
            np.testing.assert_allclose(
                one["output"][()][valid], other["output"][()][valid], rtol=1e-5, atol=1e-5
            )


def test_wrong_ports_compute_something_else(entry, file):
    if "keras" not in file["references"] or entry["expect"]["verdict"] != "mismatch":
        return
    valid = valid_positions(file)
    pytorch, keras = file["references/pytorch"], file["references/keras"]
    last = layers_of(pytorch)[-1]["output"][()] - layers_of(keras)[-1]["output"][()]
    assert np.abs(last[valid]).max() > 1e-2


def test_random_networks_hide_nothing(entry, file):
    """No tensor is zero, no two tensors are equal, and states start away from zero."""
    if "training" in entry["generator"] or entry["expect"]["verdict"] == "mismatch":
        return
    if entry["generator"].get("weights") == "equal":
        return
    for reference in file["references"].values():
        seen = []
        for layer in layers_of(reference):
            for _, direction in directions_of(layer):
                tensors = [tensor[()] for tensor in direction["weights"].values()]
                if entry["generator"]["initial_state"]:
                    tensors += [tensor[()] for tensor in direction["initial_state"].values()]
                assert all(np.count_nonzero(tensor) == tensor.size for tensor in tensors)
                seen += tensors
        for one, other in combinations(seen, 2):
            assert one.shape != other.shape or not np.array_equal(one, other)

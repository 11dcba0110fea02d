"""Every fixture of version 2: what its references hold of one network, inside layers and between them.

Those of known bugs are no models, and wrong in ways of their own: test_known_bugs.py.
"""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from rnn_parity import Case
from rnn_parity.case import boundaries, validity

FOLDER = Path(__file__).parents[3] / "Fixtures"


def of_version_2() -> list[dict]:
    entries = json.loads((FOLDER / "manifest.json").read_text())["files"]

    def version(entry: dict) -> int:
        with h5py.File(FOLDER / entry["file"]) as file:
            return int(file.attrs["format_version"])

    return [entry for entry in entries if version(entry) == 2 and entry["group"] != "known-bugs"]


@pytest.fixture(params=of_version_2(), ids=lambda entry: entry["case"])
def entry(request):
    return request.param


@pytest.fixture
def case(entry) -> Case:
    return Case.load(FOLDER / entry["file"])


def test_every_boundary_is_finite_and_has_a_spread(case):
    for reference in case.references:
        spread = reference.model.spread.boundaries
        for name, values in boundaries(reference).items():
            assert np.isfinite(values).all(), name
            # A case may be fed what has no rounding: a sequence that is the model's input.
            assert spread[name].whole > 0, name


def test_no_two_weights_are_equal_and_none_is_zero(case):
    """Of one reference: a mistake between them would not show."""
    for reference in case.references:
        tensors = [
            tensor
            for layer in reference.layers
            for recorded in layer.passes.values()
            for tensor in recorded.weights.values()
        ]
        for index, tensor in enumerate(tensors):
            assert np.count_nonzero(tensor) == tensor.size
            assert not any(
                tensor.shape == other.shape and np.array_equal(tensor, other)
                for other in tensors[:index]
            )


def test_references_agree_but_where_the_manifest_says(entry, case):
    """To 1e-5 where they have to agree, and by more than a hundredth of their size where not."""
    expected = entry["expect"].get("boundaries", {})
    first, *others = sorted(case.references, key=lambda reference: reference.name)
    own, masks = boundaries(first), validity(first)
    assert not expected or others
    for reference in others:
        other = boundaries(reference)
        for name in own.keys() & other.keys():
            valid = masks.get(name, np.ones(own[name].shape[:2], bool))
            a, b = own[name][valid], other[name][valid]
            distance = np.sqrt(np.mean((a - b) ** 2) / np.mean(a**2))
            assert distance > 1e-2 if name in expected else distance < 1e-5, name
        assert set(expected) <= own.keys()

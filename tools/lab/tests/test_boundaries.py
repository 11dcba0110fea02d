"""The pairs that calibrate boundaries are what their document says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import onnxruntime
import pytest
import torch

from rnn_parity_lab.boundaries import flax_model, keras_model, onnx_model, pytorch_model
from rnn_parity_lab.boundaries.architectures import ARCHITECTURES, Architecture
from rnn_parity_lab.boundaries.drawing import Draw
from rnn_parity_lab.boundaries.faults import FAULTS, model
from rnn_parity_lab.boundaries.plan import FAULTY_ROUNDS, ROUNDS, plan
from rnn_parity_lab.boundaries.steps import Model
from rnn_parity_lab.case import Array


def test_no_architecture_is_more_than_a_tenth_of_a_thousand_honest_pairs() -> None:
    counts = Counter(pair.subject for pair in plan(ROUNDS, FAULTY_ROUNDS) if not pair.fault)
    assert sum(counts.values()) >= 1000
    assert len(counts) >= 20
    assert max(counts.values()) <= sum(counts.values()) / 10


def test_every_pair_has_a_name_of_its_own() -> None:
    names = [pair.name for pair in plan(ROUNDS, FAULTY_ROUNDS)]
    assert len(set(names)) == len(names)


def _drawn(architecture: Architecture, merged: bool) -> Model:
    drawn = architecture.draw(Draw(np.random.default_rng(0), merged))
    if architecture.trained:
        images = np.random.default_rng(1).random((2, 8, 8)).astype(np.float32)
        return Model(drawn.steps, (images,))
    return drawn


def _by_pytorch(drawn: Model) -> Array:
    module = pytorch_model.PyTorchModel(drawn).eval()
    with torch.no_grad():
        return np.asarray(module(*pytorch_model.inputs(drawn)))


def _by_keras(drawn: Model) -> Array:
    inputs = drawn.inputs if len(drawn.inputs) == 1 else [list(drawn.inputs)]
    return np.asarray(keras_model.keras_model(drawn)(*inputs))


def _by_onnx(drawn: Model) -> Array:
    session = onnxruntime.InferenceSession(
        onnx_model.onnx_model(drawn).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return np.asarray(session.run(None, onnx_model.inputs(drawn))[0])


def _by_flax(drawn: Model) -> Array:
    return np.asarray(flax_model.FlaxModel(drawn)(*flax_model.inputs(drawn)))


@pytest.mark.parametrize("port", [_by_keras, _by_onnx, _by_flax], ids=["keras", "onnx", "flax"])
@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=lambda one: one.name)
def test_the_builders_build_one_function(architecture: Architecture, port: Callable[[Model], Array]) -> None:
    """A wrong builder is off by a percent and more. Rounding is by 1e-6, or 1e-4 where what was rounded
    at 100 is normed; but for chaos."""
    drawn = _drawn(architecture, merged=port is _by_flax)
    original, ported = _by_pytorch(drawn), port(drawn)
    assert ported.shape == original.shape
    if not architecture.name.startswith("chaotic"):
        assert np.abs(ported - original).max() < 1e-3 * np.abs(original).max()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_what_the_model_returns(fault: str) -> None:
    right = model(Draw(np.random.default_rng(0)), chaotic=False)
    wrong = Model(FAULTS[fault](right.steps), right.inputs)
    changes = not np.array_equal(_by_pytorch(right), _by_pytorch(wrong))
    assert changes is (fault != "none")

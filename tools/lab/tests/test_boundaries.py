"""The pairs that calibrate boundaries are what their document says of them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import onnxruntime
import pytest
import torch

from rnn_parity_lab.boundaries import onnx_model, pytorch_model
from rnn_parity_lab.boundaries.architectures import ARCHITECTURES, Architecture
from rnn_parity_lab.boundaries.drawing import Draw
from rnn_parity_lab.boundaries.faults import FAULTS, model
from rnn_parity_lab.boundaries.plan import FAULTY_ROUNDS, ROUNDS, plan
from rnn_parity_lab.boundaries.steps import Model


def test_no_architecture_is_more_than_a_tenth_of_a_thousand_honest_pairs() -> None:
    counts = Counter(pair.subject for pair in plan(ROUNDS, FAULTY_ROUNDS) if not pair.fault)
    assert sum(counts.values()) >= 1000
    assert len(counts) >= 20
    assert max(counts.values()) <= sum(counts.values()) / 10


def test_every_pair_has_a_name_of_its_own() -> None:
    names = [pair.name for pair in plan(ROUNDS, FAULTY_ROUNDS)]
    assert len(set(names)) == len(names)


def _drawn(architecture: Architecture) -> Model:
    drawn = architecture.draw(Draw(np.random.default_rng(0)))
    if architecture.trained:
        images = np.random.default_rng(1).random((2, 8, 8)).astype(np.float32)
        return Model(drawn.steps, (images,))
    return drawn


def _by_pytorch(drawn: Model) -> np.ndarray:
    module = pytorch_model.PyTorchModel(drawn).eval()
    with torch.no_grad():
        return module(*pytorch_model.inputs(drawn)).numpy()


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=lambda one: one.name)
def test_the_builders_build_one_function(architecture: Architecture) -> None:
    """A wrong builder is off by a percent and more, rounding by 1e-6, but for chaos."""
    drawn = _drawn(architecture)
    session = onnxruntime.InferenceSession(
        onnx_model.onnx_model(drawn).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (ported,) = session.run(None, onnx_model.inputs(drawn))
    original = _by_pytorch(drawn)
    assert ported.shape == original.shape
    if not architecture.name.startswith("chaotic"):
        assert np.abs(ported - original).max() < 1e-4 * np.abs(original).max()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_what_the_model_returns(fault: str) -> None:
    right = model(Draw(np.random.default_rng(0)), chaotic=False)
    wrong = Model(FAULTS[fault](right.steps), right.inputs)
    changes = not np.array_equal(_by_pytorch(right), _by_pytorch(wrong))
    assert changes is (fault != "none")

"""Recording ONNX Runtime."""

from __future__ import annotations

import numpy as np
import pytest

from rnn_parity_lab import CaseDescription, LayerDescription, run_case
from rnn_parity_lab.description import UnsupportedByFramework


def described(layer, **options):
    usual = {"timesteps": 9, "batch": 3, "input_size": 5, "seed": 5}
    return CaseDescription("onnx", "", (layer, layer), **(usual | options))


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("direction", ["forward", "bidirectional"])
@pytest.mark.parametrize("lengths", [None, (5, 9, 1)])
@pytest.mark.parametrize("initial_state", [False, True])
def test_onnx_runtime_computes_what_pytorch_does(cell, direction, lengths, initial_state):
    case = run_case(
        described(
            LayerDescription(cell, 7, direction),
            lengths=lengths,
            initial_state=initial_state,
            references=("pytorch", "onnxruntime"),
        )
    )
    pytorch, onnx = case.references
    for one, other in zip(pytorch.layers, onnx.layers, strict=True):
        np.testing.assert_allclose(other.output, one.output, rtol=0, atol=1e-6)
        for name, recorded in one.directions.items():
            for field in ("h", "c", "initial_h", "initial_c", "final_h", "final_c"):
                expected, found = getattr(recorded, field), getattr(other.directions[name], field)
                assert (expected is None) == (found is None), field
                if expected is not None:
                    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6, err_msg=field)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("lengths", [None, (5, 9, 1)])
def test_onnx_runtime_runs_backward_only_and_resets_before(cell, lengths):
    layer = LayerDescription(cell, 7, "backward", reset_after=False)
    case = run_case(described(layer, lengths=lengths, references=("keras", "onnxruntime")))
    valid = np.arange(9)[:, None] < (lengths or (9, 9, 9))
    keras, onnx = (reference.layers[0] for reference in case.references)
    np.testing.assert_allclose(onnx.output[valid], keras.output[valid], rtol=0, atol=1e-6)


def test_what_the_operators_lack_is_refused():
    layer = LayerDescription("lstm", 7, projection_size=3)
    with pytest.raises(UnsupportedByFramework, match="projection"):
        run_case(described(layer, references=("onnxruntime",)))

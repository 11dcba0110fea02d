"""From one convention to the other and back."""

from __future__ import annotations

import numpy as np
import pytest

from rnn_parity_lab.conversion import (
    keras_from_pytorch,
    onnx_from_pytorch,
    pytorch_from_keras,
)
from rnn_parity_lab.description import GATES


def pytorch_weights(cell):
    generator = np.random.default_rng(3)
    rows = GATES[cell] * 7
    shapes = {"weight_ih": (rows, 5), "weight_hh": (rows, 7), "bias_ih": rows, "bias_hh": rows}
    return {name: generator.uniform(-1, 1, shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_single_bias_comes_back_as_the_input_bias(cell):
    weights = pytorch_weights(cell)
    back = pytorch_from_keras(cell, keras_from_pytorch(cell, weights))
    np.testing.assert_array_equal(back["weight_ih"], weights["weight_ih"])
    np.testing.assert_array_equal(back["weight_hh"], weights["weight_hh"])
    np.testing.assert_array_equal(back["bias_ih"], weights["bias_ih"] + weights["bias_hh"])
    assert not back["bias_hh"].any()


def test_gru_comes_back_unchanged():
    weights = pytorch_weights("gru")
    back = pytorch_from_keras("gru", keras_from_pytorch("gru", weights))
    for name, tensor in weights.items():
        np.testing.assert_array_equal(back[name], tensor)


def test_gru_gates_change_places():
    weights = pytorch_weights("gru")
    converted = keras_from_pytorch("gru", weights)
    r, z, n = np.split(weights["weight_ih"], 3)
    np.testing.assert_array_equal(converted["kernel"], np.concatenate([z, r, n]).T)
    assert converted["bias"].shape == (2, 21)
    assert keras_from_pytorch("gru", weights, reset_after=False)["bias"].shape == (21,)


def test_onnx_orders_gates_its_own_way_and_keeps_both_biases():
    weights = pytorch_weights("lstm")
    converted = onnx_from_pytorch("lstm", weights)
    i, f, g, o = np.split(weights["weight_ih"], 4)
    np.testing.assert_array_equal(converted["W"], np.concatenate([i, o, f, g]))
    i, f, g, o = np.split(weights["bias_hh"], 4)
    np.testing.assert_array_equal(converted["B"][28:], np.concatenate([i, o, f, g]))
    weights = pytorch_weights("gru")
    r, z, n = np.split(weights["weight_hh"], 3)
    np.testing.assert_array_equal(onnx_from_pytorch("gru", weights)["R"], np.concatenate([z, r, n]))

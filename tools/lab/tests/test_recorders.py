"""Recording one's own modules and models."""

from __future__ import annotations

import time
import warnings

import h5py
import keras
import numpy as np
import pytest
import torch
from torch import nn

from rnn_parity_lab import record_keras, record_pytorch, write_case


@pytest.fixture(autouse=True)
def warnings_are_errors():
    """The recorders warn when running layer by layer gives other bits."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*other bits.*")
        yield


@pytest.fixture
def generator():
    return np.random.default_rng(7)


def uniform(generator, *shape):
    return generator.uniform(-1, 1, shape).astype(np.float32)


@pytest.mark.parametrize("cell", [nn.RNN, nn.GRU, nn.LSTM])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("lengths", [None, [7, 12, 4], [12, 12, 12], [3, 9, 9]])
@pytest.mark.parametrize("size", [7, 33])
def test_pytorch_stacks_are_their_layers(generator, cell, bidirectional, lengths, size):
    directions = 2 if bidirectional else 1
    module = cell(5, size, num_layers=3, bidirectional=bidirectional)
    h0 = torch.tensor(uniform(generator, 3 * directions, 3, size))
    if cell is nn.LSTM:
        h0 = (h0, torch.tensor(uniform(generator, 3 * directions, 3, size)))
    case = record_pytorch(module, torch.tensor(uniform(generator, 12, 3, 5)), h0, lengths)
    layers = case.references[0].layers
    assert len(layers) == 3
    assert all(layer.input is None for layer in layers)


def test_pytorch_batch_first_is_stored_time_major(generator):
    module = nn.GRU(5, 7, batch_first=True)
    x = torch.tensor(uniform(generator, 3, 12, 5))
    case = record_pytorch(module, x)
    assert case.input.shape == (12, 3, 5)
    output, _ = module(x)
    recorded = case.references[0].layers[0].output
    np.testing.assert_array_equal(recorded, output.detach().numpy().swapaxes(0, 1))


def test_pytorch_model_is_recorded_under_its_paths(generator):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = nn.LSTM(5, 7, num_layers=2)
            self.between = nn.Linear(7, 4)
            self.decoder = nn.GRU(4, 6)

        def forward(self, x):
            encoded, _ = self.encoder(x)
            return self.decoder(self.between(encoded))[0]

    case = record_pytorch(Model(), torch.tensor(uniform(generator, 12, 3, 5)))
    layers = case.references[0].layers
    assert [layer.name for layer in layers] == ["encoder.l0", "encoder.l1", "decoder"]
    assert [layer.input is None for layer in layers] == [True, True, False]
    assert layers[2].input.shape == (12, 3, 4)


def test_pytorch_refuses_active_dropout(generator):
    module = nn.RNN(5, 7, num_layers=2, dropout=0.5)
    with pytest.raises(ValueError, match="dropout"):
        record_pytorch(module, torch.tensor(uniform(generator, 12, 3, 5)))


@pytest.mark.parametrize("cell", [keras.layers.SimpleRNN, keras.layers.GRU, keras.layers.LSTM])
@pytest.mark.parametrize("merge_mode", ["concat", "sum", "mul", "ave"])
def test_keras_sequential_model(generator, cell, merge_mode):
    """The last layer returns no sequence in the model, and does in the record."""
    model = keras.Sequential(
        [
            keras.Input((12, 5)),
            keras.layers.Bidirectional(cell(7, return_sequences=True), merge_mode, name="lower"),
            keras.layers.Bidirectional(cell(6), merge_mode, name="upper"),
            keras.layers.Dense(3),
        ]
    )
    case = record_keras(model, uniform(generator, 3, 12, 5))
    layers = case.references[0].layers
    assert [layer.name for layer in layers] == ["lower", "upper"]
    assert all(layer.input is None for layer in layers)
    assert layers[1].output.shape == (12, 3, 12 if merge_mode == "concat" else 6)


def test_keras_functional_model_with_mask_and_states(generator):
    x = keras.Input((12, 5))
    state = keras.Input((7,))
    rnn = keras.layers.SimpleRNN(7, return_sequences=True, name="rnn")
    y = rnn(x, initial_state=[state], mask=keras.ops.any(x != 0, axis=2))
    model = keras.Model([x, state], keras.layers.GRU(4, name="gru")(y))
    sequence, h0 = uniform(generator, 2, 12, 5), uniform(generator, 2, 7)
    sequence[0, 8:] = 0
    before = model([sequence, h0])
    case = record_keras(model, [sequence, h0])
    np.testing.assert_array_equal(case.lengths, [8, 12])
    layers = case.references[0].layers
    np.testing.assert_array_equal(layers[0].directions["forward"].initial_h, h0)
    np.testing.assert_array_equal(layers[1].directions["forward"].final_h, before)
    np.testing.assert_array_equal(model([sequence, h0]), before)


def test_keras_ignores_a_propagated_mask_beside_an_initial_state(generator):
    """So the layer reads every step and the one above does not: no single lengths hold for both."""
    masked = keras.layers.Masking()(np.zeros((2, 12, 5), np.float32))
    rnn = keras.layers.SimpleRNN(7, return_sequences=True)
    output = np.array(rnn(masked, initial_state=uniform(generator, 2, 7)))
    assert not np.array_equal(output[:, 0], output[:, 11])


def test_keras_nested_model(generator):
    inner = keras.Sequential(
        [keras.Input((12, 5)), keras.layers.LSTM(7, return_sequences=True, name="inner")]
    )
    model = keras.Sequential([keras.Input((12, 5)), inner, keras.layers.GRU(4, name="outer")])
    case = record_keras(model, uniform(generator, 2, 12, 5))
    assert [layer.name for layer in case.references[0].layers] == ["inner", "outer"]


def test_keras_backward_layer_is_stored_in_input_time(generator):
    layer = keras.layers.SimpleRNN(7, go_backwards=True, return_sequences=True)
    x = uniform(generator, 3, 12, 5)
    processed = np.array(layer(x))
    record = record_keras(layer, x).references[0].layers[0]
    assert record.direction == "backward"
    np.testing.assert_array_equal(record.output, processed.swapaxes(0, 1)[::-1])


def test_keras_refuses_stateful_layers_and_masks_with_gaps(generator):
    x = uniform(generator, 3, 12, 5)
    with pytest.raises(ValueError, match="stateful"):
        record_keras(keras.layers.GRU(7, stateful=True, return_sequences=True), x)
    model = keras.Sequential(
        [keras.Input((12, 5)), keras.layers.Masking(), keras.layers.SimpleRNN(7)]
    )
    x[0, 3] = 0
    with pytest.raises(ValueError, match="after masked"):
        record_keras(model, x)


def test_one_call_writes_a_file_with_the_same_bytes_again(generator, tmp_path):
    module = nn.LSTM(5, 7, num_layers=2, bidirectional=True)
    x = torch.tensor(uniform(generator, 12, 3, 5))
    paths = [tmp_path / "one.h5", tmp_path / "two.h5"]
    for path in paths:
        record_pytorch(module, x, case="mine", path=path)
        time.sleep(1.1)  # a timestamp would show
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["one.h5", "two.h5"]
    with h5py.File(paths[0]) as file:
        assert file.attrs["case"] == b"mine"
        assert list(file["references/pytorch/layers"]) == ["0", "1"]


def test_joined_runs_must_have_one_input(generator, tmp_path):
    module = nn.RNN(5, 7)
    x = uniform(generator, 12, 3, 5)
    pytorch = record_pytorch(module, torch.tensor(x))
    layer = keras.layers.SimpleRNN(7, return_sequences=True)
    joined = pytorch.joined(record_keras(layer, x.swapaxes(0, 1)))
    assert [reference.name for reference in joined.references] == ["pytorch", "keras"]
    write_case(tmp_path / "joined.h5", joined)
    with pytest.raises(ValueError, match="different inputs"):
        pytorch.joined(record_keras(layer, x.swapaxes(0, 1) + 1))
    with pytest.raises(ValueError, match="two references"):
        pytorch.joined(pytorch)


@pytest.mark.parametrize("cell", [nn.RNN, nn.GRU, nn.LSTM])
def test_a_module_under_autocast_is_recorded_as_it_runs(generator, cell):
    module = cell(5, 7)
    x = torch.tensor(uniform(generator, 12, 3, 5))
    plain = record_pytorch(module, x).references[0].layers[0]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        lowered = record_pytorch(module, x).references[0].layers[0]
        expected = module(x)[0].float().detach().numpy()
    np.testing.assert_array_equal(lowered.output, expected)
    assert not np.array_equal(lowered.output, plain.output)
    weight = lowered.directions["forward"].weights["weight_ih"]
    np.testing.assert_array_equal(weight, module.weight_ih_l0.detach().numpy())


@pytest.mark.parametrize(
    "cell", [keras.layers.SimpleRNN, keras.layers.GRU, keras.layers.LSTM]
)
def test_a_layer_of_a_mixed_policy_is_recorded_as_it_runs(generator, cell):
    layer = cell(7, return_sequences=True, dtype="mixed_bfloat16")
    x = uniform(generator, 3, 12, 5)
    expected = np.asarray(keras.ops.cast(layer(x), "float32"))
    record = record_keras(layer, x).references[0].layers[0]
    assert record.output.dtype == np.float32
    np.testing.assert_array_equal(record.output, expected.swapaxes(0, 1))

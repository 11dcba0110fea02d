"""What `record_keras` writes down is what the model really took and returned, bit for bit.

Runs for the backend that KERAS_BACKEND names, and for tf_keras where RNN_PARITY_KERAS=tf_keras.
"""

from __future__ import annotations

import contextlib
import os
import random
from typing import Any

import numpy as np
import pytest

with contextlib.suppress(ImportError):
    import torch  # noqa: F401  before TensorFlow: the other order aborts the process

keras = pytest.importorskip(os.environ.get("RNN_PARITY_KERAS", "keras"))
if keras.__name__ == "tf_keras":
    import tensorflow as ops
else:
    from keras import ops

from rnn_parity import Case, RecordingError, UnknownModule, UnsupportedModule, record_keras  # noqa: E402
from rnn_parity.case import RecordedLayer  # noqa: E402
from rnn_parity.keras.network import Network  # noqa: E402

L = keras.layers
CELLS = [L.SimpleRNN, L.GRU, L.LSTM]
is_keras3 = keras.__name__ == "keras"
backend = str(keras.backend.backend()) if is_keras3 else "tensorflow"


@pytest.fixture
def generator() -> np.random.Generator:
    keras.utils.set_random_seed(11)
    return np.random.default_rng(7)


def uniform(generator: np.random.Generator, *shape: int) -> np.ndarray:
    return generator.uniform(-1, 1, shape).astype(np.float32)


def array(tensor: Any) -> np.ndarray:
    values = np.asarray(ops.convert_to_numpy(tensor) if is_keras3 else ops.convert_to_tensor(tensor).numpy())
    return values.astype(np.float32) if values.dtype.name == "bfloat16" else values


def major(tensor: Any) -> np.ndarray:
    """(B, T, ·) as (T, B, ·)."""
    return np.swapaxes(array(tensor), 0, 1)


def layers_of(case: Case) -> dict[str, RecordedLayer]:
    return {layer.name: layer for layer in case.references[0].layers}


def equal(found: Any, expected: Any) -> None:
    np.testing.assert_array_equal(found, expected, strict=True)


def record(model: Any, *inputs: Any, **options: Any) -> Case:
    return record_keras(model, *inputs, **{"spread": 0, **options})


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("backwards", [False, True])
def test_a_layer_is_recorded_as_called(generator, cell, backwards):
    layer = cell(7, return_sequences=True, return_state=True, go_backwards=backwards)
    x = uniform(generator, 3, 12, 5)
    output, *states = layer(x)
    case = record(layer, x)
    (recorded,) = case.references[0].layers
    one = recorded.passes["backward" if backwards else "forward"]
    equal(recorded.input, major(x))
    equal(recorded.output, major(output)[::-1] if backwards else major(output))
    equal(one.final.h, array(states[0]))
    if cell is L.LSTM:
        equal(one.final.c, array(states[1]))
        last = one.c[0] if backwards else one.c[-1]
        np.testing.assert_allclose(last, array(states[1]), atol=1e-6)
    equal(case.input, major(x))


@pytest.mark.skipif(backend != "tensorflow", reason="fused kernels of the others give other bits")
@pytest.mark.parametrize("backwards", [False, True])
def test_stepped_states_are_the_bits_of_the_call(generator, backwards):
    layer = L.LSTM(33, return_sequences=True, return_state=True, go_backwards=backwards)
    x = uniform(generator, 3, 20, 5)
    output, h, c = layer(x)
    one = next(iter(record(layer, x).references[0].layers[0].passes.values()))
    equal(one.h[::-1] if backwards else one.h, major(output))
    equal(one.c[0] if backwards else one.c[-1], array(c))


@pytest.mark.parametrize("cell", CELLS)
def test_a_last_output_is_the_final_state_and_not_a_sequence_of_another_run(generator, cell):
    layer = cell(6)
    x = uniform(generator, 3, 9, 5)
    expected = array(layer(x))
    (recorded,) = record(layer, x).references[0].layers
    assert recorded.output is None
    equal(recorded.passes["forward"].final.h, expected)
    np.testing.assert_allclose(recorded.passes["forward"].h[-1], expected, atol=1e-6)


@pytest.mark.parametrize("merge", ["concat", "sum", "mul", "ave", None])
@pytest.mark.parametrize("cell", CELLS)
def test_bidirectional_layers_are_recorded_merged_and_by_half(generator, cell, merge):
    layer = L.Bidirectional(cell(4, return_sequences=True), merge_mode=merge)
    x = uniform(generator, 3, 8, 5)
    returned = layer(x)
    (recorded,) = record(layer, x).references[0].layers
    forward, backward = major(layer.forward_layer(x)), major(layer.backward_layer(x))[::-1]
    whole = np.concatenate([major(each) for each in returned], -1) if merge is None else major(returned)
    equal(recorded.output, whole)
    np.testing.assert_allclose(recorded.passes["forward"].h, forward, atol=1e-6)
    np.testing.assert_allclose(recorded.passes["backward"].h, backward, atol=1e-6)
    assert recorded.merge_mode == (merge or "concat")


def test_halves_with_their_own_activation_say_so_by_direction(generator):
    layer = L.Bidirectional(
        L.LSTM(4, return_sequences=True),
        backward_layer=L.LSTM(4, go_backwards=True, return_sequences=True, activation="relu"),
    )
    (recorded,) = record(layer, uniform(generator, 3, 8, 5)).references[0].layers
    assert recorded.activation.name == "tanh"
    assert recorded.passes["forward"].activation is None
    assert recorded.passes["backward"].activation.name == "relu"


def test_unlike_halves_are_two_layers(generator):
    layer = L.Bidirectional(
        L.LSTM(4, return_sequences=True),
        backward_layer=L.GRU(3, go_backwards=True, return_sequences=True),
        name="bi",
    )
    x = uniform(generator, 3, 8, 5)
    output = major(layer(x))
    found = layers_of(record(layer, x))
    assert list(found) == ["bi.forward", "bi.backward"]
    equal(found["bi.forward"].output, output[..., :4])
    equal(found["bi.backward"].output, output[..., 4:])


@pytest.mark.parametrize("make", [list, L.StackedRNNCells])
def test_a_stack_of_cells_is_its_layers(generator, make):
    cells = [L.LSTMCell(4), L.GRUCell(3), L.SimpleRNNCell(6)]
    layer = L.RNN(make(cells), return_sequences=True, name="stack")
    x = uniform(generator, 3, 8, 5)
    output = major(layer(x))
    found = layers_of(record(layer, x))
    assert [(name, one.cell) for name, one in found.items()] == [
        ("stack.l0", "lstm"),
        ("stack.l1", "gru"),
        ("stack.l2", "rnn"),
    ]
    equal(found["stack.l2"].output, output)
    equal(found["stack.l1"].input, found["stack.l0"].passes["forward"].h)


def test_every_recurrent_layer_beside_each_other_is_recorded(generator):
    """Keras `LSTM` before `RNN(LSTMCell)`, and a subclass: only the first used to be."""

    class Mine(L.GRU):
        pass

    model = keras.Sequential(
        [
            L.LSTM(4, return_sequences=True, name="one"),
            L.RNN(L.LSTMCell(3), return_sequences=True, name="two"),
            Mine(2, return_sequences=True, name="three"),
        ]
    )
    x = uniform(generator, 3, 8, 5)
    expected = major(model(x))
    found = layers_of(record(model, x))
    assert list(found) == ["one", "two", "three"]
    equal(found["three"].output, expected)
    equal(found["two"].input, found["one"].output)


MASKS = {
    "right": [[1, 1, 1, 1, 1, 0], [1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1]],
    "left": [[0, 1, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1], [1, 1, 1, 1, 1, 1]],
    "gaps": [[1, 0, 1, 1, 0, 1], [0, 0, 1, 0, 1, 0], [1, 1, 1, 1, 1, 1]],
    "empty": [[1, 1, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1]],
}


@pytest.mark.parametrize("shape", MASKS)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("backwards", [False, True])
def test_masks_of_any_shape(generator, shape, cell, backwards):
    mask = np.array(MASKS[shape], bool)
    x = np.where(mask[..., None], uniform(generator, 3, 6, 5), 0).astype(np.float32)
    layer = cell(4, return_sequences=True, return_state=True, go_backwards=backwards)
    symbol = keras.Input((6, 5))
    model = keras.Model(symbol, layer(L.Masking()(symbol)))
    output, *states = model(x)
    (recorded,) = record(model, x).references[0].layers
    equal(recorded.valid, mask.T)
    assert (recorded.lengths is not None) == (shape in ("right", "empty"))
    assert recorded.empty_final == ("initial" if shape == "empty" else None)
    one = next(iter(recorded.passes.values()))
    equal(recorded.output[::-1] if backwards else recorded.output, major(output))
    equal(one.final.h, array(states[0]))
    ends = {"backward": mask.argmax(1), "forward": 5 - mask[:, ::-1].argmax(1)}[recorded.direction]
    for sequence, end in enumerate(ends):
        if mask[sequence].any():
            np.testing.assert_allclose(one.h[end, sequence], one.final.h[sequence], atol=1e-6)


def test_embedding_masks_and_bidirectional_layers(generator):
    model = keras.Sequential([L.Embedding(9, 5, mask_zero=True), L.Bidirectional(L.LSTM(4)), L.Dense(2)])
    tokens = np.array([[0, 0, 3, 4], [1, 2, 0, 3]])
    expected = array(model(tokens))
    case = record(model, tokens)
    (recorded,) = case.references[0].layers
    equal(recorded.mask, tokens.T != 0)
    ends = case.references[0].model
    equal(ends.outputs["output"], expected)
    (given,) = ends.inputs.values()
    equal(given, tokens)
    halves = np.concatenate([recorded.passes[name].final.h for name in ("forward", "backward")], 1)
    equal(array(model.layers[-1](halves)), expected)


def test_initial_states_are_what_the_call_was_given(generator):
    x, given = keras.Input((6, 5)), keras.Input((4,))
    sequence, h, c = L.LSTM(4, return_sequences=True, return_state=True, name="encoder")(x)
    computed = L.Dense(4, activation="tanh", name="bridge")(given)
    model = keras.Model(
        [x, given],
        [
            L.GRU(4, name="given")(sequence, initial_state=given),
            L.GRU(4, name="computed")(sequence, initial_state=computed),
            L.LSTM(4, name="carried")(sequence, initial_state=[h, c]),
        ],
    )
    arrays = [uniform(generator, 3, 6, 5), uniform(generator, 3, 4)]
    found = layers_of(record(model, arrays))
    sources = {name: one.passes["forward"].source for name, one in found.items()}
    assert sources == {"encoder": None, "given": "given", "computed": "computed", "carried": "carried"}
    equal(found["given"].passes["forward"].initial.h, arrays[1])
    bridged = array(model.get_layer("bridge")(arrays[1]))
    equal(found["computed"].passes["forward"].initial.h, bridged)
    equal(found["carried"].passes["forward"].initial.c, found["encoder"].passes["forward"].final.c)


def test_a_stateful_layer_shows_the_state_before_the_call_and_keeps_it(generator):
    layer = L.LSTM(4, stateful=True, return_sequences=True)
    x = uniform(generator, 3, 6, 5)
    layer(x)
    before = [array(state) for state in layer.states]
    (recorded,) = record(layer, x).references[0].layers
    equal(recorded.passes["forward"].initial.h, before[0])
    equal(recorded.passes["forward"].initial.c, before[1])
    for state, value in zip(layer.states, before):
        equal(array(state), value)


class Own(L.LSTMCell):
    def call(self, inputs, states, training=None):
        output, new = super().call(inputs, states)
        return output * 1.5, new


def test_what_has_its_own_call_is_refused_by_name_or_left_out(generator):
    x = uniform(generator, 3, 6, 5)
    inner = L.LSTM(4, return_sequences=True, name="odd")
    inner.cell = Own(4)
    model = keras.Sequential([inner, L.GRU(3, name="fine")])
    with pytest.raises(UnsupportedModule, match=r'odd.*ignore=\["odd"\].*Own'):
        record(model, x)
    case = record(model, x, ignore=["odd"])
    assert list(layers_of(case)) == ["fine"]
    (left,) = case.references[0].model.left_out
    assert (left.path, left.by) == ("odd", "user")


def refused_layers() -> dict[str, Any]:
    class Subclass(L.GRU):
        def call(self, sequences, initial_state=None, mask=None, training=False):
            return super().call(sequences, initial_state=initial_state, mask=mask, training=training)

    patched = L.GRU(3)
    original = patched.call
    patched.call = lambda *args, **kwargs: original(*args, **kwargs)
    inside = L.GRU(3)
    step = inside.cell.call
    inside.cell.call = lambda *args, **kwargs: step(*args, **kwargs)
    exchanged = L.SimpleRNN(3)
    exchanged.cell = L.GRUCell(3)

    def tanh(x):
        return x * 0.5

    return {
        "subclass": Subclass(3),
        "patched": patched,
        "patched cell": inside,
        "exchanged": exchanged,
        "custom cell": L.RNN(Own(3)),
        "custom activation": L.LSTM(3, activation=tanh),
        "no formula": L.GRU(3, activation="swish"),
        "custom half": L.Bidirectional(L.RNN(L.LSTMCell(3)), backward_layer=L.RNN(Own(3), go_backwards=True)),
    }


@pytest.mark.parametrize("kind", refused_layers())
def test_what_has_no_formula_is_refused(generator, kind):
    layer = refused_layers()[kind]
    with pytest.raises(UnsupportedModule) as error:
        record(keras.Sequential([layer]), uniform(generator, 3, 6, 5))
    assert layer.name in str(error.value)


def test_convolutional_layers_are_refused(generator):
    with pytest.raises(UnsupportedModule, match="ConvLSTMCell"):
        record(L.ConvLSTM1D(2, 2), uniform(generator, 2, 3, 4, 5))


def test_an_unknown_path_in_ignore_is_an_error(generator):
    with pytest.raises(UnknownModule, match="nowhere.*known"):
        record(keras.Sequential([L.GRU(3, name="known")]), uniform(generator, 3, 6, 5), ignore=["nowhere"])


def test_dropout_switched_on_inside_is_seen(generator):
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.rnn = L.GRU(4, dropout=0.5, return_sequences=True)
            self.head = L.Dense(2)

        def call(self, x):
            return self.head(self.rnn(x, training=True))

    model = Model()
    x = uniform(generator, 3, 6, 5)
    model(x)
    case = record(model, x)
    (recorded,) = case.references[0].layers
    assert dict(recorded.other_options) == {"dropout": 0.5}
    equal(array(model.head(np.swapaxes(recorded.output, 0, 1))), case.references[0].model.outputs["output"])


def test_dropout_between_layers_is_in_what_the_next_was_fed(generator):
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.lower = L.GRU(4, return_sequences=True)
            self.drop = L.Dropout(0.5)
            self.upper = L.GRU(3)

        def call(self, x):
            return self.upper(self.drop(self.lower(x), training=True))

    model = Model()
    x = uniform(generator, 3, 6, 5)
    model(x)
    found = layers_of(record(model, x))
    dropped = found["upper"].input == 0
    assert 0.2 < dropped.mean() < 0.8
    equal(found["upper"].input[~dropped], (found["lower"].output * np.float32(2))[~dropped])


class Decoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.cell = L.LSTMCell(4)
        self.head = L.Dense(5)

    def call(self, x):
        state, seen = [x[:, 0, :4], x[:, 1, :4]], []
        step = x[:, 0]
        for _ in range(6):
            output, state = self.cell(step, state)
            step = self.head(output)
            seen.append(step)
        return seen


def test_a_cell_in_a_loop_is_one_sequence(generator):
    model = Decoder()
    x = uniform(generator, 3, 6, 5)
    steps = [array(step) for step in model(x)]
    case = record(model, x)
    (recorded,) = case.references[0].layers
    assert (recorded.name, recorded.calls.kind, recorded.extent) == ("cell", "chained", (6, 3))
    equal(recorded.input, np.stack([x[:, 0], *steps[:-1]]))
    equal(array(model.head(recorded.output[-1])), steps[-1])
    # The head is called once a step beside a cell that is recorded.
    assert case.references[0].model.repeated == ()


class HandWritten(Decoder):
    """The same loop with a recurrence of dense layers in front of it."""

    def __init__(self):
        super().__init__()
        self.read, self.carry = L.Dense(4), L.Dense(4)

    def call(self, x):
        h = self.carry(x[:, 0, :4])
        for t in range(1, 3):
            h = self.carry(h) + self.read(x[:, t])
        return [h, super().call(x)]


def test_a_recurrence_of_dense_layers_is_named_beside_a_decoder_loop(generator):
    repeated = record(HandWritten(), uniform(generator, 3, 6, 5)).references[0].model.repeated
    assert [(one.path, one.calls) for one in repeated] == [("carry", 3)]


def test_one_layer_called_twice_is_stacked_and_two_that_share_weights_say_so(generator):
    shared = L.GRU(4, name="shared")
    x, y = keras.Input((6, 5)), keras.Input((6, 5))
    z = keras.Input((9, 5))
    model = keras.Model([x, y, z], [shared(x), shared(y), shared(z)])
    arrays = [uniform(generator, 3, 6, 5), uniform(generator, 3, 6, 5), uniform(generator, 3, 9, 5)]
    layers = record(model, arrays).references[0].layers
    assert [layer.name for layer in layers] == ["shared", "shared-2"]
    assert layers[1].weights_of == 0 and not layers[1].passes["forward"].weights
    together, alone = sorted(layers, key=lambda layer: layer.extent)
    assert together.calls.kind == "stacked" and together.calls.sizes == (3, 3)
    both = {major(arrays[0]).tobytes(), major(arrays[1]).tobytes()}
    assert {part.tobytes() for part in np.split(together.input, 2, axis=1)} == both
    equal(alone.input, major(arrays[2]))


def test_chunks_that_pass_their_state_are_one_sequence(generator):
    class Chunks(keras.Model):
        def __init__(self):
            super().__init__()
            self.rnn = L.LSTM(4, return_sequences=True, return_state=True)

        def call(self, x):
            first, *state = self.rnn(x[:, :2])
            second, *_ = self.rnn(x[:, 2:], initial_state=state)
            return first, second

    model = Chunks()
    x = uniform(generator, 3, 6, 5)
    first, second = model(x)
    (recorded,) = record(model, x).references[0].layers
    assert recorded.calls.sizes == (2, 4)
    equal(recorded.output, np.concatenate([major(first), major(second)]))


def test_layers_that_were_not_called_are_listed(generator):
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.used, self.unused = L.GRU(4), L.LSTM(4)

        def call(self, x):
            return self.used(x)

    case = record(Model(), uniform(generator, 3, 6, 5))
    assert case.references[0].model.unused == ("unused",)


def test_a_layer_that_the_model_does_not_track_is_recorded(generator):
    hidden = [L.GRU(4, return_sequences=True, name="hidden")]
    model = keras.Sequential([L.Lambda(lambda x: hidden[0](x)), L.SimpleRNN(3, name="shown")])
    x = uniform(generator, 3, 6, 5)
    found = layers_of(record(model, x))
    assert list(found) == ["hidden", "shown"]


def test_several_inputs_keywords_and_dictionaries(generator):
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.rnn = L.GRU(4)

        def call(self, x, scale=None, training=None):
            return {"out": self.rnn(x * scale), "twice": x * 2}

    x, scale = uniform(generator, 3, 6, 5), uniform(generator, 5)
    case = record(Model(), x, kwargs={"scale": ops.convert_to_tensor(scale)})
    ends = case.references[0].model
    equal(ends.inputs["x"], x)
    equal(ends.inputs["scale"], scale)
    assert set(ends.outputs) == {"out", "twice"}
    equal(case.references[0].layers[0].input, major(x * scale))


@pytest.mark.parametrize(
    "policy, precision, stored",
    [
        ("mixed_bfloat16", "mixed-bfloat16", np.float32),
        ("mixed_float16", "mixed-float16", np.float16),
        ("bfloat16", "bfloat16", np.float32),
        ("float16", "float16", np.float16),
        ("float64", None, np.float64),
    ],
)
@pytest.mark.parametrize("cell", CELLS)
def test_a_policy_is_declared_and_its_arithmetic_recorded(generator, cell, policy, precision, stored):
    if backend == "jax" and policy == "float64":
        pytest.skip("JAX computes in float32 unless told otherwise")
    if backend == "torch" and policy == "float16":
        pytest.skip("torch on a CPU has no float16 products everywhere")
    if backend == "torch" and policy == "float64" and cell is L.SimpleRNN:
        precision, stored = "float32", np.float32  # as its products are: it has no fused function
    layer = cell(
        4,
        return_sequences=True,
        recurrent_initializer="glorot_uniform",  # there is no orthogonal one of bfloat16
        dtype=policy if is_keras3 else keras.mixed_precision.Policy(policy),
    )
    x = uniform(generator, 3, 6, 5)
    expected = major(layer(x))
    (recorded,) = record(layer, x).references[0].layers
    assert recorded.precision == precision
    assert recorded.output.dtype == stored
    equal(recorded.output, expected.astype(stored))
    weight = recorded.passes["forward"].weights["kernel"]
    own = array(layer.weights[0])
    equal(weight, own.astype(np.float32) if precision == "float32" else own)


def test_time_distributed_layers_are_stacked(generator):
    model = keras.Sequential([L.TimeDistributed(L.LSTM(4, name="inner"), name="outer"), L.GRU(3, name="top")])
    x = uniform(generator, 2, 3, 6, 5)
    model(x)
    found = layers_of(record(model, x))
    assert list(found) == ["outer.inner", "top"]
    last = found["outer.inner"].passes["forward"].final.h
    assert {row.tobytes() for row in last} == {row.tobytes() for row in found["top"].input.reshape(6, 4)}


def test_bare_layers_with_states_and_lengths(generator):
    layers = [L.GRU(4, return_sequences=True), L.Bidirectional(L.LSTM(3, return_sequences=True))]
    x = uniform(generator, 3, 6, 5)
    states = [[uniform(generator, 3, 4)], [uniform(generator, 3, 3) for _ in range(4)]]
    case = record(layers, x, initial_states=states, lengths=[6, 2, 4])
    equal(case.input, major(x))
    equal(case.lengths, np.array([6, 2, 4]))
    lower, upper = case.references[0].layers
    equal(lower.lengths, np.array([6, 2, 4]))
    equal(lower.passes["forward"].initial.h, states[0][0])
    equal(upper.passes["backward"].initial.c, states[1][3])
    with pytest.raises(TypeError, match="kwargs="):
        record(keras.Sequential(layers), x, lengths=[6, 2, 4])


def test_the_model_and_all_random_state_are_left_as_they_were(generator):
    model = keras.Sequential(
        [L.GRU(4, return_sequences=True, dropout=0.5, name="a"), L.BatchNormalization(), L.LSTM(3)]
    )
    x = uniform(generator, 3, 6, 5)
    model(x)
    model.layers[0].trainable = False
    weights = [array(weight) for weight in getattr(model, "variables", model.weights)]
    methods = {cls: dict(vars(cls)) for cls in (L.RNN, L.LSTM, L.GRU, L.Layer, L.LSTMCell)}
    python, legacy = random.getstate(), np.random.get_state()[1].copy()
    record_keras(model, x, kwargs={"training": True}, spread=2)
    assert random.getstate() == python
    equal(np.random.get_state()[1], legacy)
    for found, before in zip(getattr(model, "variables", model.weights), weights):
        equal(array(found), before)
    assert all(vars(cls)[name] is value for cls, own in methods.items() for name, value in own.items())
    assert not model.layers[0].trainable and model.layers[2].trainable


def boundary_model() -> Any:
    return keras.Sequential(
        [
            L.LSTM(8, return_sequences=True, name="lower"),
            L.LayerNormalization(),
            L.Dense(5),
            L.GRU(4, return_sequences=True, name="upper"),
            L.Dense(3),
        ]
    )


def test_the_spread_measures_every_boundary_by_rounding_and_no_more(generator):
    model = boundary_model()
    x = uniform(generator, 3, 6, 5)
    case = record_keras(model, x, spread=4)
    spread = case.references[0].model.spread
    assert spread.runs == 4
    assert set(spread.boundaries) == {"layers/0/input", "layers/1/input", "outputs/output"}
    for boundary in spread.boundaries.values():
        assert 1e-9 < boundary.whole < 1e-5
    assert spread.boundaries["outputs/output"].whole > 2**-24
    again = record_keras(model, x, spread=4).references[0].model.spread
    assert {k: v.whole for k, v in again.boundaries.items()} == {
        k: v.whole for k, v in spread.boundaries.items()
    }


def test_held_spread_is_that_of_a_run_pinned_to_itself(generator):
    model, x = boundary_model(), uniform(generator, 3, 6, 5)
    first = record_keras(model, x, spread=4)
    again = record_keras(model, x, spread=4, given=first)
    held, pinned = (case.references[0].model.spread for case in (first, again))
    assert {k: v.whole for k, v in held.held.items()} == {k: v.whole for k, v in pinned.boundaries.items()}
    assert held.held["layers/1/input"].whole < held.boundaries["layers/1/input"].whole


def test_pinned_layers_return_what_the_other_recorded_and_record_what_they_computed(generator):
    x = uniform(generator, 3, 6, 5)
    model = boundary_model()
    free = record_keras(model, x, spread=2)
    lower = model.get_layer("lower")
    lower.set_weights([weight * 1.25 for weight in lower.get_weights()])
    pinned = record_keras(model, x, spread=2, given=free)
    equal(layers_of(pinned)["upper"].input, layers_of(free)["upper"].input)
    equal(pinned.references[0].model.outputs["output"], free.references[0].model.outputs["output"])
    assert not np.array_equal(layers_of(pinned)["lower"].output, layers_of(free)["lower"].output)
    equal(layers_of(pinned)["lower"].output, major(lower(x)))
    assert pinned.references[0].model.spread.pinned == "keras of keras"


@pytest.mark.parametrize("merge", ["concat", "sum", None])
@pytest.mark.parametrize("sequences", [False, True])
def test_pinned_layers_of_every_shape_return_the_same_again(generator, merge, sequences):
    """Pinned to its own recording, a model runs as it did."""
    x = keras.Input((6, 5))
    masked = L.Masking()(x)
    both = L.Bidirectional(L.LSTM(4, return_sequences=sequences, return_state=True), merge_mode=merge)(masked)
    back = L.GRU(3, go_backwards=True, return_sequences=sequences, return_state=True)(masked)
    stack = L.RNN([L.LSTMCell(4), L.GRUCell(3)], return_sequences=sequences)(masked)
    model = keras.Model(x, [*both, *back, stack])
    data = uniform(generator, 3, 6, 5)
    data[0, :2] = data[1, 3:] = 0
    free = record(model, data)
    pinned = record(model, data, given=free)
    for name, value in free.references[0].model.outputs.items():
        np.testing.assert_allclose(pinned.references[0].model.outputs[name], value, atol=1e-6)


def test_a_decoder_loop_can_be_pinned(generator):
    model = Decoder()
    x = uniform(generator, 3, 6, 5)
    free = record_keras(model, x, spread=2)
    pinned = record_keras(model, x, spread=2, given=free)
    for name, value in free.references[0].model.outputs.items():
        equal(pinned.references[0].model.outputs[name], value)


class OutputAsState(keras.Model):
    def __init__(self):
        super().__init__()
        self.cell = L.GRUCell(4)

    def call(self, x):
        state, seen = x[:, 0, :4] * 2, []
        for t in range(6):
            state, _ = self.cell(x[:, t], [state])
            seen.append(state)
        return seen


def test_a_pinned_loop_that_passes_outputs_on_is_still_one_sequence(generator):
    first, second = OutputAsState(), OutputAsState()
    x = uniform(generator, 3, 6, 5)
    second(x)
    other = record(first, x)
    own = layers_of(record(second, x))["cell"]
    pinned = layers_of(record(second, x, given=other))["cell"]
    equal(pinned.output, own.output)
    assert pinned.calls.kind == "chained"


def test_a_file_holds_the_recording(generator, tmp_path):
    model = boundary_model()
    case = record_keras(model, uniform(generator, 3, 6, 5), spread=2, path=tmp_path / "model.h5")
    read = Case.load(tmp_path / "model.h5")
    equal(layers_of(read)["upper"].output, layers_of(case)["upper"].output)
    equal(
        read.references[0].model.spread.boundaries["outputs/output"].axes[0],
        case.references[0].model.spread.boundaries["outputs/output"].axes[0],
    )


def test_a_model_without_recurrent_layers_is_an_error(generator):
    with pytest.raises(RecordingError, match="none"):
        record(keras.Sequential([L.Dense(3)]), uniform(generator, 3, 6, 5))


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bare_layers_held_spread_is_that_of_a_run_pinned_to_itself_and_takes_none(
    generator, monkeypatch, layers
):
    chain = [L.LSTM(6, return_sequences=True), L.GRU(5, return_sequences=True, return_state=True)][:layers]
    x = uniform(generator, 3, 7, 5)
    runs = []
    run = Network.run
    monkeypatch.setattr(Network, "run", lambda *args, **options: runs.append(args) or run(*args, **options))
    first = record(chain, x, spread=3)
    assert len(runs) == 1 + 3
    monkeypatch.undo()
    again = record(chain, x, spread=3, given=first)
    held, pinned = (case.references[0].model.spread for case in (first, again))
    assert held.pinned is None and held.held.keys() == held.boundaries.keys()
    for name, spread in held.held.items():
        assert spread.whole == pinned.boundaries[name].whole
        for own, other in zip(spread.axes, pinned.boundaries[name].axes):
            equal(own, other)
    returned = [name for name in held.held if name.startswith("outputs/")]
    assert all(held.held[name].whole < held.boundaries[name].whole for name in returned)


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def one_step(cell: str, weights: dict[str, np.ndarray], x: np.ndarray, h: np.ndarray, c: np.ndarray | None):
    """The next h and c (B, H) in float64, and by how many units of 1 their sums may be off."""
    kernel, recurrent, bias = (np.float64(weights[k]) for k in ("kernel", "recurrent_kernel", "bias"))
    z = x @ kernel + h @ recurrent + bias
    size = (np.abs(x) @ np.abs(kernel) + np.abs(h) @ np.abs(recurrent) + np.abs(bias)).max()
    # A rounding for each product, each sum, and each of the few operations behind them, none of which is
    # steeper than 1 and none of whose results is larger than 1 + |c|.
    units = (len(kernel) + len(recurrent) + 2) * size
    if cell == "rnn":
        return np.tanh(z), None, units + 2
    i, f, g, o = np.split(z, 4, axis=1)
    new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(new), new, (units + 8) * (2 + np.abs(c).max())


@pytest.mark.parametrize("options", [{}, {"lengths": [9, 3, 5]}], ids=str)
@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("cell", [L.SimpleRNN, L.LSTM])
def test_every_step_of_a_float64_layer_is_as_exact_as_its_type_says(generator, cell, sequences, options):
    """Keras makes products of float64 in float32 on some backends, in some calls: those are recorded so."""
    layer = cell(7, return_sequences=sequences, bias_initializer="random_normal", dtype="float64")
    (recorded,) = record(layer, generator.uniform(-1, 1, (3, 9, 5)), **options).references[0].layers
    one = recorded.passes["forward"]
    assert {a.dtype for a in (recorded.input, one.h, *one.weights.values())} == {one.h.dtype}
    if backend == "tensorflow":
        assert one.h.dtype == np.float64
    h, c = np.zeros((3, 7)), np.zeros((3, 7))
    for step in range(9):
        valid = np.ones(3, bool) if recorded.valid is None else recorded.valid[step]
        new, carry, units = one_step(recorded.cell, one.weights, np.float64(recorded.input[step]), h, c)
        allowed = units * np.finfo(one.h.dtype).eps
        assert np.abs(one.h[step] - new)[valid].max() <= allowed
        if carry is not None:
            assert np.abs(one.c[step] - carry)[valid].max() <= allowed
            c = np.float64(one.c[step])
        h = np.float64(one.h[step])
    if not options:
        assert one.final is None or one.final.h is None or np.abs(one.final.h - h).max() <= allowed

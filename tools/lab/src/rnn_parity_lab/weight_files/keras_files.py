"""What Keras 3 and Keras 2 (tf_keras) write: whole models and weights, in each of their HDF5 layouts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnn_parity import record_keras

from .stable_archive import make_stable
from .weight_file import INPUT, STEPS, Answers, WeightFile, draw_all, draw_input

Builder = Callable[[Any], Any]
"""Makes a model, of (T, I), with the framework it is given: keras or tf_keras."""


def files() -> list[WeightFile]:
    """Each network as the layout writes it that has something of its own to say of it."""
    return [
        _model("keras-rnn-relu", "A SimpleRNN with relu, and a dense head.", _relu),
        _model("keras-lstm", "An LSTM that returns its last output, and a dense head.", _lstm),
        _model("keras-gru", "A GRU and a dense layer at every step.", _gru),
        _model("keras-gru-reset-before", "A GRU that resets before its product.", _reset_before),
        _model(
            "keras-bidirectional", "A bidirectional LSTM and a GRU whose halves are added.", _bidirectional
        ),
        _model("keras-stacked", "Three layers in the opposite of the order of their names.", _stacked),
        _model("keras-nested", "A model within a model.", _nested),
        _model("keras-backwards", "A GRU without biases that reads from the end.", _backwards),
        _model("keras-cells", "RNN layers around an LSTM cell and around two GRU cells.", _cells),
        _model("keras2-lstm", "An LSTM and a dense head, in Keras 2.", _lstm, framework="tf_keras"),
        _model("keras2-bidirectional", "As keras-bidirectional, in Keras 2.", _bidirectional, "tf_keras"),
        _weights("keras-stacked-only-weights", "The weights of keras-stacked.", _stacked),
        _weights("keras2-gru-only-weights", "The weights of a GRU, in Keras 2.", _gru, "tf_keras"),
        _weights("keras2-stacked-only-weights", "As keras-stacked, in Keras 2.", _stacked, "tf_keras"),
        _vars("keras-rnn-relu-vars", "The weights of keras-rnn-relu.", _relu),
        _vars("keras-gru-reset-before-vars", "The weights of keras-gru-reset-before.", _reset_before),
        _vars("keras-bidirectional-vars", "The weights of keras-bidirectional.", _bidirectional),
        _vars("keras-stacked-vars", "The weights of keras-stacked.", _stacked),
        _vars("keras-nested-vars", "The weights of keras-nested.", _nested),
        _vars("keras-cells-vars", "The weights of keras-cells.", _cells),
        _vars("keras2-lstm-vars", "An LSTM and a dense head, in Keras 2.", _lstm, "tf_keras"),
        _archive("keras-archive", "The network of keras-gru-reset-before.", _reset_before),
    ]


def _model(name: str, description: str, build: Builder, framework: str = "keras") -> WeightFile:
    def save(path: Path) -> Answers:
        model = _built(build, framework)
        model.save(str(path))
        return _answers(model)

    return WeightFile(name, ".h5", "keras-legacy-model", description, save)


def _weights(name: str, description: str, build: Builder, framework: str = "keras") -> WeightFile:
    def save(path: Path) -> Answers:
        model = _built(build, framework)
        if framework == "tf_keras":
            model.save_weights(str(path))
        else:
            _save_legacy_weights(model, path)
        return _answers(model)

    return WeightFile(name, ".h5", "keras-legacy-weights", description, save)


def _save_legacy_weights(model: Any, path: Path) -> None:
    """As Keras 3 writes the weights into its legacy models: of these alone it has no public writer."""
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def _vars(name: str, description: str, build: Builder, framework: str = "keras") -> WeightFile:
    def save(path: Path) -> Answers:
        model = _built(build, framework)
        model.save_weights(str(path))
        return _answers(model)

    return WeightFile(name, ".weights.h5", "keras-weights", description, save)


def _archive(name: str, description: str, build: Builder) -> WeightFile:
    def save(path: Path) -> Answers:
        model = _built(build, "keras")
        model.save(str(path))
        make_stable(path)
        return _answers(model)

    return WeightFile(name, ".keras", "keras-archive", description, save)


def _built(build: Builder, framework: str) -> Any:
    """With drawn weights; Keras counts unnamed layers from 1 again."""
    import importlib

    keras = importlib.import_module(framework)
    keras.backend.clear_session()
    model = build(keras)
    model.set_weights(draw_all(tuple(weight.shape) for weight in model.weights))
    return model


def _answers(model: Any) -> Answers:
    case = record_keras(model, draw_input(), spread=0)
    return Answers(case, {_path(weight): tuple(weight.shape) for weight in model.weights})


def _path(weight: Any) -> str:
    return str(getattr(weight, "path", weight.name)).removesuffix(":0")


def _relu(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Input((STEPS, INPUT)),
            layers.SimpleRNN(4, activation="relu", name="rnn"),
            layers.Dense(2, name="head"),
        ],
        name="model",
    )


def _lstm(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential(
        [layers.Input((STEPS, INPUT)), layers.LSTM(4, name="lstm"), layers.Dense(2, name="head")],
        name="model",
    )


def _gru(keras: Any) -> Any:
    layers = keras.layers
    entry = keras.Input((STEPS, INPUT), name="sequence")
    hidden = layers.GRU(4, return_sequences=True, name="gru")(entry)
    return keras.Model(entry, layers.Dense(2, activation="tanh", name="head")(hidden), name="model")


def _reset_before(keras: Any) -> Any:
    layers = keras.layers
    gru = layers.GRU(
        4, reset_after=False, recurrent_activation="hard_sigmoid", return_sequences=True, name="gru"
    )
    return keras.Sequential([layers.Input((STEPS, INPUT)), gru], name="model")


def _bidirectional(keras: Any) -> Any:
    layers = keras.layers
    entry = keras.Input((STEPS, INPUT), name="sequence")
    lstm = layers.Bidirectional(layers.LSTM(3, return_sequences=True, name="lstm"), name="reader")
    gru = layers.Bidirectional(
        layers.GRU(2, return_sequences=True, activation="softsign", name="gru"),
        merge_mode="sum",
        name="adder",
    )
    return keras.Model(entry, gru(lstm(entry)), name="model")


def _stacked(keras: Any) -> Any:
    layers = keras.layers
    entry = keras.Input((STEPS, INPUT), name="sequence")
    hidden = layers.LSTM(4, return_sequences=True, name="c_first")(entry)
    hidden = layers.GRU(3, return_sequences=True, name="b_second")(hidden)
    hidden = layers.SimpleRNN(4, name="a_third")(hidden)
    return keras.Model(entry, layers.Dense(3, activation="softmax", name="head")(hidden), name="model")


def _nested(keras: Any) -> Any:
    layers = keras.layers
    encoder = keras.Sequential(
        [layers.Input((STEPS, INPUT)), layers.GRU(3, return_sequences=True, name="gru")], name="encoder"
    )
    entry = keras.Input((STEPS, INPUT), name="sequence")
    hidden = layers.LSTM(3, return_sequences=True, name="lstm")(encoder(entry))
    return keras.Model(entry, hidden, name="model")


def _backwards(keras: Any) -> Any:
    layers = keras.layers
    gru = layers.GRU(4, go_backwards=True, use_bias=False, return_sequences=True, name="gru")
    return keras.Sequential([layers.Input((STEPS, INPUT)), gru], name="model")


def _cells(keras: Any) -> Any:
    layers = keras.layers
    entry = keras.Input((STEPS, INPUT), name="sequence")
    hidden = layers.RNN(layers.LSTMCell(3, name="cell"), return_sequences=True, name="around")(entry)
    cells = [layers.GRUCell(3, name="lower"), layers.GRUCell(2, name="upper")]
    return keras.Model(entry, layers.RNN(cells, return_sequences=True, name="stack")(hidden), name="model")

"""A model as Keras writes it: functional, of Keras's own layers."""

from __future__ import annotations

from functools import partial
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ..case import Array
from ..conversion import keras_from_pytorch
from . import steps
from .graph_builder import GraphBuilder
from .steps import Model, Step

_ACTIVATIONS = {"gelu_tanh": partial(ops.gelu, approximate=True)}
"""Those that Keras has no name for."""


def keras_model(model: Model) -> keras.Model:
    """Functional, with the weights of the steps."""
    inputs = [
        keras.Input(array.shape[1:], name=name, dtype=array.dtype.name)
        for name, array in model.named_inputs.items()
    ]
    builder = _Builder()
    output = builder.chain(model.steps, *inputs)
    built = keras.Model(inputs if len(inputs) > 1 else inputs[0], output)
    for layer, weights in builder.weights:
        layer.set_weights(weights)
    return built


class _Builder(GraphBuilder[Any]):
    """Remembers what weights the layers are to have, once they are built."""

    def __init__(self) -> None:
        self.weights: list[tuple[Any, list[Array]]] = []

    def apply(self, step: Step, x: Any, target: Any = None) -> Any:
        match step:
            case steps.Embedding():
                return self._with(layers.Embedding(*step.table.shape), [step.table])(x)
            case steps.Dense():
                return self._dense(step)(x)
            case steps.Convolution():
                width, _, size = step.kernel.shape
                layer = layers.Conv1D(size, width, padding="same", activation=step.activation)
                return self._with(layer, [step.kernel, step.bias])(x)
            case steps.LayerNorm():
                if step.squares:
                    return _by_squares(step, x)
                layer = layers.LayerNormalization(epsilon=step.epsilon)
                return self._with(layer, [step.scale, step.offset])(x)
            case steps.BatchNorm():
                layer = layers.BatchNormalization(epsilon=step.epsilon)
                weights = [step.scale, step.offset, step.mean, step.variance]
                return self._with(layer, weights)(x)
            case steps.Recurrent():
                return self._recurrent(step)(x)
            case steps.SequenceToSequence():
                _, *states = self._recurrent(step.encoder, return_state=True)(x)
                bridged = [self._dense(each)(h) for each, h in zip(step.bridges, states)]
                return self._recurrent(step.decoder)(target, initial_state=bridged)
            case steps.Attention():
                return self._attention(step, x)
            case steps.Residual():
                return layers.Add()([x, self.chain(step.steps, x)])
            case steps.Branches():
                return layers.Concatenate()([self.chain(each, x) for each in step.branches])
            case steps.MaxPool():
                return layers.MaxPooling1D(2)(x)
            case steps.MeanPool():
                return layers.GlobalAveragePooling1D()(x)
            case steps.Last():
                return x[:, -1]
            case steps.Softmax():
                return layers.Softmax()(x)
            case steps.Shift(by):
                return x + by
            case steps.Scale(by):
                return layers.Rescaling(by)(x)
            case steps.Flip():
                return ops.flip(x, axis=1)
            case steps.Dropout(rate):
                return layers.Dropout(rate, seed=1)(x, training=True)
        raise TypeError(f"{step} is no step of a Keras model")

    def _with(self, layer: Any, weights: list[Array]) -> Any:
        self.weights.append((layer, weights))
        return layer

    def _dense(self, step: steps.Dense) -> Any:
        activation = _ACTIVATIONS.get(step.activation, step.activation)
        layer = layers.Dense(step.kernel.shape[1], activation=activation)
        return self._with(layer, [step.kernel, step.bias])

    def _recurrent(self, step: steps.Recurrent, **options: bool) -> Any:
        kind = {"rnn": layers.SimpleRNN, "gru": layers.GRU, "lstm": layers.LSTM}[step.cell]
        layer = kind(step.hidden_size, return_sequences=True, **options)
        if len(step.ways) == 2:
            layer = layers.Bidirectional(layer)
        converted = [keras_from_pytorch(step.cell, way) for way in step.ways]
        names = ("kernel", "recurrent_kernel", "bias")
        return self._with(layer, [way[name] for way in converted for name in names])

    def _attention(self, step: steps.Attention, x: Any) -> Any:
        query, key, value = (self._dense(each)(x) for each in (step.query, step.key, step.value))
        scores = ops.matmul(query, ops.transpose(key, (0, 2, 1))) / float(np.sqrt(key.shape[-1]))
        if step.mask != "none":
            visible = np.tril(np.ones((x.shape[1], x.shape[1]), bool))
            if step.mask == "float":
                scores = scores + visible.astype(np.float32)
            else:
                scores = ops.where(visible, scores, -np.inf)
        return self._dense(step.output)(ops.matmul(ops.softmax(scores, axis=-1), value))


def _by_squares(step: steps.LayerNorm, x: Any) -> Any:
    mean = ops.mean(x, axis=-1, keepdims=True)
    variance = ops.maximum(ops.mean(x * x, axis=-1, keepdims=True) - mean * mean, 0.0)
    return (x - mean) * ops.rsqrt(variance + step.epsilon) * step.scale + step.offset

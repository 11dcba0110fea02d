"""A model as an ONNX graph of the standard operators."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ..case import Array
from ..conversion import onnx_from_pytorch
from . import steps
from .graph_builder import GraphBuilder
from .steps import Model, Step

_TYPES = {"float32": TensorProto.FLOAT, "int32": TensorProto.INT32}
_ACTIVATIONS = {"relu": "Relu", "tanh": "Tanh", "gelu": "Gelu", "sigmoid": "Sigmoid"}
_TO_FEATURES_LAST = [0, 2, 1]


def onnx_model(model: Model) -> onnx.ModelProto:
    """Its inputs are those of `inputs`, its output is called "output"."""
    graph = _Graph()
    last = graph.chain(model.steps, *model.named_inputs)
    graph.nodes.append(helper.make_node("Identity", [last], ["output"]))
    inputs = [
        helper.make_tensor_value_info(name, _TYPES[array.dtype.name], array.shape)
        for name, array in model.named_inputs.items()
    ]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, None)
    made = helper.make_graph(graph.nodes, "model", inputs, [output], graph.weights)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def inputs(model: Model) -> dict[str, Array]:
    """As the model takes them, by name."""
    return model.named_inputs


class _Graph(GraphBuilder[str]):
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def apply(self, step: Step, x: str, target: str | None = None) -> str:
        match step:
            case steps.Embedding(table):
                return self._node("Gather", self._weight(table), x)
            case steps.Dense():
                return self._dense(step, x)
            case steps.Convolution():
                return self._convolution(step, x)
            case steps.LayerNorm():
                if step.squares:
                    return self._by_squares(step, x)
                weights = self._weight(step.scale), self._weight(step.offset)
                return self._node("LayerNormalization", x, *weights, epsilon=step.epsilon)
            case steps.BatchNorm():
                return self._batch_norm(step, x)
            case steps.Recurrent():
                return self._recurrent(step, x)[0]
            case steps.SequenceToSequence() if target is not None:
                _, *encoded = self._recurrent(step.encoder, x)
                bridged = [self._dense(each, h) for each, h in zip(step.bridges, encoded)]
                return self._recurrent(step.decoder, target, bridged)[0]
            case steps.Attention():
                return self._attention(step, x)
            case steps.Residual(parts):
                return self._node("Add", x, self.chain(parts, x))
            case steps.Branches(branches):
                sides = [self.chain(each, x) for each in branches]
                return self._node("Concat", *sides, axis=-1)
            case steps.MaxPool():
                pooled = self._node("MaxPool", self._swapped(x), kernel_shape=[2], strides=[2])
                return self._swapped(pooled)
            case steps.MeanPool():
                return self._node("ReduceMean", x, self._weight(np.array([1])), keepdims=0)
            case steps.Last():
                return self._node("Gather", x, self._weight(np.array(-1)), axis=1)
            case steps.Softmax():
                return self._node("Softmax", x, axis=-1)
            case steps.Shift(by):
                return self._node("Add", x, self._weight(np.float32(by)))
        raise TypeError(f"{step} is no step of an ONNX model")

    def _node(self, operator: str, *inputs: str, **attributes: object) -> str:
        return self._nodes(operator, list(inputs), 1, **attributes)[0]

    def _nodes(
        self, operator: str, inputs: list[str], count: int, **attributes: object
    ) -> list[str]:
        name = f"{operator.lower()}_{len(self.nodes)}"
        outputs = [name] if count == 1 else [f"{name}_{index}" for index in range(count)]
        self.nodes.append(helper.make_node(operator, inputs, outputs, f"/{name}", **attributes))
        return outputs

    def _weight(self, values: Array | np.generic) -> str:
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def _swapped(self, x: str) -> str:
        return self._node("Transpose", x, perm=_TO_FEATURES_LAST)

    def _activated(self, activation: str, x: str) -> str:
        return x if activation == "linear" else self._node(_ACTIVATIONS[activation], x)

    def _dense(self, step: steps.Dense, x: str) -> str:
        product = self._node("MatMul", x, self._weight(step.kernel))
        return self._activated(step.activation, self._node("Add", product, self._weight(step.bias)))

    def _convolution(self, step: steps.Convolution, x: str) -> str:
        pad = len(step.kernel) // 2
        kernel = self._weight(step.kernel.transpose(2, 1, 0))
        y = self._node("Conv", self._swapped(x), kernel, self._weight(step.bias), pads=[pad, pad])
        return self._activated(step.activation, self._swapped(y))

    def _by_squares(self, step: steps.LayerNorm, x: str) -> str:
        last = self._weight(np.array([-1]))
        mean = self._node("ReduceMean", x, last)
        square = self._node("ReduceMean", self._node("Mul", x, x), last)
        variance = self._node("Sub", square, self._node("Mul", mean, mean))
        raised = self._node("Add", variance, self._weight(np.float32(step.epsilon)))
        normed = self._node("Div", self._node("Sub", x, mean), self._node("Sqrt", raised))
        scaled = self._node("Mul", normed, self._weight(step.scale))
        return self._node("Add", scaled, self._weight(step.offset))

    def _batch_norm(self, step: steps.BatchNorm, x: str) -> str:
        arrays = (step.scale, step.offset, step.mean, step.variance)
        weights = [self._weight(array) for array in arrays]
        swapped = self._swapped(x)
        y = self._node("BatchNormalization", swapped, *weights, epsilon=step.epsilon)
        return self._swapped(y)

    def _recurrent(
        self, step: steps.Recurrent, x: str, states: list[str] | None = None
    ) -> tuple[str, ...]:
        """The outputs (B, T, D·H), and the final states (B, H)."""
        converted = [onnx_from_pytorch(step.cell, way) for way in step.ways]
        stacked = [
            self._weight(np.stack([way[name] for way in converted])) for name in ("W", "R", "B")
        ]
        ahead = self._weight(np.array([0]))
        initial = [self._node("Unsqueeze", state, ahead) for state in states or []]
        attributes: dict[str, object] = {"hidden_size": step.hidden_size}
        if step.cell == "gru":
            attributes["linear_before_reset"] = 1
        if len(step.ways) == 2:
            attributes["direction"] = "bidirectional"
        time_major = self._node("Transpose", x, perm=[1, 0, 2])
        y, *final = self._nodes(
            step.cell.upper(),
            [time_major, *stacked, *(["", *initial] if initial else [])],
            3 if step.cell == "lstm" else 2,
            **attributes,
        )
        y = self._node("Transpose", y, perm=[2, 0, 1, 3])
        y = self._node("Reshape", y, self._weight(np.array([0, 0, -1])))
        return y, *(self._node("Squeeze", one, ahead) for one in final if len(step.ways) == 1)

    def _attention(self, step: steps.Attention, x: str) -> str:
        query, key, value = (self._dense(each, x) for each in (step.query, step.key, step.value))
        scores = self._node("MatMul", query, self._swapped(key))
        root = self._weight(np.sqrt(np.float32(step.key.kernel.shape[1])))
        scores = self._node("Div", scores, root)
        if step.mask == "causal":
            scores = self._masked(scores)
        weights = self._node("Softmax", scores, axis=-1)
        return self._dense(step.output, self._node("MatMul", weights, value))

    def _masked(self, scores: str) -> str:
        """Minus infinity above the diagonal, whose size is that of T."""
        shape = self._node("Shape", scores)
        ones = self._node(
            "ConstantOfShape", shape, value=numpy_helper.from_array(np.array([1], np.int32))
        )
        visible = self._node("Cast", self._node("Trilu", ones, upper=0), to=TensorProto.BOOL)
        return self._node("Where", visible, scores, self._weight(np.float32(-np.inf)))

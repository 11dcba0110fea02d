"""Run ONNX Runtime's recurrent operators step by step and print their states as Swift literals.

The numbers of ``Tests/RecurrentParityTests/Arithmetic/ONNXRuntimeTests.swift`` come from here (onnxruntime 1.32.0).
Weights and inputs are multiples of 1/8 that both sides make by one rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[np.float32]

INPUT, HIDDEN, STEPS = 2, 3, 4
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}

#: Name of the Swift case, operator, whether it has peepholes, attributes.
CASES: list[tuple[str, str, bool, dict[str, Any]]] = [
    ("rnnClip", "RNN", False, {"clip": 0.5}),
    ("rnnElu", "RNN", False, {"activations": ["Elu"], "activation_alpha": [2.0]}),
    ("rnnSoftplus", "RNN", False, {"activations": ["Softplus"]}),
    ("rnnLeakyRelu", "RNN", False, {"activations": ["LeakyRelu"], "activation_alpha": [0.1]}),
    ("gruClipAfter", "GRU", False, {"clip": 0.5, "linear_before_reset": 1}),
    ("gruClipBefore", "GRU", False, {"clip": 0.5}),
    (
        "gruActivations",
        "GRU",
        False,
        {
            "activations": ["HardSigmoid", "Softsign"],
            "activation_alpha": [0.3],
            "activation_beta": [0.4],
        },
    ),
    ("lstmPeepholes", "LSTM", True, {}),
    ("lstmClip", "LSTM", True, {"clip": 0.5}),
    ("lstmInputForget", "LSTM", True, {"input_forget": 1}),
    ("lstmActivations", "LSTM", True, {"activations": ["Sigmoid", "Elu", "Softsign"]}),
]


def values(start: int, *shape: int) -> Array:
    """Multiples of 1/8 between -1 and 1, the k-th from ``start + k``: ``shape``."""
    k = start + np.arange(int(np.prod(shape)))
    return ((((k * 7 + 3) % 17) - 8) / 8).astype(np.float32).reshape(shape)


def session(operator: str, peepholes: bool, attributes: dict[str, Any]) -> ort.InferenceSession:
    """One step of the operator, T = B = 1, with states as inputs and outputs."""
    rows = GATES[operator] * HIDDEN
    weights = {
        "W": values(0, 1, rows, INPUT),
        "R": values(100, 1, rows, HIDDEN),
        "B": values(200, 1, 2 * rows),
    }
    states = ["h", "c"] if operator == "LSTM" else ["h"]
    inputs = ["X", "W", "R", "B", "", *states]
    if peepholes:
        weights["P"] = values(300, 1, 3 * HIDDEN)
        inputs.append("P")
    outputs = ["", *(f"{state}_next" for state in states)]
    node = helper.make_node(operator, inputs, outputs, hidden_size=HIDDEN, **attributes)

    def info(name: str, *shape: int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        [node],
        operator,
        [info("X", 1, 1, INPUT), *(info(state, 1, 1, HIDDEN) for state in states)],
        [info(name, 1, 1, HIDDEN) for name in outputs[1:]],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=9)
    return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def main() -> None:
    """Print the states of every case, (T, H), as Swift array literals."""
    x = values(400, STEPS, 1, 1, INPUT)
    for name, operator, peepholes, attributes in CASES:
        step = session(operator, peepholes, attributes)
        names = ["h", "c"] if operator == "LSTM" else ["h"]
        state = {key: values(500 + 10 * k, 1, 1, HIDDEN) for k, key in enumerate(names)}
        recorded: dict[str, list[Array]] = {key: [] for key in names}
        for t in range(STEPS):
            state = dict(zip(names, step.run(None, {"X": x[t], **state}), strict=True))
            for key in names:
                recorded[key].append(state[key].ravel())
        for key in names:
            literal = ", ".join(str(value) for value in np.concatenate(recorded[key]))
            print(f"{name}.{key}: [{literal}]")


if __name__ == "__main__":
    main()

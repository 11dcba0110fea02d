"""What `record_onnx` records is what ONNX Runtime took and returned."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnn_parity import (
    Case,
    RecordingError,
    UnknownModule,
    UnsupportedModule,
    check,
    onnx_model,
    record_onnx,
)

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
T, B, F, H = 6, 3, 4, 5


def build(*nodes: Any, inputs: dict[str, int], outputs: list[str], weights: dict[str, np.ndarray]) -> Any:
    graph = onnx.helper.make_graph(
        list(nodes),
        "g",
        [onnx.helper.make_tensor_value_info(name, kind, None) for name, kind in inputs.items()],
        [onnx.ValueInfoProto(name=name) for name in outputs],
        [onnx.numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 21)], ir_version=10)


def node(operator: str, *extra: str, name: str = "", **attributes: Any) -> Any:
    outputs = ["Y", "Yh", "Yc"] if operator == "LSTM" else ["Y", "Yh"]
    return onnx.helper.make_node(
        operator,
        ["x", "W", "R", "B", *extra],
        outputs,
        name=name or f"/encoder/lstm/{operator}",
        **attributes,
    )


def weights(gates: int, directions: int = 1, seed: int = 0) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    shapes = {"W": (gates * H, F), "R": (gates * H, H), "B": (2 * gates * H,)}
    return {
        name: draw.normal(size=(directions, *shape)).astype(np.float32) * 0.4
        for name, shape in shapes.items()
    }


def sequence(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(T, B, F)).astype(np.float32)


def model_run(model: Any, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(
        None, feeds
    )


@pytest.mark.parametrize(("operator", "gates"), [("RNN", 1), ("GRU", 3), ("LSTM", 4)])
def test_records_bit_by_bit_what_the_model_returned(operator: str, gates: int) -> None:
    model = build(
        node(operator, hidden_size=H, direction="bidirectional"),
        inputs={"x": 1},
        outputs=["Y", "Yh"],
        weights=weights(gates, 2),
    )
    x = sequence()
    y, last = model_run(model, {"x": x})
    (reference,) = record_onnx(model, {"x": x}, spread=0).references
    (layer,) = reference.layers
    assert layer.input.tobytes() == x.tobytes()
    for place, direction in enumerate(("forward", "backward")):
        half = layer.output[..., place * H : (place + 1) * H]
        assert np.array_equal(half, y[:, place])
        assert np.array_equal(layer.passes[direction].final.h, last[place])
    assert np.array_equal(reference.model.outputs["Y"], y)
    assert (layer.name, layer.direction) == ("encoder.lstm", "bidirectional")


def test_c_of_every_step_ends_in_the_c_that_was_returned() -> None:
    model = build(
        node("LSTM", "lens", hidden_size=H),
        inputs={"x": 1, "lens": 6},
        outputs=["Y", "Yc"],
        weights=weights(4),
    )
    lengths = np.array([T, 2, 0], np.int32)
    (reference,) = record_onnx(model, {"x": sequence(), "lens": lengths}, spread=0).references
    (layer,) = reference.layers
    own = layer.passes["forward"]
    for b, n in enumerate(lengths[:2]):
        np.testing.assert_allclose(own.c[n - 1, b], own.final.c[b], rtol=1e-6)
    assert layer.empty_final == "zeros" and list(layer.lengths) == [T, 2, 0]


def test_every_attribute_is_read() -> None:
    model = build(
        node(
            "LSTM",
            "",
            "",
            "",
            "P",
            hidden_size=H,
            clip=2.5,
            input_forget=1,
            direction="bidirectional",
            activations=["HardSigmoid", "Tanh", "Softsign", "Sigmoid", "Elu", "Elu"],
            activation_alpha=[0.2, 0.7, 0.9],
            activation_beta=[0.5],
        ),
        inputs={"x": 1},
        outputs=["Y"],
        weights={**weights(4, 2), "P": np.full((2, 3 * H), 0.1, np.float32)},
    )
    (layer,) = record_onnx(model, {"x": sequence()}, spread=0).references[0].layers
    assert layer.clip == 2.5 and layer.input_forget is True
    assert layer.recurrent_activation.name == "hard_sigmoid_keras2"
    assert layer.output_activation.name == "softsign"
    backward = layer.passes["backward"]
    assert backward.recurrent_activation.name == "sigmoid"
    assert backward.activation.alpha == pytest.approx(0.7)
    assert backward.output_activation.alpha == pytest.approx(0.9)
    assert backward.weights["P"].shape == (3 * H,)


@pytest.mark.parametrize(
    ("operator", "gates", "others"), [("GRU", 3, ["Tanh"]), ("LSTM", 4, ["Tanh", "Tanh"])]
)
def test_a_hard_sigmoid_of_any_slope_is_recorded_with_it_and_matches(
    operator: str, gates: int, others: list[str]
) -> None:
    model = build(
        node(
            operator,
            hidden_size=H,
            activations=["HardSigmoid", *others],
            activation_alpha=[0.3],
            activation_beta=[0.4],
        ),
        inputs={"x": onnx.TensorProto.FLOAT},
        outputs=["Y"],
        weights=weights(gates),
    )
    case = record_onnx(model, {"x": sequence()}, spread=0)
    (layer,) = case.references[0].layers
    function = layer.recurrent_activation
    assert not layer.other_options and function.name == "hard_sigmoid"
    assert (function.alpha, function.beta) == (float(np.float32(0.3)), float(np.float32(0.4)))
    (returned,) = model_run(model, {"x": sequence()})
    assert np.array_equal(layer.output, returned[:, 0])
    if os.environ.get("PARITY") or shutil.which("parity"):
        assert check(case)


def test_an_activation_without_a_formula_is_named() -> None:
    model = build(
        node("RNN", hidden_size=H, activations=["ThresholdedRelu"], activation_alpha=[0.3]),
        inputs={"x": 1},
        outputs=["Y"],
        weights=weights(1),
    )
    (layer,) = record_onnx(model, {"x": sequence()}, spread=0).references[0].layers
    assert layer.other_options == {"forward f": "ThresholdedRelu(0.3)"}


def test_layout_1_is_run_by_transpositions() -> None:
    plain = build(node("GRU", hidden_size=H), inputs={"x": 1}, outputs=["Y", "Yh"], weights=weights(3))
    batched = build(
        node("GRU", hidden_size=H, layout=1), inputs={"x": 1}, outputs=["Y", "Yh"], weights=weights(3)
    )
    y, last = model_run(plain, {"x": sequence()})
    (reference,) = record_onnx(
        batched, {"x": np.ascontiguousarray(sequence().swapaxes(0, 1))}, spread=0
    ).references
    assert np.array_equal(reference.layers[0].output, y[:, 0])
    assert np.array_equal(reference.model.outputs["Y"], y.transpose(2, 0, 1, 3))
    assert np.array_equal(reference.model.outputs["Yh"], last.swapaxes(0, 1))


def test_a_recurrent_node_in_a_branch_is_refused_by_name_or_ignored() -> None:
    inner = onnx.helper.make_graph(
        [node("RNN", hidden_size=H, name="/decoder/rnn/RNN")], "b", [], [onnx.ValueInfoProto(name="Y")]
    )
    branch = onnx.helper.make_node("If", ["which"], ["Z"], then_branch=inner, else_branch=inner)
    model = build(branch, inputs={"x": 1, "which": 9}, outputs=["Z"], weights=weights(1))
    feeds = {"x": sequence(), "which": np.array(True)}
    with pytest.raises(UnsupportedModule, match=r"decoder\.rnn.*inside the If"):
        record_onnx(model, feeds)
    record = record_onnx(model, feeds, ignore=["decoder.rnn"], spread=0).references[0].model
    assert record.left_out[0].path == "decoder.rnn" and record.left_out[0].by == "user"
    with pytest.raises(UnknownModule, match="encoder"):
        record_onnx(model, feeds, ignore=["encoder"])


def two_layers(epsilon: float = 1e-5) -> Any:
    second = {f"{name}2": values for name, values in weights(3, seed=5).items()}
    second["W2"] = np.random.default_rng(6).normal(size=(1, 3 * H, H)).astype(np.float32)
    return build(
        node("LSTM", hidden_size=H),
        onnx.helper.make_node("Squeeze", ["Y", "axis"], ["flat"]),
        onnx.helper.make_node("LayerNormalization", ["flat", "scale"], ["normal"], epsilon=epsilon),
        onnx.helper.make_node(
            "GRU", ["normal", "W2", "R2", "B2"], ["Z", "Zh"], hidden_size=H, name="/decoder/GRU"
        ),
        inputs={"x": 1},
        outputs=["Z"],
        weights={
            **weights(4),
            **second,
            "axis": np.array([1]),
            "scale": np.linspace(0.5, 1.5, H, dtype=np.float32),
        },
    )


@pytest.mark.parametrize("opset", [14, 21, 22, 23])
def test_spread_is_about_a_rounding_and_reaches_every_boundary(opset: int) -> None:
    model = two_layers()
    model.opset_import[0].version = opset
    (reference,) = record_onnx(model, {"x": sequence()}).references
    spread = reference.model.spread.boundaries
    assert set(spread) == {"layers/0/input", "layers/1/input", "outputs/Z"}
    for boundary in spread.values():
        assert 2.0**-26 < boundary.whole < 2.0**-17


def test_held_spread_is_that_of_a_run_pinned_to_itself() -> None:
    first = record_onnx(two_layers(), {"x": sequence()}, spread=4)
    again = record_onnx(two_layers(), {"x": sequence()}, given=first, spread=4)
    held, pinned = (case.references[0].model.spread for case in (first, again))
    assert {name: one.whole for name, one in held.held.items()} == {
        name: one.whole for name, one in pinned.boundaries.items()
    }
    assert held.held["layers/1/input"].whole < held.boundaries["layers/1/input"].whole


@pytest.mark.parametrize(("kind", "made_of"), [("Sigmoid", 0.25), ("Gelu", 10.0)])
def test_a_closed_activation_is_moved_by_units_of_what_it_is_made_of(kind: str, made_of: float) -> None:
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node(kind, ["x"], ["y"])],
        "closed",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1000])],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1000])],
    )
    fed = np.full(1000, -20, np.float32)  # ONNX Runtime's sigmoid is 0 there.
    moving = onnx_model.move_results(graph, {"x": fed, "y": np.zeros(1000, np.float32)})
    (most,) = moving.values()
    assert np.allclose(most, min(made_of, 8.0) * 2.0**-23, rtol=1e-6)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 20)], ir_version=9)
    moved = onnx_model.run(model, {"x": fed, **moving})["y"]
    assert np.allclose(np.abs(moved), most, rtol=1e-3)


def test_a_pinned_run_reads_what_the_other_recorded() -> None:
    first = record_onnx(two_layers(), {"x": sequence()}, spread=0)
    other = record_onnx(two_layers(), {"x": sequence(9)}, spread=0)
    pinned = record_onnx(two_layers(), {"x": sequence()}, given=other, spread=2).references[0]
    # The layer's own result is its own; what follows reads the other's.
    assert np.array_equal(pinned.layers[0].output, first.references[0].layers[0].output)
    assert np.array_equal(pinned.layers[1].input, other.references[0].layers[1].input)
    assert np.array_equal(pinned.model.outputs["Z"], other.references[0].model.outputs["Z"])
    assert pinned.model.spread.pinned == "onnxruntime of model"


def test_a_module_that_is_called_twice_is_one_layer(tmp_path: Path) -> None:
    copy = {f"{name}2": values for name, values in weights(3).items()}
    model = build(
        node("GRU", hidden_size=H, name="/cell/GRU"),
        onnx.helper.make_node(
            "GRU", ["x2", "W2", "R2", "B2"], ["Z", "Zh"], hidden_size=H, name="/cell_1/GRU"
        ),
        inputs={"x": 1, "x2": 1},
        outputs=["Y", "Z"],
        weights={**weights(3), **copy},
    )
    path = tmp_path / "twice.h5"
    record_onnx(model, {"x": sequence(), "x2": sequence(2)}, spread=0, path=path)
    (layer,) = Case.load(path).references[0].layers
    assert (layer.name, layer.calls.kind, layer.extent) == ("cell", "stacked", (T, 2 * B))


def test_a_model_without_a_recurrent_node_to_record_is_an_error() -> None:
    names = ["Y", "Yh"]
    gru = node("GRU", hidden_size=H)
    model = build(gru, inputs={"x": onnx.TensorProto.FLOAT}, outputs=names, weights=weights(3))
    with pytest.raises(RecordingError, match="none was called"):
        record_onnx(model, {"x": sequence()}, ignore=["encoder.lstm"])

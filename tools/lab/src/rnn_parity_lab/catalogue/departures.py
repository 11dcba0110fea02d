"""Real runs that must be flagged: low precision, quantization, and one port per common mistake.

A wrong port is a Keras network whose weights were wrongly converted from the PyTorch one. It
computes what its weights say, so it matches its own formula; only the cross check can flag it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import torch

from ..case import Case, Weights
from ..description import CaseDescription, Cell, LayerDescription
from ..drawing import draw_input, draw_network
from ..fixture import Fixture, generator_arguments
from ..keras_network import KerasWeights, converted_weights
from ..network import Network
from ..runs import run_keras, run_onnx, run_pytorch
from .cases import KERAS, PYTORCH, case

GROUP = "departures"
FOLDER = "departures"

HalfPrecision = Literal["bfloat16", "float16"]

Place = tuple[int, str]
"""Layer and direction."""


def fixtures() -> list[Fixture]:
    """Those whose departure is in a recurrent layer."""
    return [*_low_precision(), _quantized(), *_plain_ports(), *_gated_ports()]


# Low precision


def _low_precision() -> list[Fixture]:
    cells: tuple[Cell, ...] = ("rnn", "gru", "lstm")
    return [
        *(_in_half_precision(cell, "bfloat16") for cell in cells),
        *(_in_half_precision(cell, "float16") for cell in cells),
        *(_under_autocast(cell, "bfloat16") for cell in cells),
        *(_by_mixed_policy(cell, "bfloat16") for cell in cells),
    ]


def _in_half_precision(cell: Cell, precision: HalfPrecision) -> Fixture:
    def run(description: CaseDescription) -> Case:
        network, input = draw_network(description), draw_input(description)
        return run_pytorch(description, network, input, getattr(torch, precision))

    description = _bidirectional(
        cell,
        f"{precision}-stackedbi{cell}",
        f"Two bidirectional layers, run in {precision}.",
        input=precision,
        references=PYTORCH,
    )
    return _lowered(description, precision, f"run in {precision}", run)


def _under_autocast(cell: Cell, precision: HalfPrecision) -> Fixture:
    """The network is float32, autocast decides what is computed in the lower precision.

    For a GRU that is all but the blend with the old state, so no recorded state is in it.
    """

    def run(description: CaseDescription) -> Case:
        network, input = draw_network(description), draw_input(description)
        with torch.autocast("cpu", dtype=getattr(torch, precision)):
            return run_pytorch(description, network, input)

    description = _bidirectional(
        cell,
        f"autocast-{precision}-stackedbi{cell}",
        f"Two bidirectional layers, run under torch.autocast in {precision}.",
        references=PYTORCH,
    )
    return _lowered(description, precision, f"run under torch.autocast in {precision}", run)


def _by_mixed_policy(cell: Cell, precision: HalfPrecision) -> Fixture:
    policy = f"mixed_{precision}"

    def run(description: CaseDescription) -> Case:
        network, input = draw_network(description), draw_input(description)
        return run_keras(description, network, input, policy=policy)

    description = _bidirectional(
        cell,
        f"mixed-{precision}-stackedbi{cell}",
        f"Two bidirectional layers, run by Keras's policy {policy}.",
        references=KERAS,
    )
    return _lowered(description, precision, f"run by the policy {policy}", run)


def _bidirectional(cell: Cell, name: str, text: str, **options: Any) -> CaseDescription:
    layer = LayerDescription(cell, 7, direction="bidirectional")
    return case(name, text, layer, layer, **options)


def _lowered(
    description: CaseDescription,
    precision: HalfPrecision,
    departure: str,
    run: Callable[[CaseDescription], Case],
) -> Fixture:
    def produce() -> tuple[Case, dict[str, Any]]:
        return run(description), generator_arguments(description) | {"departure": departure}

    return Fixture(
        name=description.case,
        group=GROUP,
        folder=FOLDER,
        produce=produce,
        expect={
            "verdict": "drift",
            "precision": precision,
            "references": dict.fromkeys(description.references, "drift"),
            "flagged": _places(_all_places(description)),
        },
    )


def _quantized() -> Fixture:
    """The file has the float weights: the scales of the integers follow from them and the states."""
    layer = LayerDescription("lstm", 7, direction="bidirectional")
    description = case(
        "int8-stackedbilstm",
        "Two bidirectional layers, quantized to int8 dynamically by ONNX Runtime.",
        layer,
        layer,
        references=("pytorch", "onnxruntime"),
    )

    def produce() -> tuple[Case, dict[str, Any]]:
        network, input = draw_network(description), draw_input(description)
        original = run_pytorch(description, network, input)
        quantized = run_onnx(description, network, input, rewrite=_quantized_dynamically)
        arguments = generator_arguments(description) | {"departure": description.description}
        return original.joined(quantized), arguments

    return Fixture(
        name=description.case,
        group=GROUP,
        folder=FOLDER,
        produce=produce,
        expect={
            "verdict": "drift",
            "precision": "int8",
            "references": {"pytorch": "match", "onnxruntime": "drift"},
            "cross": [{"states_of": "onnxruntime", "weights_of": "pytorch", "verdict": "drift"}],
            "flagged": _places(_all_places(description)),
        },
    )


def _quantized_dynamically(model: Any) -> Any:
    """An ONNX model, and it with weights of int8."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with TemporaryDirectory() as folder:
        path = Path(folder, "quantized.onnx")
        quantize_dynamic(model, path, op_types_to_quantize=["LSTM"], weight_type=QuantType.QInt8)
        return onnx.load(path)


# Wrong ports


def _plain_ports() -> list[Fixture]:
    one = LayerDescription("rnn", 7)
    both_ways = LayerDescription("rnn", 7, direction="bidirectional")
    forgotten = case(
        "port-initial-state-forgotten",
        "The port starts from zero instead of h0.",
        both_ways,
        both_ways,
    )
    return [
        _port(
            GROUP,
            case("port-bias-hh-dropped", "Layer 1 of the port lacks bias_hh.", one, one, one),
            wrong=_without_bias_hh,
            places=[(1, "forward")],
            hypothesis="bias-hh-ignored",
        ),
        _port(
            GROUP,
            case(
                "port-recurrent-kernel-transposed",
                "Layer 0 of the port has weight_hh as its recurrent kernel, not transposed.",
                one,
                one,
                one,
            ),
            wrong=_recurrent_kernel_transposed,
            places=[(0, "forward")],
            hypothesis="recurrent-weights-transposed",
        ),
        _port(
            GROUP,
            case(
                "port-directions-swapped",
                "The two directions of layer 1 of the port have each other's weights.",
                both_ways,
                both_ways,
            ),
            wrong=_directions_swapped,
            places=[(1, "forward"), (1, "backward")],
            hypothesis="directions-swapped",
        ),
        Fixture(
            name=forgotten.case,
            group=GROUP,
            folder=FOLDER,
            produce=lambda: (
                _run_without_initial_state(forgotten),
                generator_arguments(forgotten) | {"departure": forgotten.description},
            ),
            expect=_expected_of_port(_all_places(forgotten), "initial-state-ignored")
            | {"timesteps": "first processed"},
        ),
    ]


def _gated_ports() -> list[Fixture]:
    gru = LayerDescription("gru", 7)
    lstm = LayerDescription("lstm", 7)
    reset_before = case(
        "port-gru-reset-before",
        "The port resets before the recurrent product, the original after it.",
        gru,
        gru,
    )
    return [
        _port(
            GROUP,
            case(
                "port-gru-gates-not-reordered",
                "Layer 0 of the port has PyTorch's gates r, z, n where Keras reads z, r, h.",
                gru,
                gru,
            ),
            wrong=_gates_not_reordered,
            places=[(0, "forward")],
            hypothesis="gate-order:zrn",
        ),
        _port(
            GROUP,
            case(
                "port-gru-recurrent-bias-merged",
                "Layer 1 of the port has b_hn added to the input bias, outside the reset product.",
                gru,
                gru,
            ),
            wrong=_recurrent_bias_merged,
            places=[(1, "forward")],
            hypothesis="recurrent-bias-merged",
        ),
        Fixture(
            name=reset_before.case,
            group=GROUP,
            folder=FOLDER,
            produce=lambda: (
                _run_resetting_before(reset_before),
                generator_arguments(reset_before) | {"departure": reset_before.description},
            ),
            expect=_expected_of_port(_all_places(reset_before), "reset-before"),
        ),
        _port(
            GROUP,
            case(
                "port-lstm-forget-bias-added",
                "Layer 1 of the port has 1 added to the forget gate's bias.",
                lstm,
                lstm,
            ),
            wrong=_forget_bias_added,
            places=[(1, "forward")],
            hypothesis="forget-bias-added",
        ),
        _port(
            GROUP,
            case(
                "port-lstm-gates-reordered",
                "Layer 0 of the port has its gates as i, o, f, c, ONNX's order.",
                lstm,
                lstm,
            ),
            wrong=_gates_in_onnx_order,
            places=[(0, "forward")],
            hypothesis="gate-order:igof",
        ),
    ]


def _port(
    group: str,
    description: CaseDescription,
    wrong: Callable[[Network, KerasWeights], None],
    places: list[Place],
    hypothesis: str,
) -> Fixture:
    """`wrong` spoils the rightly converted weights."""

    def produce() -> tuple[Case, dict[str, Any]]:
        network, input = draw_network(description), draw_input(description)
        weights = converted_weights(description, network)
        wrong(network, weights)
        original = run_pytorch(description, network, input)
        port = run_keras(description, network, input, weights)
        arguments = generator_arguments(description) | {"departure": description.description}
        return original.joined(port), arguments

    return Fixture(
        name=description.case,
        group=GROUP,
        folder=FOLDER,
        produce=produce,
        expect=_expected_of_port(places, hypothesis),
    )


def _without_bias_hh(network: Network, weights: KerasWeights) -> None:
    weights[1]["forward"]["bias"] = network.weights[1]["forward"]["bias_ih"]


def _recurrent_kernel_transposed(network: Network, weights: KerasWeights) -> None:
    weights[0]["forward"]["recurrent_kernel"] = network.weights[0]["forward"]["weight_hh"]


def _directions_swapped(network: Network, weights: KerasWeights) -> None:
    layer = weights[1]
    weights[1] = {"forward": layer["backward"], "backward": layer["forward"]}


def _gates_not_reordered(network: Network, weights: KerasWeights) -> None:
    original = network.weights[0]["forward"]
    weights[0]["forward"] = {
        "kernel": original["weight_ih"].T,
        "recurrent_kernel": original["weight_hh"].T,
        "bias": np.stack([original["bias_ih"], original["bias_hh"]]),
    }


def _recurrent_bias_merged(network: Network, weights: KerasWeights) -> None:
    bias_ih, bias_hh = weights[1]["forward"]["bias"]
    weights[1]["forward"]["bias"] = np.stack([bias_ih + bias_hh, np.zeros_like(bias_hh)])


def _forget_bias_added(network: Network, weights: KerasWeights) -> None:
    bias = weights[1]["forward"]["bias"].copy()
    forget = slice(len(bias) // 4, len(bias) // 2)
    bias[forget] += 1
    weights[1]["forward"]["bias"] = bias


def _gates_in_onnx_order(network: Network, weights: KerasWeights) -> None:
    def reordered(tensor: np.ndarray) -> np.ndarray:
        i, f, c, o = np.split(tensor, 4, axis=-1)
        return np.concatenate([i, o, f, c], axis=-1)

    layer: Weights = weights[0]["forward"]
    weights[0]["forward"] = {name: reordered(tensor) for name, tensor in layer.items()}


def _run_without_initial_state(description: CaseDescription) -> Case:
    network, input = draw_network(description), draw_input(description)
    original = run_pytorch(description, network, input)
    return original.joined(run_keras(description, Network(network.weights), input))


def _run_resetting_before(description: CaseDescription) -> Case:
    network, input = draw_network(description), draw_input(description)
    layers = tuple(replace(layer, reset_after=False) for layer in description.layers)
    original = run_pytorch(description, network, input)
    return original.joined(run_keras(replace(description, layers=layers), network, input))


# Expectations


def _expected_of_port(places: list[Place], hypothesis: str) -> dict[str, Any]:
    """Both references match; the port's states contradict the original's weights, and vice versa.

    hypothesis: what the port did, relative to the original's weights.
    """
    pairs = (("keras", "pytorch"), ("pytorch", "keras"))
    return {
        "verdict": "mismatch",
        "references": {"pytorch": "match", "keras": "match"},
        "cross": [
            {"states_of": states, "weights_of": weights, "verdict": "mismatch"}
            for states, weights in pairs
        ],
        "flagged": _places(places),
        "hypothesis": hypothesis,
    }


def _all_places(description: CaseDescription) -> list[Place]:
    return [
        (index, direction)
        for index, layer in enumerate(description.layers)
        for direction in layer.directions
    ]


def _places(places: list[Place]) -> list[dict[str, Any]]:
    return [{"layer": layer, "direction": direction} for layer, direction in places]

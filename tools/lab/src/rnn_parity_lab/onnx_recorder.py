"""Records what ONNX Runtime computes in the operators RNN, GRU and LSTM, every state.

An lstm operator returns its last c only: every c comes from running the model with T = 1. Where
that gives an h with other bits than the whole run, the stepped h is the recorded one.
"""

from __future__ import annotations

import platform
from typing import Any

import numpy as np
import onnxruntime
from onnx import ModelProto, numpy_helper

from .case import Array, Case, DirectionRecord, LayerRecord, Reference, Weights
from .description import CaseDescription, Direction, LayerDescription
from .network import Network, State


def record_onnx(
    case: CaseDescription,
    network: Network,
    input: Array,
    models: list[ModelProto],
    run_as: list[ModelProto] | None = None,
) -> Case:
    """Run the models of `build_onnx`, each fed the output of the one before.

    run_as: what is run instead, a rewritten form of each model. The weights of `models` are
        recorded even so.
    """
    whole = (case.timesteps,) * case.batch
    lengths = np.array(whole if case.lengths is None else case.lengths)
    sequence, layers = input, []
    for index, (layer, model) in enumerate(zip(case.layers, models)):
        states = None if network.initial_states is None else network.initial_states[index]
        operator = _Operator(layer, (run_as or models)[index])
        record = _layer_record(index, layer, operator, _weights(model), sequence, lengths, states)
        layers.append(record)
        sequence = record.output
    reference = Reference(
        name="onnxruntime",
        framework="onnxruntime",
        framework_version=onnxruntime.__version__,
        convention="onnx",
        environment=operator.environment,
        layers=layers,
    )
    return Case(
        case=case.case,
        input=input,
        references=[reference],
        lengths=None if case.lengths is None else lengths,
    )


class _Operator:
    """One layer's model, ready to run on one thread."""

    def __init__(self, layer: LayerDescription, model: ModelProto):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.layer = layer
        self.session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    @property
    def environment(self) -> dict[str, Any]:
        return {
            "backend": self.session.get_providers()[0],
            "machine": platform.machine(),
            "threads": self.session.get_session_options().intra_op_num_threads,
        }

    def run(self, sequence: Array, lengths: Array, state: list[Array]) -> list[Array]:
        """sequence (T, B, I), state h (D, B, H), (c). Returns Y (T, D, B, H), then the state."""
        names = [value.name for value in self.session.get_inputs()]
        fed = [sequence, np.asarray(lengths, np.int32), *state]
        return list(self.session.run(None, dict(zip(names, fed, strict=True))))


def _layer_record(
    index: int,
    layer: LayerDescription,
    operator: _Operator,
    weights: Weights,
    sequence: Array,
    lengths: Array,
    states: dict[Direction, State] | None,
) -> LayerRecord:
    initial = _initial_state(layer, sequence, states)
    output, *final = operator.run(sequence, lengths, initial)
    h, c = output, None
    if layer.cell == "lstm":
        stepped_h, c = _stepped(operator, sequence, lengths, initial)
        h = h if np.array_equal(stepped_h, h) else stepped_h
    given = [None, None] if states is None else [*initial, None]
    directions = {
        direction: DirectionRecord(
            weights={name: tensor[place] for name, tensor in weights.items()},
            h=h[:, place],
            c=None if c is None else c[:, place],
            initial_h=None if given[0] is None else given[0][place],
            initial_c=None if given[1] is None else given[1][place],
            final_h=final[0][place],
            final_c=None if c is None else final[1][place],
        )
        for place, direction in enumerate(layer.directions)
    }
    return LayerRecord(
        name=f"{layer.cell}_{index}",
        cell=layer.cell,
        direction=layer.direction,
        hidden_size=layer.hidden_size,
        activation=layer.activation,
        recurrent_activation=None if layer.cell == "rnn" else layer.recurrent_activation,
        reset_after=layer.reset_after if layer.cell == "gru" else None,
        merge_mode="concat" if layer.direction == "bidirectional" else None,
        output=np.concatenate(list(output.swapaxes(0, 1)), axis=2),
        directions=directions,
    )


def _stepped(
    operator: _Operator, sequence: Array, lengths: Array, initial: list[Array]
) -> tuple[Array, Array]:
    """Every h and c (T, D, B, H), run with T = 1. Padding is zero.

    The operator always runs both directions: one is kept of each pass.
    """
    steps, batch, _ = sequence.shape
    all_h = np.zeros((steps, *initial[0].shape), sequence.dtype)
    all_c = np.zeros_like(all_h)
    for place, direction in enumerate(operator.layer.directions):
        h, c = (state.copy() for state in initial)
        for t in range(steps) if direction == "forward" else reversed(range(steps)):
            _, *state = operator.run(sequence[t : t + 1], np.ones(batch), [h, c])
            active = np.flatnonzero(np.asarray(lengths) > t)
            h[place, active], c[place, active] = (value[place, active] for value in state)
            all_h[t, place, active], all_c[t, place, active] = h[place, active], c[place, active]
    return all_h, all_c


def _initial_state(
    layer: LayerDescription, sequence: Array, states: dict[Direction, State] | None
) -> list[Array]:
    """h (D, B, H), and c of an lstm; zeros if the case has none."""
    if states is None:
        shape = (len(layer.directions), sequence.shape[1], layer.hidden_size)
        return [np.zeros(shape, sequence.dtype)] * (2 if layer.cell == "lstm" else 1)
    h = np.stack([states[direction].h for direction in layer.directions])
    cells = [c for direction in layer.directions if (c := states[direction].c) is not None]
    return [h, np.stack(cells)] if cells else [h]


def _weights(model: ModelProto) -> Weights:
    """The directions stacked."""
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}

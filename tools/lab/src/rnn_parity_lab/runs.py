"""Runs a described case in the frameworks that its references name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from .case import Array, Case
from .description import CaseDescription
from .drawing import draw_input, draw_network
from .keras_network import KerasWeights, build_keras
from .keras_recorder import record_keras
from .network import Network
from .pytorch_network import build_pytorch
from .pytorch_recorder import InitialState, record_pytorch

if TYPE_CHECKING:
    from onnx import ModelProto


def run_case(description: CaseDescription) -> Case:
    """The case with all its references. A framework that can't run it is an error."""
    network = draw_network(description)
    input = draw_input(description)
    runs: dict[str, Callable[[CaseDescription, Network, Array], Case]] = {
        "pytorch": run_pytorch,
        "keras": run_keras,
        "onnxruntime": run_onnx,
    }
    cases = [runs[name](description, network, input) for name in description.references]
    case = cases[0]
    for other in cases[1:]:
        case = case.joined(other)
    return case


def run_pytorch(
    description: CaseDescription,
    network: Network,
    input: Array,
    dtype: torch.dtype | None = None,
) -> Case:
    """dtype: what everything is converted to before the run, if not the description's."""
    dtype = dtype or getattr(torch, description.dtype)
    modules, states = build_pytorch(description, network)
    modules = [module.to(dtype) for module in modules]
    # Copied, because a rounding may depend on the alignment of memory, and NumPy's varies.
    sequence = torch.tensor(input).to(dtype)
    states = [converted(state, dtype) for state in states]
    return labelled(record_pytorch(modules, sequence, states, description.lengths), description)


def converted(state: InitialState | None, dtype: torch.dtype) -> InitialState | None:
    """The same state in another precision."""
    if isinstance(state, tuple):
        return tuple(tensor.to(dtype) for tensor in state)
    return None if state is None else state.to(dtype)


def run_keras(
    description: CaseDescription,
    network: Network,
    input: Array,
    weights: KerasWeights | None = None,
    policy: str | None = None,
) -> Case:
    """weights: what the layers get instead of the network's own, rightly converted weights.

    policy: a Keras dtype policy, as "mixed_bfloat16", if not the description's dtype.
    """
    layers, states = build_keras(description, network, weights, policy)
    batch_major = np.swapaxes(input, 0, 1)
    case = record_keras(layers, batch_major, states, description.lengths)
    return labelled(case, description)


def run_onnx(
    description: CaseDescription,
    network: Network,
    input: Array,
    rewrite: Callable[[ModelProto], ModelProto] | None = None,
) -> Case:
    """rewrite: what is done to each layer's model before it is run."""
    from .onnx_network import build_onnx
    from .onnx_recorder import record_onnx

    models = build_onnx(description, network)
    run_as = None if rewrite is None else [rewrite(model) for model in models]
    return labelled(record_onnx(description, network, input, models, run_as), description)


def labelled(case: Case, description: CaseDescription) -> Case:
    """With name, description and seed of what was asked for."""
    return replace(
        case,
        case=description.case,
        description=description.description,
        seed=description.seed,
    )

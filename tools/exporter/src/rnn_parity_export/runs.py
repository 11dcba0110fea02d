"""Runs a described case in the frameworks that its references name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from .case import Array, Case
from .description import CaseDescription
from .drawing import draw_input, draw_network
from .keras_network import KerasWeights, build_keras
from .keras_recorder import record_keras
from .network import Network
from .pytorch_network import build_pytorch
from .pytorch_recorder import record_pytorch


def run_case(description: CaseDescription) -> Case:
    """The case with all its references. A framework that can't run it is an error."""
    network = draw_network(description)
    input = draw_input(description)
    runs = {"pytorch": run_pytorch, "keras": run_keras}
    cases = [runs[name](description, network, input) for name in description.references]
    case = cases[0]
    for other in cases[1:]:
        case = case.joined(other)
    return case


def run_pytorch(description: CaseDescription, network: Network, input: Array) -> Case:
    modules, states = build_pytorch(description, network)
    # Copied, because a rounding may depend on the alignment of memory, and NumPy's varies.
    case = record_pytorch(modules, torch.tensor(input), states, description.lengths)
    return labelled(case, description)


def run_keras(
    description: CaseDescription,
    network: Network,
    input: Array,
    weights: KerasWeights | None = None,
) -> Case:
    """weights: what the layers get instead of the network's own, rightly converted weights."""
    layers, states = build_keras(description, network, weights)
    batch_major = np.swapaxes(input, 0, 1)
    case = record_keras(layers, batch_major, states, description.lengths)
    return labelled(case, description)


def labelled(case: Case, description: CaseDescription) -> Case:
    return replace(
        case,
        case=description.case,
        description=description.description,
        seed=description.seed,
    )

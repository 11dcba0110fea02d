"""Runs a network of the sweep in its frameworks."""

from __future__ import annotations

from functools import reduce

import torch

from ..case import Case
from ..runs import run_keras, run_onnx, run_pytorch
from .data import draw
from .plan import Run


def record(run: Run) -> Case:
    """Runs its network in every framework that it names, in its precision."""
    network, input = draw(run)
    runs = {
        "pytorch": lambda case: run_pytorch(case, network, input, getattr(torch, run.precision)),
        "keras": lambda case: run_keras(case, network, input),
        "onnxruntime": lambda case: run_onnx(case, network, input),
    }
    cases = [runs[name](run.description) for name in run.description.references]
    return reduce(Case.joined, cases)

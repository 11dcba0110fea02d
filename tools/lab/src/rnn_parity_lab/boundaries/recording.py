"""Records pairs, in a process that has the frameworks, and measures every slice."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..environment import make_deterministic
from .plan import Pair
from .steps import Model

_RUNS = 8
"""Of a spread."""


@dataclass(frozen=True)
class Record:
    """ratios: by boundary and kind of slice, the largest ratio of difference to spread."""

    pair: Pair
    path: Path
    ratios: dict[str, dict[str, float]]


def prepare(backend: str) -> None:
    """Makes this process one of `backend`; before anything imports Keras."""
    make_deterministic()
    os.environ["KERAS_BACKEND"] = backend
    os.environ["JAX_PLATFORMS"] = "cpu"


def record_all(pairs: list[Pair], folder: Path) -> list[Record]:
    """Each pair in a file of its own in `folder`."""
    return [_record(pair, folder / f"{index:03}.h5") for index, pair in enumerate(pairs)]


def _record(pair: Pair, path: Path) -> Record:
    from rnn_parity import join

    from .ratios import ratios

    original, port = _models(pair)
    first = _RECORDERS[pair.first](original, pair.name, None, _RUNS)
    second = _RECORDERS[pair.second](port, pair.name, first if pair.way == "pinned" else None, _RUNS)
    own, others = join(first, second, case=pair.name, path=path).references
    return Record(pair, path, ratios(own, others, pinned=pair.way == "pinned"))


def _models(pair: Pair) -> tuple[Model, Model]:
    """The original, and the port."""
    from .architectures import ARCHITECTURES
    from .drawing import Draw
    from .faults import FAULTS, REVERSED, SHIFTS, model

    if pair.fault is not None:
        draw = Draw(np.random.default_rng([pair.seed, 8]))
        right = model(draw, pair.subject == "chaotic", SHIFTS.get(pair.fault, 0.5))
        wrong = Model(FAULTS[pair.fault](right.steps), right.inputs)
        return (wrong, right) if pair.fault == REVERSED else (right, wrong)
    index, architecture = next(
        (index, one) for index, one in enumerate(ARCHITECTURES) if one.name == pair.subject
    )
    merged = "flax" in (pair.first, pair.second)
    if architecture.trained:
        from .training import trained

        honest = trained(architecture, pair.seed, merged)
    else:
        honest = architecture.draw(Draw(np.random.default_rng([pair.seed, index, 7]), merged))
    return honest, honest


def _pytorch(model: Model, case: str, given: Any, spread: int) -> Any:
    from ..without_gradients import record_pytorch
    from .pytorch_model import PyTorchModel, inputs

    module = PyTorchModel(model).eval()
    return record_pytorch(module, *inputs(model), given=given, spread=spread, case=case)


def _keras(model: Model, case: str, given: Any, spread: int) -> Any:
    import keras
    from rnn_parity import record_keras

    from .keras_model import keras_model

    keras.utils.clear_session()
    built = keras_model(model)
    inputs = model.inputs if len(model.inputs) == 1 else [list(model.inputs)]
    return record_keras(built, *inputs, given=given, spread=spread, case=case)


def _onnx(model: Model, case: str, given: Any, spread: int) -> Any:
    from rnn_parity import record_onnx

    from .onnx_model import inputs, onnx_model

    return record_onnx(onnx_model(model), inputs(model), given=given, spread=spread, case=case)


def _flax(model: Model, case: str, given: Any, spread: int) -> Any:
    from rnn_parity import record_flax

    from .flax_model import FlaxModel, inputs

    return record_flax(FlaxModel(model), *inputs(model), given=given, spread=spread, case=case)


_RECORDERS: dict[str, Callable[[Model, str, Any, int], Any]] = {
    "pytorch": _pytorch,
    "keras": _keras,
    "onnxruntime": _onnx,
    "flax": _flax,
}

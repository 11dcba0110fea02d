"""Loads a converted file by the target framework's own loader, and records its layers on given inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rnn_parity import Case, record_flax, record_keras, record_mlx, record_onnx

from ..case import Array
from ..without_gradients import record_pytorch
from .converting import Converted

Runner = Callable[[Array], Case]
"""Records one module on a sequence (T, B, I)."""


def runners(converted: Converted, target: str, input_sizes: Sequence[int]) -> dict[str, Runner]:
    """One for each module, by name; one for all of an ONNX model.   input_sizes: of each module."""
    load = {"pytorch": _pytorch, "onnx": _onnx, "flax": _flax, "mlx": _mlx}.get(target, _keras)
    return load(converted, input_sizes)


def _pytorch(converted: Converted, _: Sequence[int]) -> dict[str, Runner]:
    import torch
    from safetensors.torch import load_file
    from torch import nn

    modules = {name: eval(code, {"nn": nn}) for name, code in converted.modules.items()}
    root = modules.get("", nn.Module())
    for name, module in modules.items():
        *parents, leaf = name.split(".")
        place = root
        for parent in parents:
            if not hasattr(place, parent):
                place.add_module(parent, nn.Module())
            place = getattr(place, parent)
        if leaf:
            place.add_module(leaf, module)
    root.load_state_dict(load_file(converted.path), strict=True)
    root.eval()

    def runner(module: Any) -> Runner:
        return lambda sequence: record_pytorch(module, torch.tensor(sequence), spread=0)

    return {name: runner(module) for name, module in modules.items()}


def _keras(converted: Converted, input_sizes: Sequence[int]) -> dict[str, Runner]:
    import keras

    keras.backend.clear_session()
    layers = {name: eval(code, {"keras": keras}) for name, code in converted.modules.items()}
    entries = [keras.Input((None, size)) for size in input_sizes]
    outputs = [layer(entry) for layer, entry in zip(layers.values(), entries)]
    model = keras.Model(entries, outputs)
    model.load_weights(str(converted.path))

    def runner(layer: Any) -> Runner:
        return lambda sequence: record_keras(layer, _batch_major(sequence), spread=0)

    return {name: runner(layer) for name, layer in layers.items()}


def _onnx(converted: Converted, _: Sequence[int]) -> dict[str, Runner]:
    return {"": lambda sequence: record_onnx(converted.path, {"input": sequence}, spread=0)}


def _flax(converted: Converted, input_sizes: Sequence[int]) -> dict[str, Runner]:
    import jax
    from flax import linen
    from flax.traverse_util import unflatten_dict
    from safetensors.flax import load_file

    tree = unflatten_dict(load_file(converted.path), sep="/")["params"]
    found: dict[str, Runner] = {}
    for (name, code), size in zip(converted.modules.items(), input_sizes):
        module = eval(code, {"nn": linen, "jax": jax})
        own = tree
        for part in name.split("/"):
            own = own[part] if part else own
        expected = module.init(jax.random.PRNGKey(0), np.zeros((1, 1, size), np.float32))["params"]
        shapes = [
            jax.tree.map(np.shape, one, is_leaf=lambda one: hasattr(one, "shape")) for one in (own, expected)
        ]
        if shapes[0] != shapes[1]:
            raise ValueError(f"{name}: expected parameters {shapes[1]}; found {shapes[0]}")
        found[name] = _flax_runner(module, own)
    return found


def _flax_runner(module: Any, parameters: Any) -> Runner:
    variables = {"params": parameters}
    return lambda sequence: record_flax(module, _batch_major(sequence), variables=variables, spread=0)


def _mlx(converted: Converted, _: Sequence[int]) -> dict[str, Runner]:
    import mlx.core as mx
    import mlx.nn as nn

    modules = {name: eval(code, {"nn": nn}) for name, code in converted.modules.items()}
    root = modules.get("") or nn.Module()
    for name, module in modules.items():
        *parents, leaf = name.split(".")
        place = root
        for parent in parents:
            if parent not in place:
                place[parent] = nn.Module()
            place = place[parent]
        if leaf:
            place[leaf] = module
    root.load_weights(str(converted.path), strict=True)

    def runner(module: Any) -> Runner:
        return lambda sequence: record_mlx(module, mx.array(_batch_major(sequence)), spread=0)

    return {name: runner(module) for name, module in modules.items()}


def _batch_major(sequence: Array) -> Array:
    return np.ascontiguousarray(sequence.swapaxes(0, 1))

"""The features of version 2 without which a file would be judged wrongly."""

from __future__ import annotations

from collections.abc import Iterator

from .case import Activation, Case, RecordedLayer, RecordedPass, Reference

_FIRST_ACTIVATIONS = {"tanh", "relu", "sigmoid", "linear", "hard_sigmoid", "hard_sigmoid_keras2"}
_FIRST_RECURRENT_ACTIVATIONS = {"sigmoid", "hard_sigmoid", "hard_sigmoid_keras2"}
_FIRST_PRECISIONS = {None, "float64", "float32"}


def requirements(case: Case) -> list[str]:
    """Names of the features that `case` uses, sorted."""
    features = set(_of_case(case))
    for reference in case.references:
        features.update(_of_reference(reference))
        for layer in reference.layers:
            features.update(_of_layer(layer))
    return sorted(features)


def _of_case(case: Case) -> Iterator[str]:
    if case.input is None:
        yield "layer-axes"
    if case.mask is not None:
        yield "mask"
    if case.lengths is not None and (case.lengths == 0).any():
        yield "empty-sequences"


def _of_reference(reference: Reference) -> Iterator[str]:
    if reference.precision not in _FIRST_PRECISIONS:
        yield "precision"
    model = reference.model
    if model is not None and (model.outputs or model.left_out or model.trimmed or model.spread):
        yield "model"


def _of_layer(layer: RecordedLayer) -> Iterator[str]:
    valid = layer.valid
    if layer.mask is not None:
        yield "mask"
    if layer.lengths is not None:
        yield "layer-axes"
    if valid is not None and not valid.any(axis=0).all():
        yield "empty-sequences"
    if layer.precision not in _FIRST_PRECISIONS:
        yield "precision"
    used = {
        "weights-of": layer.weights_of is not None,
        "pair": layer.pair is not None,
        "clip": layer.clip is not None,
        "input-forget": bool(layer.input_forget),
        "empty-final": layer.empty_final == "zeros",
        "other-options": bool(layer.other_options),
        "output-activation": layer.output_activation is not None,
    }
    yield from (feature for feature, is_used in used.items() if is_used)
    owners: list[RecordedLayer | RecordedPass] = [layer, *layer.passes.values()]
    if any(_is_new(owner.activation, _FIRST_ACTIVATIONS) for owner in owners) or any(
        _is_new(owner.recurrent_activation, _FIRST_RECURRENT_ACTIVATIONS) for owner in owners
    ):
        yield "activations"
    for recorded in layer.passes.values():
        if "P" in recorded.weights:
            yield "peepholes"
        if recorded.activation or recorded.recurrent_activation or recorded.output_activation:
            yield "direction-options"


def _is_new(activation: Activation | None, known: set[str]) -> bool:
    return activation is not None and (activation.name not in known or activation.alpha is not None)

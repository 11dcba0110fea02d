"""Joins recordings of one network into one case: every reference's layers in the order of the first's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from .case import Array, Case, ModelRecord, RecordedLayer, RecordedPass, Reference, unique_names
from .errors import RecordingError
from .halves import split_like
from .pairing import pair_layers, requested
from .spread import BoundarySpread


def join(
    first: Case | str | Path,
    *others: Case | str | Path,
    pair: Mapping[str, str] | None = None,
    case: str | None = None,
    path: str | Path | None = None,
) -> Case:
    """All references of all cases, as one case, its layers paired.

    pair: names of layers or modules in the first recording to those in another, where names, weights and
        order do not say which is which; the file says so too, and `parity` pairs them so. A bidirectional
        layer is held against a forward and a backward layer that read the same input by splitting it.
    case: the name of the joined case, by default the first's.   path: where to write it.
    Equal names of references get a number: pytorch, pytorch-2.
    """
    cases = [one if isinstance(one, Case) else Case.load(one) for one in (first, *others)]
    references = [_own_inputs(one, reference) for one in cases for reference in one.references]
    if not references:
        raise RecordingError("join", expected="a reference in each case", found="none")
    names = unique_names([reference.name for reference in references])
    references = [replace(reference, name=name) for reference, name in zip(references, names)]
    _check_names(pair or {}, references)
    for index in range(1, len(references)):
        # Splitting for a later reference splits the earlier ones, which agree among themselves.
        target = references[index].layers
        references[:index] = [_split(reference, target) for reference in references[:index]]
        references[index] = _split(references[index], references[0].layers)
        references[0], references[index] = _paired(references[0], references[index], pair or {})
    joined = replace(
        cases[0],
        case=case or cases[0].case,
        references=tuple(references),
        **({} if _same_input(cases) else {"input": None, "lengths": None, "mask": None}),
    )
    if path is not None:
        joined.save(path)
    return joined


def _same_input(cases: Sequence[Case]) -> bool:
    return all(
        _equal(one.input, cases[0].input)
        and _equal(one.lengths, cases[0].lengths)
        and _equal(one.mask, cases[0].mask)
        for one in cases
    )


def _equal(a: Array | None, b: Array | None) -> bool:
    if a is None or b is None:
        return a is b
    return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def _own_inputs(case: Case, reference: Reference) -> Reference:
    """The first layer with the input and lengths that it took from the case."""
    layers = list(reference.layers)
    if case.input is not None and layers and layers[0].input is None:
        layers[0] = replace(layers[0], input=case.input)
    if case.input is not None:
        layers = [
            layer
            if layer.valid is not None or layer.extent != case.input.shape[:2]
            else replace(layer, lengths=case.lengths, mask=case.mask)
            for layer in layers
        ]
    return replace(reference, layers=tuple(layers))


def _check_names(pair: Mapping[str, str], references: Sequence[Reference]) -> None:
    known = [_names(one) for one in references]
    for own, other in pair.items():
        if own not in known[0]:
            raise RecordingError(
                own, expected=_expected(references[0]), found="no such layer (a key of pair=)"
            )
        if not any(other in names for names in known[1:]):
            raise RecordingError(
                other, expected=_expected(*references[1:]), found="no such layer (a value of pair=)"
            )


def _names(reference: Reference) -> set[str]:
    """Of its layers and their modules."""
    return {name for layer in reference.layers for name in (layer.name, layer.module) if name is not None}


def _expected(*references: Reference) -> str:
    return "; ".join(
        f"a layer of {one.name}: {', '.join(layer.name for layer in one.layers)}" for one in references
    )


def _paired(first: Reference, second: Reference, pair: Mapping[str, str]) -> tuple[Reference, Reference]:
    """Both, those layers that `pair` names with labels, the second's layers in the order of the first's."""
    names = _names(second)
    own = {key: value for key, value in pair.items() if value in names}
    partners = requested(first.layers, second.layers, own)
    labels = {index: _label(first, index) for index in partners}
    first = _labelled(first, labels)
    second = _labelled(second, {partners[index]: label for index, label in labels.items()})
    order = pair_layers(first.layers, second.layers, (first.convention, second.convention), own)
    return first, _reordered(second, [(index, second.layers[index]) for index in order])


def _label(reference: Reference, index: int) -> str:
    """The label that the layer has, else its name, with a number where that is another's."""
    layer = reference.layers[index]
    taken = [one.pair for one in reference.layers if one.pair is not None]
    return layer.pair or unique_names([*taken, layer.name])[-1]


def _labelled(reference: Reference, labels: Mapping[int, str]) -> Reference:
    """With these labels, which no other of its layers keeps."""
    layers = [
        replace(layer, pair=labels[index])
        if index in labels
        else replace(layer, pair=None)
        if layer.pair in labels.values()
        else layer
        for index, layer in enumerate(reference.layers)
    ]
    return replace(reference, layers=tuple(layers))


def _split(reference: Reference, other: Sequence[RecordedLayer]) -> Reference:
    parts = split_like(reference.layers, other)
    return reference if len(parts) == len(reference.layers) else _reordered(reference, parts)


def _reordered(reference: Reference, order: Sequence[tuple[int, RecordedLayer]]) -> Reference:
    """order: for each new layer the index it had, and the layer."""
    if [index for index, _ in order] == list(range(len(reference.layers))):
        return reference
    layers: list[RecordedLayer] = []
    stored: dict[tuple[int, str], int] = {}
    for position, (index, layer) in enumerate(order):
        source = index if layer.weights_of is None else layer.weights_of
        key = (source, "+".join(layer.passes))
        if key in stored:
            layers.append(replace(layer, weights_of=stored[key], passes=_without_weights(layer)))
        else:
            stored[key] = position
            weights = reference.layers[source].passes
            passes = {
                name: replace(recorded, weights=weights[name].weights)
                for name, recorded in layer.passes.items()
            }
            layers.append(replace(layer, weights_of=None, passes=passes))
    return replace(reference, layers=tuple(layers), model=_moved_spread(reference, order))


def _without_weights(layer: RecordedLayer) -> dict[str, RecordedPass]:
    return {name: replace(recorded, weights={}) for name, recorded in layer.passes.items()}


def _moved_spread(reference: Reference, order: Sequence[tuple[int, RecordedLayer]]) -> ModelRecord | None:
    """The model with every boundary of a layer under the layer's new index."""
    model = reference.model
    if model is None or model.spread is None:
        return model
    spread = model.spread
    moved = replace(spread, boundaries=_moved(spread.boundaries, order), held=_moved(spread.held, order))
    return replace(model, spread=moved)


def _moved(
    own: Mapping[str, BoundarySpread], order: Sequence[tuple[int, RecordedLayer]]
) -> dict[str, BoundarySpread]:
    boundaries: dict[str, BoundarySpread] = {}
    for name, boundary in own.items():
        head, *rest = name.split("/", 2)
        if head != "layers":
            boundaries[name] = boundary
            continue
        for position, (index, layer) in enumerate(order):
            part = rest[1].split("/")[0]
            if str(index) == rest[0] and (part == "input" or part in layer.passes):
                boundaries[f"layers/{position}/{rest[1]}"] = boundary
    return boundaries

"""Which layer of one recording is which of another: by `pair=`, labels, then by name, weights and order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .case import Array, RecordedLayer
from .errors import RecordingError


def pair_layers(
    first: Sequence[RecordedLayer],
    second: Sequence[RecordedLayer],
    conventions: tuple[str, str],
    pair: Mapping[str, str] | None = None,
) -> list[int]:
    """For each layer of `first` the index of its partner in `second`: a permutation.

    pair: names in `first` to names in `second`, of layers or of whole modules.   Labels of an earlier
        `pair=` come next.
    Raises RecordingError that names the layers without a partner, and what would be needed.
    """
    partners: dict[int, int] = {}
    _by_request(first, second, pair or {}, partners)
    _by_label(first, second, partners)
    _by_name(first, second, partners)
    _by_weights(first, second, conventions, partners)
    _by_order(first, second, partners)
    missing = [layer.name for index, layer in enumerate(first) if index not in partners]
    spare = [layer.name for index, layer in enumerate(second) if index not in partners.values()]
    if missing or spare:
        raise RecordingError(
            ", ".join(missing + spare),
            expected="a layer of the other recording with the same cell, direction and sizes",
            found=f"{_described(first)} beside {_described(second)}",
        )
    return [partners[index] for index in range(len(first))]


def compatible(a: RecordedLayer, b: RecordedLayer) -> bool:
    """Whether two layers can be the same one."""
    return (
        (a.cell, a.direction, a.hidden_size, a.projection_size or 0, a.extent)
        == (b.cell, b.direction, b.hidden_size, b.projection_size or 0, b.extent)
        and (a.input is None or b.input is None or a.input.shape[2] == b.input.shape[2])
        and (a.merge_mode or "concat") == (b.merge_mode or "concat")
    )


def _by_request(
    first: Sequence[RecordedLayer],
    second: Sequence[RecordedLayer],
    pair: Mapping[str, str],
    partners: dict[int, int],
) -> None:
    for own, other in pair.items():
        owns, others = _named(first, own), _named(second, other)
        if len(owns) != len(others):
            raise RecordingError(
                own,
                expected=f"as many layers as {other} has, {len(others)}",
                found=f"{len(owns)}: {_described([first[index] for index in owns])}",
            )
        for index, partner in zip(owns, others):
            _check_alike(first[index], second[partner])
            partners[index] = partner


def _by_label(
    first: Sequence[RecordedLayer], second: Sequence[RecordedLayer], partners: dict[int, int]
) -> None:
    """Pairs what an earlier `pair=` paired, unless this one says otherwise."""
    labelled = {layer.pair: index for index, layer in enumerate(second) if layer.pair is not None}
    for index, layer in enumerate(first):
        partner = None if layer.pair is None else labelled.get(layer.pair)
        if partner is not None and index not in partners and partner not in partners.values():
            _check_alike(layer, second[partner])
            partners[index] = partner


def _check_alike(own: RecordedLayer, other: RecordedLayer) -> None:
    if not compatible(own, other):
        raise RecordingError(
            own.name, expected=f"a layer like {_described([other])}", found=_described([own])
        )


def requested(
    first: Sequence[RecordedLayer], second: Sequence[RecordedLayer], pair: Mapping[str, str]
) -> dict[int, int]:
    """Indices in `first` to those in `second` of the layers that `pair` names, modules layer by layer."""
    partners: dict[int, int] = {}
    _by_request(first, second, pair, partners)
    return partners


def _named(layers: Sequence[RecordedLayer], name: str) -> list[int]:
    found = [index for index, layer in enumerate(layers) if layer.name == name]
    found = found or [index for index, layer in enumerate(layers) if layer.module == name]
    if not found:
        names = ", ".join(layer.name for layer in layers)
        raise RecordingError(name, expected=f"one of the recorded layers {names}", found="no such layer")
    return found


def _by_name(
    first: Sequence[RecordedLayer], second: Sequence[RecordedLayer], partners: dict[int, int]
) -> None:
    names = {layer.name: index for index, layer in enumerate(second)}
    for index, layer in enumerate(first):
        partner = names.get(layer.name)
        free = index not in partners and partner is not None and partner not in partners.values()
        if free and partner is not None and compatible(layer, second[partner]):
            partners[index] = partner


def _by_weights(
    first: Sequence[RecordedLayer],
    second: Sequence[RecordedLayer],
    conventions: tuple[str, str],
    partners: dict[int, int],
) -> None:
    """Pairs layers whose input weights hold the same values, however they are packed.

    A port may exchange gates and lose biases, so the values are compared as a set; where two layers of
    one side hold the same ones, their order decides.
    """
    others = {
        index: _fingerprint(layer, conventions[1])
        for index, layer in enumerate(second)
        if index not in partners.values()
    }
    for index, layer in enumerate(first):
        if index in partners:
            continue
        own = _fingerprint(layer, conventions[0])
        for partner, other in others.items():
            if partner not in partners.values() and compatible(layer, second[partner]) and _close(own, other):
                partners[index] = partner
                break


def _by_order(
    first: Sequence[RecordedLayer], second: Sequence[RecordedLayer], partners: dict[int, int]
) -> None:
    free = [index for index in range(len(second)) if index not in partners.values()]
    for index, layer in enumerate(first):
        if index in partners:
            continue
        partner = next((one for one in free if compatible(layer, second[one])), None)
        if partner is not None:
            free.remove(partner)
            partners[index] = partner


def _fingerprint(layer: RecordedLayer, convention: str) -> Array:
    """The sorted values of the input weights of all directions: (count)."""
    found = [
        tensor.astype(np.float64).ravel()
        for recorded in layer.passes.values()
        for name, tensor in recorded.weights.items()
        if _reads_input(name, convention)
    ]
    return np.sort(np.concatenate(found)) if found else np.zeros(0)


def _reads_input(name: str, convention: str) -> bool:
    if convention == "flax":
        return name.startswith("i") and name.endswith("/kernel")
    return name in {"pytorch": ("weight_ih",), "keras": ("kernel",), "onnx": ("W",)}.get(
        convention, ("Wx", "Wxh")
    )


def _close(a: Array, b: Array) -> bool:
    """Equal but for the rounding of a stored format: half of a bfloat16's unit at most."""
    return a.size == b.size > 0 and bool(np.allclose(a, b, rtol=2.0**-8, atol=0))


def _described(layers: Sequence[RecordedLayer]) -> str:
    def one(layer: RecordedLayer) -> str:
        steps, batch = layer.extent
        size = "" if layer.input is None else f", I {layer.input.shape[2]}"
        axes = f"H {layer.hidden_size}{size}, T {steps}, B {batch}"
        return f"{layer.name} ({layer.direction} {layer.cell}, {axes})"

    return "; ".join(one(layer) for layer in layers) or "nothing recurrent"

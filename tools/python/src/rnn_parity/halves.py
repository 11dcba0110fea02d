"""A bidirectional layer as two layers of one direction: the same function, written otherwise.

Where one recording has a forward and a backward layer that were fed the same input, and the other one a
bidirectional layer, the latter is split. What the model does with the two halves is then a boundary: it is
compared at whatever reads it next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .case import RecordedLayer, RecordedPass


def split_like(
    layers: Sequence[RecordedLayer], other: Sequence[RecordedLayer]
) -> list[tuple[int, RecordedLayer]]:
    """`layers`, those bidirectional ones split for which `other` has more pairs of halves.

    Each entry is (index of the layer it comes from, layer).
    """
    lone = _halves(other)
    for layer in _halves(layers):
        for half in [half for half in lone if _alike(half, layer)][:1]:
            lone.remove(half)
    result: list[tuple[int, RecordedLayer]] = []
    for index, layer in enumerate(layers):
        parts = _split(layer) if layer.direction == "bidirectional" else None
        wanted = [half for part in parts or () for half in [half for half in lone if _alike(half, part)][:1]]
        if parts and len(wanted) == len(parts):
            lone = [half for half in lone if all(half is not one for one in wanted)]
            result += [(index, part) for part in parts]
        else:
            result.append((index, layer))
    return result


def _halves(layers: Sequence[RecordedLayer]) -> list[RecordedLayer]:
    """The layers of one direction that belong to a pair which reads the same input."""
    single = [layer for layer in layers if layer.direction != "bidirectional"]
    return [
        layer
        for layer in single
        if any(
            layer.direction != partner.direction
            and (layer.cell, layer.hidden_size) == (partner.cell, partner.hidden_size)
            and layer.input is not None
            and partner.input is not None
            and np.array_equal(layer.input, partner.input, equal_nan=True)
            for partner in single
        )
    ]


def _alike(a: RecordedLayer, b: RecordedLayer) -> bool:
    return (a.cell, a.direction, a.hidden_size, a.extent) == (b.cell, b.direction, b.hidden_size, b.extent)


def _split(layer: RecordedLayer) -> list[RecordedLayer] | None:
    """The two halves; None where a merge other than a concatenation hides the states."""
    concatenated = layer.merge_mode in (None, "concat")
    outputs = dict.fromkeys(layer.passes, layer.output)
    if layer.output is not None and concatenated:
        outputs.update(zip(("forward", "backward"), np.split(layer.output, 2, axis=2)))
    elif any(recorded.h is None for recorded in layer.passes.values()):
        return None
    return [
        replace(
            layer,
            name=f"{layer.name}.{direction}",
            pair=None if layer.pair is None else f"{layer.pair}.{direction}",
            passes={direction: _own_options(recorded)},
            output=outputs[direction] if concatenated else None,
            merge_mode=None,
            activation=recorded.activation or layer.activation,
            recurrent_activation=recorded.recurrent_activation or layer.recurrent_activation,
            output_activation=recorded.output_activation or layer.output_activation,
        )
        for direction, recorded in layer.passes.items()
    ]


def _own_options(recorded: RecordedPass) -> RecordedPass:
    return replace(recorded, activation=None, recurrent_activation=None, output_activation=None)

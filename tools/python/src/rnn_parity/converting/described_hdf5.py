"""Writes recurrent layers with all that is known of them, in this project's own layout `rnn-parity-weights`.

Attributes mean what they mean in a fixture, but that an absent one is not said, instead of a default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..case import Array, RecordedLayer
from ..hdf5_file import create_group, new_file, write_attributes
from ..hdf5_writer import write_activations, write_tensors

_FORMAT = "rnn-parity-weights"
_FORMAT_VERSION = 1


@dataclass(frozen=True)
class DescribedLayer:
    """layer: its options and weights; no sequences.   convention: of its weights.

    reads: the name of the layer whose output it reads with nothing but identities between, or what else it
        reads, in words.
    """

    layer: RecordedLayer
    convention: str
    reads: str


def write_described(
    path: Path, source: str, layers: Sequence[DescribedLayer], others: Mapping[str, Array]
) -> None:
    """others: arrays that belong to no recurrent layer, by name."""
    with new_file(path) as file:
        write_attributes(file, format=_FORMAT, format_version=_FORMAT_VERSION, source=source)
        group = create_group(file, "layers")
        for index, described in enumerate(layers):
            own = create_group(group, str(index))
            write_attributes(own, convention=described.convention, reads=described.reads)
            layer = described.layer
            write_attributes(
                own,
                name=layer.name,
                cell=layer.cell,
                direction=layer.direction,
                hidden_size=layer.hidden_size,
                reset_after=layer.reset_after,
                projection_size=layer.projection_size,
                merge_mode=layer.merge_mode,
                clip=layer.clip,
                input_forget=layer.input_forget,
                other_options=json.dumps(dict(layer.other_options)) if layer.other_options else None,
            )
            write_activations(own, layer)
            for direction, recorded in layer.passes.items():
                half = create_group(own, direction)
                write_activations(half, recorded)
                write_tensors(create_group(half, "weights"), recorded.weights)
        write_tensors(create_group(file, "others"), others)

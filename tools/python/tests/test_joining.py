"""Joined recordings hold the layers of each reference in the order of the first's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from rnn_parity import (
    BoundarySpread,
    Case,
    ModelRecord,
    RecordedLayer,
    RecordedPass,
    RecordingError,
    Reference,
    Spread,
    join,
)

T, B, F, H = 4, 2, 3, 5


def layer(
    name: str, seed: int = 0, directions: Sequence[str] = ("forward",), **options: Any
) -> RecordedLayer:
    draw = np.random.default_rng(seed)
    output = draw.normal(size=(T, B, H * len(directions)))
    weights = {"weight_ih": draw.normal(size=(H, F)), "weight_hh": draw.normal(size=(H, H))}
    return RecordedLayer(
        name=name,
        module=name,
        cell="rnn",
        hidden_size=H,
        input=options.pop("input", draw.normal(size=(T, B, F))),
        output=output,
        passes={one: RecordedPass(weights=weights) for one in directions},
        **options,
    )


def case(*layers: RecordedLayer, name: str = "pytorch", convention: Any = "pytorch", **model: Any) -> Case:
    reference = Reference(
        name=name,
        framework=name,
        framework_version="1",
        convention=convention,
        layers=layers,
        model=ModelRecord(**model),
    )
    return Case(case="c", references=(reference,))


def in_keras(one: RecordedLayer, name: str) -> RecordedLayer:
    """The same weights as Keras packs them."""
    passes = {
        key: replace(own, weights={"kernel": own.weights["weight_ih"].T, "recurrent_kernel": np.zeros(1)})
        for key, own in one.passes.items()
    }
    return replace(one, name=name, module=name, passes=passes)


def names(joined: Case, place: int = 1) -> list[str]:
    return [one.name for one in joined.references[place].layers]


def test_equal_reference_names_get_numbers_and_the_file_is_written(tmp_path: Path) -> None:
    path = tmp_path / "both.h5"
    join(case(layer("a")), case(layer("a")), case(layer("a")), path=path)
    assert {one.name for one in Case.load(path).references} == {"pytorch", "pytorch-2", "pytorch-3"}


def test_pair_comes_before_names() -> None:
    joined = join(case(layer("a"), layer("b", 1)), case(layer("a"), layer("b", 1)), pair={"a": "b", "b": "a"})
    assert names(joined) == ["b", "a"]


def test_names_come_before_weights() -> None:
    joined = join(case(layer("a"), layer("b", 1)), case(layer("b"), layer("a", 1)))
    assert names(joined) == ["a", "b"]


def test_weights_pair_parallel_branches_whatever_their_packing_and_order() -> None:
    own = layer("left"), layer("right", 1)
    other = case(in_keras(own[1], "rnn"), in_keras(own[0], "rnn_1"), name="keras", convention="keras")
    assert names(join(case(*own), other)) == ["rnn_1", "rnn"]


def test_order_pairs_what_nothing_else_does() -> None:
    joined = join(case(layer("a"), layer("b", 1)), case(layer("x", 2), layer("y", 3)))
    assert names(joined) == ["x", "y"]


def test_a_missing_partner_is_named_with_its_sizes() -> None:
    with pytest.raises(RecordingError, match=r"b: expected .* found a \(forward rnn, H 5, I 3, T 4, B 2\)"):
        join(case(layer("a"), layer("b", 1)), case(layer("a")))


def test_an_unknown_name_in_pair_is_an_error() -> None:
    with pytest.raises(RecordingError, match="encoder.*a key of pair="):
        join(case(layer("a")), case(layer("a")), pair={"encoder": "a"})
    with pytest.raises(RecordingError, match="decoder.*a value of pair="):
        join(case(layer("a")), case(layer("a")), pair={"a": "decoder"})


def test_a_bidirectional_layer_is_split_against_two_halves() -> None:
    both = layer("bi", directions=("forward", "backward"), merge_mode="concat")
    halves = [
        layer("fw", 1, input=both.input),
        layer("bw", 2, directions=("backward",), input=both.input),
    ]
    for joined in (join(case(both), case(*halves)), join(case(*halves), case(both))):
        found = {one.name: one for reference in joined.references for one in reference.layers}
        assert set(found) == {"bi.forward", "bi.backward", "fw", "bw"}
        assert np.array_equal(found["bi.forward"].output, both.output[..., :H])
        assert np.array_equal(found["bi.backward"].output, both.output[..., H:])
        directions = [[one.direction for one in reference.layers] for reference in joined.references]
        assert directions[0] == directions[1]


def test_spread_and_shared_weights_follow_their_layers() -> None:
    first, second = layer("a"), layer("b", 1)
    shared = replace(second, name="b", weights_of=0, passes={"forward": RecordedPass(weights={})})
    boundaries = {f"layers/{k}/input": BoundarySpread(float(k), ()) for k in range(2)}
    other = case(first, shared, spread=Spread(1, 0, boundaries, held=boundaries))
    joined = join(case(layer("b"), layer("a", 1)), other).references[1]
    assert [one.name for one in joined.layers] == ["b", "a"]
    assert joined.layers[0].weights_of is None and joined.layers[0].passes["forward"].weights
    assert joined.layers[1].weights_of == 0 and not joined.layers[1].passes["forward"].weights
    assert joined.model is not None and joined.model.spread is not None
    assert joined.model.spread.boundaries["layers/0/input"].whole == 1.0
    assert joined.model.spread.held["layers/0/input"].whole == 1.0


def labels(joined: Case, place: int) -> list[str | None]:
    return [one.pair for one in joined.references[place].layers]


def test_what_pair_says_is_in_the_file_and_is_required(tmp_path: Path) -> None:
    path = tmp_path / "paired.h5"
    own, other = case(layer("a"), layer("b", 1)), case(layer("a"), layer("b", 1))
    join(own, other, pair={"a": "b", "b": "a"}, path=path)
    joined = Case.load(path)
    assert labels(joined, 0) == labels(joined, 1) == ["a", "b"] and names(joined) == ["b", "a"]
    with h5py.File(path) as file:
        assert "pair" in list(file.attrs["requires"])
    assert labels(join(own, other), 1) == [None, None]


def test_what_was_paired_stays_paired_in_a_third_recordings_company() -> None:
    crossed = join(
        case(layer("a"), layer("b", 1)), case(layer("a"), layer("b", 1)), pair={"a": "b", "b": "a"}
    )
    joined = join(crossed, case(layer("b", 1), layer("a"), name="keras"))
    assert names(joined, 1) == ["b", "a"] and labels(joined, 1) == ["a", "b"]
    assert names(joined, 2) == ["a", "b"] and labels(joined, 2) == [None, None]


def test_a_later_pair_goes_before_an_earlier_one() -> None:
    crossed = join(case(layer("a"), layer("b")), case(layer("a"), layer("b")), pair={"a": "b", "b": "a"})
    joined = join(crossed, pair={"a": "a"})
    assert names(joined) == ["a", "b"] and labels(joined, 1) == ["a", None]


def test_halves_of_a_paired_layer_are_paired() -> None:
    both = layer("bi", directions=("forward", "backward"), merge_mode="concat")
    joined = join(case(both), case(replace(both, name="port", module="port")), pair={"bi": "port"})
    halves = [layer("fw", 1, input=both.input), layer("bw", 2, directions=("backward",), input=both.input)]
    split = join(joined, case(*halves))
    assert labels(split, 0) == labels(split, 1) == ["bi.forward", "bi.backward"]

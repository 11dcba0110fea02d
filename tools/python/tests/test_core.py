"""The case, its file and its spread, without any framework."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

import rnn_parity
from rnn_parity import (
    Activation,
    BoundarySpread,
    Calls,
    Case,
    LeftOut,
    ModelRecord,
    RecordedLayer,
    RecordedPass,
    RecordingError,
    Reference,
    Repeated,
    Spread,
    States,
)
from rnn_parity.calls import combined
from rnn_parity.hdf5_file import new_file, write_dataset
from rnn_parity.spread import SpreadMeasurement

rng = np.random.default_rng(7)


def floats(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def recorded(steps=5, batch=3, directions=("forward",), initial=None, weights=None, source=None):
    weights = weights or {"weight_ih": floats(8, 2), "weight_hh": floats(8, 2)}
    passes = {
        name: RecordedPass(
            weights=weights,
            h=floats(steps, batch, 2),
            c=floats(steps, batch, 2),
            initial=initial,
            source=source,
            final=States(floats(batch, 2), floats(batch, 2)),
        )
        for name in directions
    }
    return RecordedLayer(
        name="rnn",
        module="rnn",
        cell="lstm",
        hidden_size=2,
        passes=passes,
        input=floats(steps, batch, 2),
        output=floats(steps, batch, 2 * len(directions)),
        precision="bfloat16",
    )


def case(*layers, **model):
    reference = Reference(
        name="pytorch",
        framework="pytorch",
        framework_version="2",
        convention="pytorch",
        layers=layers,
        model=ModelRecord(**model),
    )
    return Case(case="é", references=(reference,))


FULL = case(
    replace(recorded(directions=("forward", "backward")), mask=np.eye(5, 3, dtype=bool), clip=0.5),
    replace(recorded(), activation=Activation("elu", 0.5), weights_of=0, calls=Calls("chained", (2, 3))),
    inputs={"x": np.arange(6).reshape(2, 3)},
    outputs={"logits": np.float16([[1, 2]])},
    left_out=(LeftOut("a.b", "LSTM", "user", "ignored"),),
    unused=("spare",),
    repeated=(Repeated("cell", "Cell", 9),),
    spread=Spread(
        8,
        0,
        {"layers/0/input": BoundarySpread(1.0, (np.ones(5), np.ones(3)))},
        held={"layers/0/input": BoundarySpread(0.5, (np.full(5, 0.5), np.full(3, 0.25)))},
    ),
)


def tree(value):
    """Nested tuples of bytes and plain values, which can be compared."""
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, value.tobytes())
    if hasattr(value, "__dataclass_fields__"):
        return tuple(tree(getattr(value, name)) for name in value.__dataclass_fields__)
    if isinstance(value, dict):
        return tuple(sorted((key, tree(item)) for key, item in value.items()))
    return tuple(map(tree, value)) if isinstance(value, (tuple, list)) else value


def test_importing_costs_no_framework_and_little_time():
    probe = (
        "import numpy, h5py, sys, time; t = time.process_time(); import rnn_parity;"
        "print(time.process_time() - t, [m for m in ('torch', 'keras', 'jax', 'onnx') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(rnn_parity.__file__).parents[1])}
    times = []
    for _ in range(3):
        found = subprocess.run(
            [sys.executable, "-c", probe], env=environment, capture_output=True, text=True, check=True
        ).stdout
        seconds, frameworks = found.split(" ", 1)
        assert frameworks.strip() == "[]"
        times.append(float(seconds))
    assert min(times) <= 0.05


def test_a_file_is_read_back_as_it_was_written(tmp_path):
    path = FULL.save(tmp_path / "a.h5")
    assert tree(Case.load(path)) == tree(FULL)


def test_the_same_case_gives_the_same_bytes(tmp_path):
    assert FULL.save(tmp_path / "a.h5").read_bytes() == FULL.save(tmp_path / "b.h5").read_bytes()


def test_a_file_names_the_features_it_needs(tmp_path):
    with h5py.File(FULL.save(tmp_path / "a.h5")) as file:
        assert file.attrs["format_version"] == 2
        assert list(file.attrs["requires"]) == [
            "activations", "clip", "layer-axes", "mask", "model", "precision", "weights-of",
        ]  # fmt: skip


def test_held_and_pinned_spreads_are_read_back(tmp_path):
    held = Case.load(FULL.save(tmp_path / "held.h5")).references[0].model.spread
    assert held.pinned is None and held.boundaries.keys() == held.held.keys() == {"layers/0/input"}
    assert held.held["layers/0/input"].whole == 0.5 and held.boundaries["layers/0/input"].whole == 1.0
    assert held.held["layers/0/input"].axes[1].tolist() == [0.25] * 3
    reference = FULL.references[0]
    spread = replace(reference.model.spread, pinned="keras in a.h5", held={})
    pinned = replace(FULL, references=(replace(reference, model=replace(reference.model, spread=spread)),))
    read = Case.load(pinned.save(tmp_path / "pinned.h5")).references[0].model.spread
    assert read.pinned == "keras in a.h5" and not read.held


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    path = FULL.save(tmp_path / "a.h5")
    before = path.read_bytes()
    broken = case(replace(recorded(), output=np.array([[object()]])))
    with pytest.raises(TypeError):
        broken.save(path)
    assert path.read_bytes() == before and [own.name for own in tmp_path.iterdir()] == ["a.h5"]


def test_what_is_no_fixture_is_named(tmp_path):
    (tmp_path / "a.h5").write_text("no")
    with pytest.raises(RecordingError, match="a.h5"):
        Case.load(tmp_path / "a.h5")


def test_a_trimmed_backward_pass_starts_from_the_state_it_had():
    whole = FULL.references[0].layers[0]
    cut = FULL.trimmed((2, 3)).references[0]
    layer = cut.layers[0]
    assert layer.extent == (2, 3) and layer.input.shape == (2, 3, 2)
    # Beyond lies only step 2 of sequence 2: it enters with the state of there, the others with zeros.
    assert (layer.passes["backward"].initial.h[2] == whole.passes["backward"].h[2, 2]).all()
    assert not layer.passes["backward"].initial.c[:2].any()
    assert layer.passes["forward"].final is None and layer.passes["backward"].final is not None
    assert cut.model.trimmed == (2, 3) and not cut.model.outputs
    for own in (cut.model.spread.boundaries, cut.model.spread.held):
        assert [axis.shape for axis in own["layers/0/input"].axes] == [(2,), (3,)]


def test_spread_is_rms_over_runs_and_slices_with_the_unit_as_floor():
    values = np.full((2, 3), 1.5, np.float32)
    measurement = SpreadMeasurement({"outputs/y": values, "outputs/n": np.arange(3)})
    moved = values.copy()
    moved[0, 0] += 3.0
    for one in (moved, values):
        measurement.add({"outputs/y": one, "outputs/n": np.arange(3)})
    boundary = measurement.result(0).boundaries["outputs/y"]
    assert boundary.whole == pytest.approx(np.sqrt(9 / 12))
    assert boundary.axes[0] == pytest.approx([np.sqrt(9 / 6), 2**-23])
    assert boundary.axes[1] == pytest.approx([np.sqrt(9 / 4), 2**-23, 2**-23])
    assert measurement.result(0).boundaries["outputs/n"].moved is False


def test_spread_counts_valid_steps_only_and_the_declared_format():
    values = np.ones((2, 2, 1), np.float32)
    moved = values.copy()
    moved[1, 1] = np.nan
    mask = np.array([[True, True], [True, False]])
    measurement = SpreadMeasurement({"a": values}, {"a": mask}, {"a": "bfloat16"})
    measurement.add({"a": moved})
    assert measurement.result(0).boundaries["a"].whole == 2**-7
    unmasked = SpreadMeasurement({"a": values})
    unmasked.add({"a": moved})
    assert unmasked.result(0).boundaries["a"].whole == np.inf


def chain(first, batch=3, steps=1, **options):
    """A call that was passed what `first` returned."""
    own = first.passes["forward"]
    return recorded(steps, batch, initial=own.final, weights=own.weights, **options)


def test_calls_chain_where_the_returned_state_was_passed():
    a = recorded(2)
    b = chain(a, steps=3)
    ((layer,),) = combined([[a], [b]])
    assert layer.calls == Calls("chained", (2, 3)) and layer.extent == (5, 3)
    assert (layer.input == np.concatenate([a.input, b.input])).all()
    assert layer.passes["forward"].initial is None
    assert layer.passes["forward"].final is b.passes["forward"].final


def test_one_bit_of_a_state_ends_a_chain():
    a = recorded(2)
    b = chain(a, steps=2)
    own = b.passes["forward"]
    c = np.nextafter(own.initial.c, np.float32(9))
    b = replace(b, passes={"forward": replace(own, initial=States(own.initial.h, c), source="computed")})
    ((layer,),) = combined([[a], [b]])
    assert layer.calls == Calls("stacked", (3, 3)) and layer.extent == (2, 6)
    assert not layer.passes["forward"].initial.h[:3].any() and layer.passes["forward"].source == "computed"


def test_no_state_never_chains_and_other_weights_never_stack():
    a = recorded(2)
    b = recorded(2, weights=a.passes["forward"].weights)
    assert len(combined([[a], [b]])) == 1 and combined([[a], [b]])[0][0].calls.kind == "stacked"
    assert len(combined([[a], [recorded(2)]])) == 2


def test_two_loops_side_by_side_are_two_chains_in_one_stack():
    a = recorded(1)
    b = recorded(1, weights=a.passes["forward"].weights)
    calls = [a, b]
    for _ in range(3):
        calls += [chain(calls[-2]), chain(calls[-1])]
    ((layer,),) = combined([[call] for call in calls])
    assert layer.extent == (4, 6) and layer.calls == Calls("stacked", (3, 3))


def test_a_summary_says_what_was_left_out():
    text = FULL.summary()
    for said in (
        "2 calls chained",
        "ignored by you: a.b",
        "not called: spare",
        "cell (Cell), 9 calls",
        "T = 5",
    ):
        assert said in text


def test_a_write_that_fails_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "case.h5"
    path.write_bytes(b"before")
    with pytest.raises(ZeroDivisionError), new_file(path) as file:
        write_dataset(file, "input", floats(3))
        raise ZeroDivisionError
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]

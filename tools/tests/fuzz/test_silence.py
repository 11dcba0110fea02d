"""That a file which means something else, and is judged a match, is found out."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from fuzzing.contents import Contents
from fuzzing.decoder import Decoder
from fuzzing.differences import Comparison, Difference, compare
from fuzzing.mutations import Mutant
from fuzzing.outcomes import outcome
from fuzzing.power import Power
from fuzzing.seeds import read_seed

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "Fixtures"
POWER = Power.read(ROOT / "Documentation" / "power.md")
RAGGED = FIXTURES / "stackedbigru-ragged.h5"
WEIGHTS = "references/keras/layers/1/forward/weights"


def damaged(source: Path, folder: Path, path: str, index: tuple[int, ...], factor: float) -> Path:
    """A copy in which one number is multiplied."""
    target = folder / "damaged.h5"
    target.write_bytes(source.read_bytes())
    with h5py.File(target, "r+") as file:
        values = file[path][()]
        values[index] *= factor
        file[path][...] = values
    return target


def difference(source: Path, target: Path) -> Comparison:
    return compare(Contents.read(source), Contents.read(target), POWER, 1.0)


@pytest.mark.parametrize(
    ("path", "index", "factor", "kind"),
    [
        (f"{WEIGHTS}/kernel", (2, 3), 1.5, "input weight"),
        (f"{WEIGHTS}/recurrent_kernel", (2, 3), 3.0, "recurrent weight"),
        (f"{WEIGHTS}/bias", (0, 3), 1.05, "bias"),
        ("references/pytorch/layers/0/backward/h", (0, 0, 1), 1.001, "state"),
        ("references/pytorch/layers/0/forward/initial_state/h", (0, 1), 1.01, "initial state"),
        ("references/pytorch/layers/1/output", (0, 0, 1), 1.01, "returned state"),
        ("input", (0, 0, 1), 1.1, "input"),
        ("lengths", (0,), 0.5, "steps"),
    ],
)
def test_change_beyond_the_smallest_fault_is_silent(
    tmp_path: Path, path: str, index: tuple[int, ...], factor: float, kind: str
) -> None:
    found = difference(RAGGED, damaged(RAGGED, tmp_path, path, index, factor))
    assert [change.kind for change in found.silent] == [kind]
    assert [change.path for change in found.silent] == [path]


@pytest.mark.parametrize(
    ("path", "index"),
    [
        (f"{WEIGHTS}/kernel", (2, 3)),
        (f"{WEIGHTS}/bias", (0, 3)),
        ("references/pytorch/layers/0/backward/h", (0, 0, 1)),
    ],
)
def test_change_of_a_roundoff_is_not(tmp_path: Path, path: str, index: tuple[int, ...]) -> None:
    found = difference(RAGGED, damaged(RAGGED, tmp_path, path, index, 1 + 1e-6))
    assert [0 < change.size < 1 for change in found.changed] == [True]


def test_padding_is_no_evidence(tmp_path: Path) -> None:
    with h5py.File(RAGGED, "r") as file:
        lengths, timesteps = file["lengths"][()], file["input"].shape[0]
    short = int(np.argmin(lengths))
    target = tmp_path / "damaged.h5"
    target.write_bytes(RAGGED.read_bytes())
    with h5py.File(target, "r+") as file:
        file["references/pytorch/layers/0/forward/h"][timesteps - 1, short, 0] = 9
    found = difference(RAGGED, target)
    assert [change.size for change in found.changed] == [0]


@pytest.mark.parametrize(("name", "axes"), [("W", (15, 2)), ("R", (20, 0)), ("B", (28 + 14,))])
def test_weights_of_a_coupled_forget_gate_are_no_evidence(
    tmp_path: Path, name: str, axes: tuple[int, ...]
) -> None:
    """ONNX packs i, o, f, c of H = 7."""
    fixture = FIXTURES / "lstm-onnx-options.h5"
    path = f"references/onnxruntime/layers/0/forward/weights/{name}"
    found = difference(fixture, damaged(fixture, tmp_path, path, axes, 9))
    assert [change.size for change in found.changed] == [0]
    used = (axes[0] + 7, *axes[1:])
    assert difference(fixture, damaged(fixture, tmp_path, path, used, 9)).silent


def test_attribute_of_the_formula_is_silent_and_words_are_not(tmp_path: Path) -> None:
    target = tmp_path / "damaged.h5"
    target.write_bytes(RAGGED.read_bytes())
    with h5py.File(target, "r+") as file:
        layer = file["references/keras/layers/0"].attrs
        layer["activation"], layer["name"] = "relu", "another"
    found = difference(RAGGED, target)
    assert [change.path for change in found.silent] == ["references/keras/layers/0@activation"]
    assert len(found.changed) == 2


def test_match_of_a_changed_file_is_a_problem_and_so_is_a_false_alarm() -> None:
    seed = read_seed("a", RAGGED)
    made = Mutant(seed, "flips", "", b"")
    change = Difference("input", "input", 3.0, "")
    nothing = Comparison((), (), (), False)
    changed = Comparison((change,), (), (), False)
    assert "passed in silence" in outcome(made, {"verdict": "match"}, changed).problems[0]
    assert not outcome(made, {"verdict": "mismatch"}, changed).problems
    assert not outcome(made, {"verdict": "match"}, nothing).problems
    assert "false alarm" in outcome(made, {"verdict": "drift"}, nothing).problems[0]


@pytest.mark.parametrize(
    "error", ["a.h5: HDF5-DIAG: Error", "a.h5: one\ntwo", "a.h5: crashed, which is a fault of the program"]
)
def test_error_in_foreign_words_is_a_problem(error: str) -> None:
    made = Mutant(read_seed("a", RAGGED), "flips", "", b"")
    assert outcome(made, {"verdict": "invalid", "error": error}, None).problems
    for ours in ("a.h5: /: expected this, found that", 'a.h5: /@cell: expected "gru", found "g\nu"'):
        assert not outcome(made, {"verdict": "invalid", "error": ours}, None).problems


def test_decoder_survives_what_kills_its_process(tmp_path: Path) -> None:
    """A file that h5py cannot open costs no more than its own answer."""
    decoder = Decoder(POWER)
    (tmp_path / "broken.h5").write_bytes(RAGGED.read_bytes()[:3000])
    try:
        assert decoder.compare(RAGGED, tmp_path / "broken.h5", 1.0) is None
        decoder.process.kill()
        assert decoder.compare(RAGGED, RAGGED, 1.0) is None
        found = decoder.compare(RAGGED, RAGGED, 1.0)
        assert found is not None and found.is_none
    finally:
        decoder.close()

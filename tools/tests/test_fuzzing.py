"""What `tools/fuzz` promises: that damage gets past checksums, and that nothing wrong is overlooked."""

from __future__ import annotations

import json
import random
import stat
from pathlib import Path

import h5py
import numpy as np
import pytest
from fuzzing.campaign import Campaign, Result
from fuzzing.checksums import blocks, repaired, with_end_of_file
from fuzzing.contents import Contents
from fuzzing.decoder import Decoder
from fuzzing.differences import Comparison, Difference, compare
from fuzzing.judging import judge
from fuzzing.layouts import LAYOUTS, rewrite
from fuzzing.lookup3 import lookup3, lookup3_of_prefixes
from fuzzing.mutations import Mutant, mutant
from fuzzing.outcomes import outcome
from fuzzing.power import Power
from fuzzing.seeds import read_seed

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Fixtures"
POWER = Power.read(ROOT / "Documentation" / "power.md")
LAYOUT = {layout.name: layout for layout in LAYOUTS}
RAGGED = FIXTURES / "stackedbigru-ragged.h5"


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


# MARK: Checksums


def test_checksum_is_that_of_its_author() -> None:
    """The values that lookup3.c itself names."""
    assert lookup3(b"") == 0xDEADBEEF
    assert lookup3(b"Four score and seven years ago") == 0x17770551


def test_checksums_of_all_prefixes_are_those_of_each() -> None:
    data = random.Random(1).randbytes(60)
    expected = [lookup3(data[:length]) for length in range(61)]
    assert lookup3_of_prefixes(data, np.arange(61)).tolist() == expected


@pytest.mark.parametrize("name", ["latest", "latest-deflate", "latest-indexed"])
def test_everything_that_has_a_checksum_is_found(tmp_path: Path, name: str) -> None:
    """Every named structure of the newer layouts, and the superblock."""
    rewrite(FIXTURES / "tagger.h5", tmp_path / "a.h5", LAYOUT[name])
    contents = (tmp_path / "a.h5").read_bytes()
    found = [contents[block.start : block.start + 4] for block in blocks(contents)]
    for signature in (
        b"OHDR",
        b"OCHK",
        b"FAHD",
        b"FADB",
        b"BTHD",
        b"BTLF",
        b"FRHP",
        b"FHDB",
        b"FSHD",
        b"FSSE",
    ):
        assert found.count(signature) == contents.count(signature), signature
    assert found.count(b"\x89HDF") == 1


def test_damage_is_read_only_where_its_checksum_is_repaired(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    rewrite(FIXTURES / "simplernn-tanh.h5", path, LAYOUT["latest"])
    contents = path.read_bytes()
    changed = contents.replace(b"rnn-parity-fixture", b"rnn-parity-fixtura")
    path.write_bytes(changed)
    assert "@format" not in Contents.read(path).attributes
    path.write_bytes(repaired(changed, contents, blocks(contents)))
    assert Contents.read(path).attributes["@format"] == "'rnn-parity-fixtura'"


@pytest.mark.parametrize("name", ["earliest", "latest"])
def test_longer_file_is_read_only_where_its_size_is_repaired(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.h5"
    rewrite(FIXTURES / "simplernn-tanh.h5", path, LAYOUT[name])
    whole = path.read_bytes()
    path.write_bytes(whole[:-16])
    with pytest.raises(OSError, match="truncated"):
        Contents.read(path)
    path.write_bytes(with_end_of_file(whole[:-16]))
    assert "references" in h5py.File(path, "r")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_another_layout_means_the_same(tmp_path: Path, layout: object) -> None:
    for fixture in ("tagger.h5", "stackedbigru-ragged.h5"):
        rewrite(FIXTURES / fixture, tmp_path / fixture, LAYOUT[str(layout.name)])  # type: ignore[attr-defined]
        assert difference(FIXTURES / fixture, tmp_path / fixture).is_none


def test_equal_randomness_damages_alike(tmp_path: Path) -> None:
    seed = read_seed("a", FIXTURES / "bilstm.h5")
    first, second = (
        [mutant(seed, [seed], randomness).contents for _ in range(50)]
        for randomness in (random.Random(3), random.Random(3))
    )
    assert first == second and len(set(first)) > 45


# MARK: What passes in silence

WEIGHTS = "references/keras/layers/1/forward/weights"


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


# MARK: The command from outside


def judge_like(folder: Path, body: str) -> str:
    """A program that is called as the judge is, and does what its body says."""
    program = folder / "judge"
    program.write_text(f"#!/bin/bash\nshift 5\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def report(*files: str, verdict: str = "match") -> str:
    cases = [{"file": file, "verdict": verdict, "case": file, "references": []} for file in files]
    return f"cat <<'E'\n{json.dumps({'cases': cases})}\nE\n"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (report("a"), ""),
        (report("a") + "exit 1", ""),
        (report("a") + "exit 3", "exit status 3"),
        (report("a") + "kill -SEGV $$", "exit status -11"),
        (report("a") + "echo 'HDF5-DIAG: Error' >&2", "standard error"),
        (report("a") + "sleep 60 >/dev/null 2>&1 </dev/null & exit 0", "outlived"),
        (report(), "no word of a"),
        ("exit 0", "no report"),
        (report("a") + "python3 -c 'b = bytearray(1300 << 20)'", "MiB in one process"),
    ],
)
def test_what_is_wrong_with_a_command_is_seen(tmp_path: Path, body: str, problem: str) -> None:
    found = judge(judge_like(tmp_path, body), ["a"], tmp_path).problems
    assert any(problem in one for one in found) if problem else not found


def test_command_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzzing.judging.MOST_SECONDS", 0.3)
    found = judge(judge_like(tmp_path, "sleep 60"), ["a"], tmp_path)
    assert "more than" in found.problems[0] and found.seconds < 10


def judge_of_all(folder: Path, roundoff: str) -> str:
    """A program to which everything matches; roundoff is an expression of how many files it has."""
    program = folder / "judge"
    program.write_text(
        "#!/usr/bin/env python3\nimport json, sys\nfiles = sys.argv[6:]\n"
        f"layers = [{{'stepwise': {{'effective_roundoff_rms': {roundoff}}}}}]\n"
        "cases = [{'file': f, 'verdict': 'match', 'references': [{'layers': layers}]} for f in files]\n"
        "print(json.dumps({'cases': cases}))\n"
    )
    program.chmod(0o755)
    return str(program)


def run_of(program: str, files: int, folder: Path) -> Result:
    seed = read_seed("a", FIXTURES / "bilstm.h5")
    (folder / "run").mkdir()
    return Campaign(program, [seed], POWER, files, 1, folder / "kept").run(folder / "run", 1)


def test_blind_judge_is_found_out(tmp_path: Path) -> None:
    """One to whom everything matches: some damage must have changed what a file means."""
    result = run_of(judge_of_all(tmp_path, "0.7"), 60, tmp_path)
    assert any("passed in silence" in failure for failure in result.failures)
    assert len(result.outcomes) == 60 and list((tmp_path / "kept").iterdir())


def test_undamaged_file_that_suffers_from_others_is_found_out(tmp_path: Path) -> None:
    result = run_of(judge_of_all(tmp_path, "0.7 + 1e-9 * (len(files) > 1)"), 8, tmp_path)
    harmed = [failure for failure in result.failures if "judged otherwise than alone" in failure]
    assert len(harmed) == result.good == 2

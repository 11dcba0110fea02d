"""That whatever is wrong with the command, or with what it says of a file's neighbours, is found out."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from fuzzing.campaign import Campaign, Result
from fuzzing.judging import judge
from fuzzing.power import Power
from fuzzing.seeds import read_seed

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "Fixtures"
POWER = Power.read(ROOT / "Documentation" / "power.md")


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

"""`check` returns what the program says, whatever that is, and raises where it says nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from rnn_parity.checking import ParityProgramError, assert_parity, check

pytest_plugins = ["pytester"]


def program(folder: Path, verdict: str, status: int, *, writes: bool = True) -> Path:
    """A stand-in that writes a report of this verdict: `report <path> --format json --output <file> …`."""
    script = folder / "parity"
    report = json.dumps({"verdict": verdict, "cases": []})
    body = f"printf '%s' '{report}' > \"$6\"; printf 'bias: add bias_hh' > \"${{10}}\"\n" if writes else ""
    script.write_text(f"#!/bin/sh\n{body}echo complaint >&2\nexit {status}\n")
    script.chmod(0o755)
    return script


@pytest.fixture
def fixture_file(tmp_path: Path) -> Path:
    path = tmp_path / "case.h5"
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("verdict", "status"), [("match", 0), ("drift", 1), ("differs", 1), ("mismatch", 1), ("invalid", 2)]
)
def test_no_verdict_raises_and_only_a_match_is_true(
    verdict: str, status: int, tmp_path: Path, fixture_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARITY", str(program(tmp_path, verdict, status)))
    result = check(fixture_file)
    assert (result.verdict, bool(result)) == (verdict, verdict == "match")
    assert result.report["verdict"] == verdict
    assert "add bias_hh" in str(result) and "add bias_hh" in result.text


def test_assert_parity_says_what_to_mend(
    tmp_path: Path, fixture_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARITY", str(program(tmp_path, "mismatch", 1)))
    with pytest.raises(AssertionError, match="add bias_hh"):
        assert_parity(fixture_file)


def test_the_original_is_handed_on(
    tmp_path: Path, fixture_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = program(tmp_path, "mismatch", 1)
    script.write_text(script.read_text().replace("#!/bin/sh\n", f'#!/bin/sh\necho "$@" > {tmp_path}/words\n'))
    monkeypatch.setenv("PARITY", str(script))
    check(fixture_file, original="pytorch", options=["--layer", "1"])
    assert (tmp_path / "words").read_text().strip().endswith("--layer 1 --original pytorch")
    check(fixture_file)
    assert "--original" not in (tmp_path / "words").read_text()


def test_a_program_that_fails_or_is_missing_raises(
    tmp_path: Path, fixture_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARITY", str(program(tmp_path, "match", 64, writes=False)))
    with pytest.raises(ParityProgramError, match="status 64: complaint"):
        check(fixture_file)
    monkeypatch.setenv("PARITY", str(tmp_path / "nothing"))
    with pytest.raises(ParityProgramError, match="nothing"):
        check(fixture_file)
    monkeypatch.delenv("PARITY")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ParityProgramError, match="the parity program is missing"):
        check(fixture_file)


def test_a_missing_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARITY", str(program(tmp_path, "match", 0)))
    with pytest.raises(FileNotFoundError, match="nowhere"):
        check(tmp_path / "nowhere.h5")


def test_the_plugin_fails_a_test_with_the_sentence_that_mends_it(
    pytester: pytest.Pytester, tmp_path: Path, fixture_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARITY", str(program(tmp_path, "mismatch", 1)))
    source = Path(__file__).parent.parent / "src"
    monkeypatch.setenv("PYTHONPATH", str(source) + os.pathsep + os.environ.get("PYTHONPATH", ""))
    pytester.makepyfile(f"def test_port(assert_parity):\n    assert_parity({str(fixture_file)!r})\n")
    done = pytester.runpytest_subprocess("-p", "rnn_parity.pytest_plugin")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*add bias_hh*", f"*recording: {fixture_file}*"])

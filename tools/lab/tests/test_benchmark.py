"""What a reader of the benchmark's tables relies on."""

import sys

import pytest

from rnn_parity_lab.benchmark.judging import FLAGGED, FOLDER
from rnn_parity_lab.benchmark.judging_document import summary
from rnn_parity_lab.benchmark.processes import Command, UnexpectedExit, can_measure_memory
from rnn_parity_lab.benchmark.rows import Row, Target, interleaved

_MEBIBYTES = 200
_PARENT = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", "import time; held = b'x' * ({_MEBIBYTES} << 20); time.sleep(0.5)"])
"""


def test_a_ratio_is_of_figures_of_one_round():
    row = Row(FLAGGED, "slow rounds", (2.0, 20.0, 4.0), peer="peer", peer_values=(1.0, 10.0, 1.0))
    assert row.ratios == [2, 2, 4]
    assert row.judged == 2


def test_every_subject_is_measured_once_a_round_in_turn():
    order = []
    subjects = {name: lambda name=name: float(len(order.append(name) or order)) for name in "ab"}
    assert interleaved(subjects, 2) == {"a": [1, 3], "b": [2, 4]}
    assert order == ["a", "b", "a", "b"]


@pytest.mark.parametrize(
    ("target", "is_met"), [(Target(1.9), False), (Target(2), True), (Target(2.1, at_least=True), False)]
)
def test_what_is_missed_is_marked(target, is_met):
    row = Row(FOLDER, "two jobs", (2.0,), target=target)
    assert row.is_met == is_met
    assert ("*missed*" in summary([row])) != is_met


def test_a_command_that_ends_otherwise_is_not_timed():
    failing = (sys.executable, "-c", "import sys; sys.exit('no such file')")
    with pytest.raises(UnexpectedExit, match="exit 1, expected 0: no such file"):
        Command(failing).seconds()
    assert Command(failing, exit_status=1).seconds() > 0


@pytest.mark.skipif(not can_measure_memory(), reason="needs /proc")
def test_memory_of_a_child_counts():
    peak = Command((sys.executable, "-c", _PARENT)).peak_bytes()
    assert _MEBIBYTES << 20 < peak < 2 * _MEBIBYTES << 20

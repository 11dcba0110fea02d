"""Public faults: what is known of each, and when one counts as flagged and as named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rnn_parity import Case

from rnn_parity_lab.known_bugs.bug import FORWARD
from rnn_parity_lab.known_bugs.catalogue import all_bugs
from rnn_parity_lab.known_bugs.judging import judged
from rnn_parity_lab.known_bugs.page import is_good

FOLDER = Path(__file__).parents[3] / "Fixtures" / "known-bugs"
BUG = replace(all_bugs()[0], references=("pytorch",), named=("clip", "gate-order:zrn"), places=FORWARD)


def report(*findings: dict, layer: int = 0) -> dict:
    own = {"layer": layer, "direction": "forward", "verdict": "mismatch", "findings": list(findings)}
    right = {"layer": 1 - layer, "direction": "forward", "verdict": "match", "findings": []}
    return {"verdict": "mismatch", "references": [{"layers": [own, right]}], "cross": []}


def finding(name: str, explains: str = "all") -> dict:
    return {"name": name, "explains": explains, "says": f"it is {name}"}


def test_at_least_thirty_have_a_source_and_a_day():
    bugs = all_bugs()
    assert len(bugs) >= 30
    assert len({bug.name for bug in bugs}) == len(bugs)
    for bug in bugs:
        assert bug.source.startswith("https://")
        assert date(2015, 1, 1) < date.fromisoformat(bug.date)


@pytest.mark.parametrize("bug", all_bugs(), ids=lambda bug: bug.name)
def test_the_bundled_recording_is_of_the_references_that_are_judged(bug):
    case = Case.load(FOLDER / f"{bug.name}.h5")
    assert sorted(reference.name for reference in case.references) == sorted(bug.references)


@pytest.mark.parametrize("name", ["gate-order:zrn", "clip:0.6", "clip"])
def test_any_of_the_findings_that_are_looked_for_names_it(name):
    one = judged(BUG, report(finding(name), finding("everything", "none")))
    assert one.is_flagged and one.named and one.found == name


@pytest.mark.parametrize(
    "findings",
    [
        [],
        [finding("everything", "none")],
        [finding("gate-order:zrn", "most")],
        [finding("bias-doubled"), finding("gate-order:zrn")],
        [finding("gate-order:zrn+reset-before")],
        [finding("gate-order:rzn")],
        [finding("clipped:0.6")],
    ],
)
def test_nothing_else_does(findings):
    one = judged(BUG, report(*findings))
    assert one.is_flagged and not one.named


def test_hypotheses_that_are_looked_for_together_may_come_in_any_order():
    bug = replace(BUG, named=("reset-before+state-not-carried",))
    assert judged(bug, report(finding("state-not-carried:h+reset-before"))).named
    assert not judged(bug, report(finding("state-not-carried:h"))).named


def test_what_is_flagged_elsewhere_is_not_flagged_where_it_is():
    assert not judged(BUG, report(finding("clip"), layer=1)).is_flagged


def test_a_port_is_judged_by_its_originals_weights_only():
    bug = replace(BUG, references=("pytorch", "keras"))
    (reference,) = report(finding("clip"))["references"]
    port = {"states_of": "keras", "weights_of": "pytorch", **reference}
    original = {"states_of": "pytorch", "weights_of": "keras", "layers": []}
    case = {"verdict": "mismatch", "references": [], "cross": [original, port]}
    assert judged(bug, case).named


def test_nine_of_ten_have_to_be_named_and_all_flagged():
    named, unnamed = judged(BUG, report(finding("clip"))), judged(BUG, report())
    elsewhere = judged(BUG, report(finding("clip"), layer=1))
    assert is_good([*[named] * 9, unnamed], [])
    assert not is_good([*[named] * 8, unnamed], [])
    assert not is_good([*[named] * 9, elsewhere], [])
    assert not is_good([named], ["a control"])

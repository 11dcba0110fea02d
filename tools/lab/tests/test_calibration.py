"""What the calibration sweep runs, and how it reads the judge."""

from __future__ import annotations

import numpy as np
import pytest

from rnn_parity_lab.calibration.data import draw
from rnn_parity_lab.calibration.judging import Finding, _findings
from rnn_parity_lab.calibration.plan import (
    BFLOAT16,
    CELLS,
    CONSTANT,
    DATA,
    FLOAT32,
    SAME_SIGN,
    SATURATED,
    plan,
)
from rnn_parity_lab.calibration.recording import record
from rnn_parity_lab.calibration.table import document

RUNS = list(plan(quick=False, sweep=1))


def runs(data, precision=FLOAT32):
    return [run for run in RUNS if run.data == data and run.precision == precision]


def test_every_cell_meets_all_data_at_all_sizes():
    found = {(run.cell, run.data) for run in RUNS if run.precision == FLOAT32}
    assert found == {(cell, data) for cell in CELLS for data in DATA}
    sizes = {run.description.layers[0].hidden_size for run in RUNS}
    assert min(sizes) == 1 and max(sizes) == 1024
    names = [run.description.case for run in RUNS]
    assert len(names) == len(set(names))


def test_saturated_pre_activations_are_where_tanh_ends():
    for run in runs(SATURATED):
        if run.cell in ("rnn tanh", "lstm") and run.description.layers[0].hidden_size < 100:
            network, input = draw(run)
            weights = network.weights[0]["forward"]
            biases = weights["bias_ih"] + weights["bias_hh"]
            products = input @ weights["weight_ih"].T
            recurrent = np.abs(weights["weight_hh"]).sum(axis=1)  # where |h| is 1
            assert (np.abs(biases + products) - recurrent).min() > 7.5
            assert (np.abs(biases + products) + recurrent).max() < 8.5


def test_same_sign_data_have_no_negative_number():
    for run in runs(SAME_SIGN)[::7]:
        network, input = draw(run)
        tensors = [t for layer in network.weights for way in layer.values() for t in way.values()]
        assert all((tensor >= 0).all() for tensor in [input, *tensors])


def test_constant_weights_are_all_equal():
    network, input = draw(runs(CONSTANT)[20])
    assert len(np.unique(network.weights[0]["forward"]["weight_ih"])) == len(np.unique(input)) == 1


def test_a_quick_run_of_every_framework_is_recorded():
    run = next(r for r in plan(quick=True, sweep=1) if len(r.description.references) == 3)
    assert [r.name for r in record(run).references] == ["pytorch", "keras", "onnxruntime"]


def judged(verdict="match", diagnosis=None, cross="match"):
    layer = {"layer": 0, "direction": "forward", "verdict": verdict, "evidence": "stepwise"}
    measured = {
        "effective_roundoff_rms": 5.5,
        "max_effective_roundoff": 6.0,
        "max_bound_ratio": 0.1,
    }
    layer |= {"stepwise": measured, "timesteps": [{}] * 4, "diagnosis": diagnosis}
    check = {"states_of": "keras", "weights_of": "pytorch", "parameters": []}
    check["layers"] = [
        {"layer": 0, "direction": "forward", "verdict": cross, "max_bound_ratio": 0.2}
    ]
    return {
        "case": "x",
        "references": [{"name": "pytorch", "layers": [layer]}],
        "cross": [check],
    }


def named(precision):
    return [
        {
            "hypothesis": f"precision:{precision}",
            "equivalent_to": [],
            "explains": True,
            "max_bound_ratio": 0.05,
        }
    ]


def flags(run, case):
    return [finding.flagged is not None for finding in _findings(run, case)]


def test_flags_are_what_an_honest_run_should_not_be():
    full, half = runs(SAME_SIGN)[0], runs(SAME_SIGN, BFLOAT16)[0]
    assert flags(full, judged()) == [False, False]
    assert flags(full, judged("drift", cross="drift")) == [True, True]
    assert flags(half, judged("drift", named("bfloat16"))) == [False, False]
    assert flags(half, judged("drift", named("float16"))) == [False, False]
    assert flags(half, judged()) == [False, False]
    assert flags(half, judged("drift", [])) == [True, False]


def test_the_table_counts_what_its_data_explained():
    findings: list[Finding] = list(_findings(runs(SAME_SIGN)[0], judged()))
    text = document(findings, {"torch": "1"}, "a processor", sweep=1)
    assert "| float32 | pytorch | 1 | 5.50 | 6.0 | 0.100 | 1 | 0 |" in text
    assert "| float32 | keras states by pytorch weights | 1 | 0.200 | 0 |" in text


def test_another_number_of_cases_is_an_error(tmp_path):
    from rnn_parity_lab.calibration.judging import judge

    program = tmp_path / "parity"
    program.write_text("#!/bin/sh\necho '{\"cases\": []}'\n")
    program.chmod(0o755)
    with pytest.raises(RuntimeError, match="1 fixtures, but 0 judged"):
        list(judge(program, {tmp_path / "x.h5": RUNS[0]}))

"""Writes the findings as a Markdown document."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..markdown import grouped, table
from .faults import FAULTS, Fault
from .honest import BATCH, INPUT_SIZE, POSITIONS, Setup
from .measuring import COMPARISONS, PARITY, WAYS, HonestResult, Trial

REQUIRED = math.ceil(POSITIONS * 7 / 8)

_HEADS = {
    PARITY: "`parity report`",
    "assert_close, final state": "`assert_close` final",
    "assert_close, all outputs": "`assert_close` all",
    "allclose, final state": "`allclose` final",
    "allclose, all outputs": "`allclose` all",
}
_STATES = "one element of h or c, + δ at one step"


@dataclass(frozen=True)
class Row:
    """One fault in one setup: by each way, how many of its sizes, from the largest, are caught."""

    setup: Setup
    fault: Fault
    caught: dict[str, int]


def rows_of(trials: list[Trial]) -> list[Row]:
    """Caught is what is caught at 7 of 8 positions."""
    rows = []
    for (setup, name), members in grouped(trials, lambda t: (t.setup, t.fault.name)).items():
        if len(members) != POSITIONS:
            raise RuntimeError(f"{setup.name}, {name}: {len(members)} positions")
        caught = {
            way: sorted((trial.caught[way] for trial in members), reverse=True)[REQUIRED - 1]
            for way in WAYS
        }
        rows.append(Row(setup, members[0].fault, caught))
    places = {fault.name: index for index, fault in enumerate(FAULTS)}
    return sorted(
        rows,
        key=lambda row: (
            places[row.fault.name],
            row.setup.cell,
            row.setup.structure,
            row.setup.hidden_size,
            row.setup.timesteps,
        ),
    )


def summary(rows: list[Row], honest: list[HonestResult]) -> str:
    """For the README: the median setup."""
    kinds = grouped(rows, lambda row: _STATES if "one step" in row.fault.name else row.fault.name)
    lines = [(name, *(_median(members, way) for way in WAYS)) for name, members in kinds.items()]
    alarms = ("alarms on honest runs", *(_alarms(honest, way) for way in WAYS))
    return table(("smallest fault caught", *_HEADS.values()), [*lines, alarms])


def document(
    honest: list[HonestResult],
    trials: list[Trial],
    versions: dict[str, str],
    processor: str,
) -> str:
    """All of it, in Markdown.   versions: of what made the runs."""
    rows = rows_of(trials)
    sizes = sorted({row.setup.hidden_size for row in rows})
    steps = sorted({row.setup.timesteps for row in rows})
    used = ", ".join(f"{name} {version}" for name, version in versions.items())
    count = len({row.setup for row in rows})
    judged = sum(len(trial.judged) for trial in trials)
    return f"""# Power

How small a fault may be and still be found. `tools/power` lets PyTorch run networks with one fault
each, of falling size, and asks `parity report` and the usual comparisons whether they notice. It
writes this document.

{summary(rows, honest)}

Each figure is the median over {count} setups of the smallest size that is caught at {REQUIRED} of
{POSITIONS} positions, together with all larger ones. δ is relative for weights and biases, and
absolute for states; bits are significant ones, of Float32's 24. "–": not even the largest is
caught.

## How it was measured

- RNN, GRU and LSTM; one forward layer, and two bidirectional ones; H = {_listed(sizes)};
  T = {_listed(steps)}; B = {BATCH}; I = {INPUT_SIZE}:
  {count} setups. Float32; weights and biases uniform in ±1/√H as PyTorch draws them, inputs uniform
  in ±1.5, initial states in ±1.
- {POSITIONS} positions of each fault in each setup, each with its own weights, input and place; the
  layers and directions take turns. {len(trials):,} faults, each in sizes δ = 1e-1, 1e-2 … 1e-8, or
  in 8 to 23 bits. A size that leaves the Float32 number as it is counts as missed by all: for
  weights and biases that is δ = 1e-8.
- A fault is in the run, not in the record: PyTorch computes with the wrong weight or the rounded
  input, or goes on from the wrong state, and the file declares the right ones. A fault in a
  layer below reaches the layers above.
- **`parity report`** has the recorded states of all layers and the declared weights and input, and
  no second run. A fault counts as caught if the verdict is not `match`. Sizes are searched by
  bisection, so a size is taken as caught if a smaller one is; {judged:,} faulty runs were judged.
- **`torch.testing.assert_close`** (rtol 1.3e-6, atol 1e-5) and **`numpy.allclose`** (rtol 1e-5,
  atol 1e-8) with their defaults compare the faulty run with the honest one: the final states of the
  last layer, and all its outputs. The two runs are of one framework on one
  machine and equal to the last bit but for the fault. No comparison of two frameworks is as easy:
  the last row of the table says how often they find honest runs different, here the Float32 run
  and a Float64 run of the same network, rounded to Float32.
- {used}; {processor}, one thread.

## What was caught, and where

{_places(trials)}

"Place": every flagged layer and direction is one that has the fault. "Timestep": the first flagged
one is the first that is wrong. A wrong weight is wrong from the first step on, but a fault near the
limit need not show there: a step in which its factor is small hides it.

Honest runs flagged by `parity report`: **{_alarms(honest, PARITY)}**.

## Where a comparison sees more

The number of setups in which a comparison caught a smaller size than `parity report` did:

{_beaten(rows)}

{_beaten_list(rows)}

A comparison of equal runs has no noise: it sees what a fault grows to, however small it was at
first, and `allclose` also what it does to a value near zero, where its tolerance is 1e-8. With that
tolerance it finds honest runs different as well: see the last row of the first table.

## By cell

The median over H and T, and in brackets the best and the worst setup.

{_by_cell(rows)}

## Everything

{_everything(rows)}
"""


def _places(trials: list[Trial]) -> str:
    lines = []
    for name, members in grouped(trials, lambda trial: trial.fault.name).items():
        caught = [
            (places, judgement)
            for trial in members
            for _, places, judgement in trial.judged
            if judgement.is_caught
        ]
        lines.append(
            (
                name,
                len(caught),
                sum(judgement.verdict == "mismatch" for _, judgement in caught),
                sum(judgement.verdict == "drift" for _, judgement in caught),
                sum(judgement.flagged.keys() <= places.keys() for places, judgement in caught),
                sum(judgement.flagged.items() <= places.items() for places, judgement in caught),
            )
        )
    heads = ("fault", "caught", "as mismatch", "as drift", "place right", "timestep right too")
    return table(heads, lines)


def _beaten(rows: list[Row]) -> str:
    return table(
        ("fault", "setups", *(_HEADS[way] for way in COMPARISONS)),
        (
            (name, len(members), *(len(_beaten_by(members, way)) for way in COMPARISONS))
            for name, members in grouped(rows, lambda row: row.fault.name).items()
        ),
    )


def _beaten_list(rows: list[Row]) -> str:
    """The setups in which assert_close saw more."""
    lines = [
        (
            row.fault.name,
            row.setup.cell,
            row.setup.structure,
            row.setup.hidden_size,
            row.setup.timesteps,
            _size(row.fault, row.caught[PARITY]),
            _size(row.fault, row.caught[way]),
            way.removeprefix("assert_close, "),
        )
        for way in COMPARISONS[:2]
        for row in _beaten_by(rows, way)
    ]
    if not lines:
        return "`assert_close` sees more in none."
    heads = ("fault", "cell", "network", "H", "T", _HEADS[PARITY], "`assert_close`", "of")
    return table(heads, lines)


def _beaten_by(rows: list[Row], way: str) -> list[Row]:
    return [row for row in rows if row.caught[way] > row.caught[PARITY]]


def _by_cell(rows: list[Row]) -> str:
    def key(row: Row) -> tuple[str, str, str]:
        return row.fault.name, row.setup.cell, row.setup.structure

    return table(
        ("fault", "cell", "network", *_HEADS.values()),
        (
            (*group, *(_spread(members, way) for way in WAYS))
            for group, members in grouped(rows, key).items()
        ),
    )


def _everything(rows: list[Row]) -> str:
    return table(
        ("fault", "cell", "network", "H", "T", *_HEADS.values()),
        (
            (
                row.fault.name,
                row.setup.cell,
                row.setup.structure,
                row.setup.hidden_size,
                row.setup.timesteps,
                *(_size(row.fault, row.caught[way]) for way in WAYS),
            )
            for row in rows
        ),
    )


def _median(rows: list[Row], way: str) -> str:
    """The worse of the two middle ones where their number is even."""
    counts = sorted(row.caught[way] for row in rows)
    return _size(rows[0].fault, counts[(len(counts) - 1) // 2])


def _spread(rows: list[Row], way: str) -> str:
    counts = [row.caught[way] for row in rows]
    best, worst = _size(rows[0].fault, max(counts)), _size(rows[0].fault, min(counts))
    if best == worst:
        return best
    return f"{_median(rows, way)} ({best} … {worst})"


def _size(fault: Fault, caught: int) -> str:
    if caught == 0:
        return "–"
    size = fault.sizes[caught - 1]
    return f"{size:.0f} bits" if fault.in_bits else f"{size:.0e}".replace("e-0", "e-")


def _alarms(honest: list[HonestResult], way: str) -> str:
    return f"{sum(result.alarms[way] for result in honest)} of {len(honest)}"


def _listed(values: list[int]) -> str:
    return ", ".join(map(str, values))

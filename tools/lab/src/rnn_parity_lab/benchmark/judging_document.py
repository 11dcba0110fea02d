"""Documentation/judging-speed.md, from what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from . import judging
from .rows import Row

_ABOUT = {
    judging.STEPWISE: """`parity report --no-free-run FILE`, the whole process, of an honest run; its peer is
the pass of `torch.nn` that made the run: Float32, one thread, warm, in inference mode, without writing a
file. B×H, as many inputs as units.""",
    judging.WITH_FREE_RUN: """`parity report FILE`: the recurrence is also run from the input alone, in
Float32 and in Float64, for the drift that is reported. No target: it is information, and can be left out.""",
    judging.FLAGGED: """`parity report --no-free-run` of a run with a fault, diagnosed. *bias_hh lost*: the
run was made without that bias, and the diagnosis says so. *Unexplained drift*: every weight of the run was
off by a random 2⁻¹⁷ of itself, so every hypothesis and precision is tried and none explains it.""",
    judging.SCRIPT: """h5py, `torch.nn.LSTM` in Float64, the largest difference: no bound, no verdict, no
place, no reason. Both are whole processes: the script's time includes its imports.""",
    judging.FOLDER: """Copies of the bundled fixtures, with the free run.""",
    judging.START: """Of each round the median of five starts.""",
    judging.MEMORY: """The sum of what each process, workers included, held at its own peak, measured from
outside (`VmHWM`), against max(1 GiB, 4 × weights). One run each.""",
}


def document(rows: list[Row], machine: Mapping[str, str], rounds: int, program: str) -> str:
    """The whole page."""
    described = "\n".join(f"- {name}: {fact}" for name, fact in machine.items())
    return f"""# How fast runs are judged

`tools/benchmark judging` measures it, and writes this document. Everything is measured in one run, in turn,
in {rounds} rounds, so that what slows the machine meets a subject and its peer alike. Figures are medians; a
ratio is the median of the ratios of the rounds, and beside it are the least and the greatest.

**{_missed(rows)}**

{described}
- `parity {program}`

{_sections(rows)}
"""


def summary(rows: list[Row]) -> str:
    """The tables alone."""
    return _sections(rows)


def _missed(rows: list[Row]) -> str:
    held = [row for row in rows if row.target]
    missed = [row for row in held if not row.is_met]
    if not missed:
        return f"All {len(held)} targets are met."
    return f"Of {len(held)} targets {len(missed)} are missed, and marked *missed*."


def _sections(rows: list[Row]) -> str:
    titles = dict.fromkeys(row.section for row in rows)
    return "\n\n".join(
        f"## {title}\n\n{_ABOUT[title]}\n\n{_table([row for row in rows if row.section == title])}"
        for title in titles
    )


def _table(rows: list[Row]) -> str:
    peers = list(dict.fromkeys(row.peer for row in rows if row.peer))
    heads = ["", "measured"]
    if peers:
        heads += [peers[0] if len(peers) == 1 else "peer", "ratio", "least … greatest"]
    if any(row.target for row in rows):
        heads += ["target", ""]
    lines = [heads, ["---"] * len(heads), *(_cells(row, bool(peers), len(heads)) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cells(row: Row, has_peers: bool, count: int) -> list[str]:
    cells = [row.what, _figure([row.value], row.unit)]
    if has_peers:
        cells += [_figure(row.peer_values, row.unit), *_ratio(row)]
    if row.target:
        sign, unit = "≥" if row.target.at_least else "≤", "" if row.peer else f" {row.unit}"
        cells += [f"{sign} {row.target.bound:g}{unit}", "met" if row.is_met else "*missed*"]
    return cells + [""] * (count - len(cells))


def _ratio(row: Row) -> list[str]:
    if not row.peer:
        return ["", ""]
    spread = f"{min(row.ratios):.2f} … {max(row.ratios):.2f}" if len(row.ratios) > 1 else ""
    return [f"{row.judged:.2f}", spread]


def _figure(values: Sequence[float], unit: str) -> str:
    """The median, with three digits."""
    if not values:
        return ""
    middle = median(values)
    return f"{middle:.3g} {unit}" if middle < 1000 else f"{middle:,.0f} {unit}"

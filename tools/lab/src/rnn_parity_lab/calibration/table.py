"""Writes the findings as a Markdown document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..markdown import grouped, table
from .judging import FIXED_ELEMENT, FIXED_RMS, Finding
from .plan import BFLOAT16, CELLS, DATA, FLOAT16, FLOAT32, FLOAT64

_FRAMEWORKS = ("pytorch", "keras", "onnxruntime")


def document(
    findings: list[Finding], versions: dict[str, str], processor: str, sweep: int
) -> str:
    """All of it, in Markdown.   versions: of the frameworks."""
    own = [finding for finding in findings if not finding.cross]
    cross = [finding for finding in findings if finding.cross]
    full = [finding for finding in own if finding.run.precision in (FLOAT32, FLOAT64)]
    single = [finding for finding in full if finding.run.precision == FLOAT32]
    half = [finding for finding in own if finding.run.precision in (BFLOAT16, FLOAT16)]
    used = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"""# Calibration

How far honest runs are from their formula. `tools/calibrate` makes networks of random weights,
lets the real frameworks run them, judges every run, and writes this document. **No honest run may
be flagged.**

- {len(own):,} runs, each a layer in one direction; {sum(f.steps for f in own):,} timesteps;
  flagged: **{_flagged(own)}**.
- {len(cross):,} cross checks, the states of one framework by the weights of another; flagged:
  **{_flagged(cross)}**.
- H 1 to 1024, I 1 to 1024, T 1 to 150, B 1 to 64; one or two layers, forward or bidirectional.
- Sweep {sweep}. The limits were chosen on the runs of sweep 0, which have other numbers throughout.
- {used}.
- {processor}, one thread.

ε and r/ρ are those of [method.md](method.md): ε_rms is the worst timestep of a run, ε_max its worst
element, both in units of the rounding that the step is expected to make; r/ρ is the largest
residual over its certified bound. Every figure is the largest of its row. On ordinary data
{FIXED_RMS:g} is the limit of ε_rms and {FIXED_ELEMENT:g} that of ε_max; the column "beyond" counts
runs beyond one of them that were recognised as honest even so: by the control, which is plain
arithmetic on the same data, or because their roundings are copies of each other.

| data | is |
|---|---|
{_lines(f"| {name} | {what} |" for name, what in DATA.items())}

## In short

{_full_table(full, ("precision", "framework"), _precision_framework)}

By kind of data, float32:

{_full_table(single, ("data", "framework"), _data_framework)}

## Half precision

Honest runs in bfloat16 and float16: each has to be flagged as drift and its precision named.
"unnamed" counts those that were not. Two kinds are no error: "match", whose rounding changed
nothing measurable (all states ±1 or 0), and "otherwise", of few values, which another precision
reproduced as well and was named. r/ρ is that of the named precision.

{_half_table(half)}

## Across frameworks

{_cross_table(cross)}

## Everything

{_full_table(full, ("precision", "cell", "framework", "data"), _everything)}
"""


def _precision_framework(finding: Finding) -> tuple[str, ...]:
    return finding.run.precision, finding.framework


def _data_framework(finding: Finding) -> tuple[str, ...]:
    return finding.run.data, finding.framework


def _everything(finding: Finding) -> tuple[str, ...]:
    return finding.run.precision, finding.run.cell, finding.framework, finding.run.data


def _full_table(
    findings: list[Finding], names: tuple[str, ...], key: Callable[[Finding], tuple[str, ...]]
) -> str:
    columns = (*names, "runs", "ε_rms", "ε_max", "r/ρ", "beyond", "flagged")
    return table(
        columns,
        (
            (
                *group,
                f"{len(members):,}",
                f"{max(f.rms for f in members if f.rms is not None):.2f}",
                f"{max(f.element for f in members if f.element is not None):.1f}",
                f"{max(f.ratio for f in members):.3f}",
                sum(f.beyond_fixed_limits and not f.flagged for f in members),
                _flagged(members),
            )
            for group, members in _grouped(findings, key)
        ),
    )


def _half_table(findings: list[Finding]) -> str:
    def key(finding: Finding) -> tuple[str, ...]:
        return finding.run.precision, finding.run.cell, finding.framework

    return table(
        ("precision", "cell", "framework", "runs", "r/ρ", "match", "otherwise", "unnamed"),
        (
            (
                *group,
                f"{len(members):,}",
                f"{max((f.ratio for f in members if not f.flagged), default=0):.3f}",
                sum(f.named == "match" for f in members),
                sum(f.named not in (None, "match", f"precision:{group[0]}") for f in members),
                _flagged(members),
            )
            for group, members in _grouped(findings, key)
        ),
    )


def _cross_table(findings: list[Finding]) -> str:
    def key(finding: Finding) -> tuple[str, ...]:
        return finding.run.precision, finding.framework

    return table(
        ("precision", "check", "runs", "r/ρ", "flagged"),
        (
            (
                *group,
                f"{len(members):,}",
                f"{max(f.ratio for f in members):.3f}",
                _flagged(members),
            )
            for group, members in _grouped(findings, key)
        ),
    )


def _grouped(
    findings: Iterable[Finding], key: Callable[[Finding], tuple[str, ...]]
) -> list[tuple[tuple[str, ...], list[Finding]]]:
    order = [FLOAT32, FLOAT64, BFLOAT16, FLOAT16, *CELLS, *DATA, *_FRAMEWORKS]
    place = {name: index for index, name in enumerate(order)}

    def row(item: tuple[tuple[str, ...], list[Finding]]) -> list[tuple[int, str]]:
        return [(place.get(name, len(order)), name) for name in item[0]]

    return sorted(grouped(findings, key).items(), key=row)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _flagged(findings: list[Finding]) -> int:
    return sum(finding.flagged is not None for finding in findings)

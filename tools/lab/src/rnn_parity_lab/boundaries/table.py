"""Writes the findings as a Markdown document."""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Iterable
from importlib.metadata import version
from itertools import product

from ..markdown import grouped, table
from .architectures import ARCHITECTURES
from .faults import FAULTS
from .judging import Boundary, Finding
from .plan import WAYS
from .ratios import KINDS

LIMIT = 12.0
"""`BoundaryRule.limit`."""

_DISTRIBUTIONS = ("torch", "keras", "tensorflow", "onnxruntime", "flax", "jax", "numpy")
_COLUMNS = tuple(product(("tame", "chaotic"), WAYS))


def flagged(findings: list[Finding]) -> list[Finding]:
    """Honest pairs that are not what an honest pair should be: a match, or undecided."""
    return [one for one in _honest(findings) if _is_flagged(one)]


def _honest(findings: list[Finding]) -> list[Finding]:
    """Whose difference is rounding."""
    return [finding for finding in findings if finding.pair.fault is None]


def _is_flagged(finding: Finding) -> bool:
    return finding.differs or finding.verdict not in ("match", "inconclusive")


def document(findings: list[Finding]) -> str:
    """All of it, in Markdown."""
    honest = _honest(findings)
    faulty = [finding for finding in findings if finding.pair.fault is not None]
    even = [finding for finding in honest if finding.pair.seed % 2 == 0]
    odd = [finding for finding in honest if finding.pair.seed % 2 == 1]
    largest = max((len(each) for _, each in _grouped(honest, _subject)), default=0)
    return f"""# Boundaries

How far rounding moves what lies between the recurrent layers of two honest implementations, and
how far faults do. `tools/boundaries` records models of random and of trained weights in two
frameworks each, with their spread, lets `parity report` judge the pairs, and writes this document.
**No honest pair may be flagged.**

- {len(honest):,} honest pairs of {len(_grouped(honest, _subject))} architectures, of which none is
  more than {largest / max(len(honest), 1):.1%}; {_count(honest):,} boundaries with numbers;
  flagged: **{len(flagged(findings))}**.
- The largest ratio of a difference to its spread: **{_largest(even):.2f}** in the
  {len(even):,} pairs of even seeds, **{_largest(odd):.2f}** in the {len(odd):,} of odd seeds. The limit is
  **{LIMIT:g}**: it was set before these pairs were recorded, and they gave no reason to move it.
- {len(faulty):,} pairs with a fault, or none, behind a tame and behind a chaotic layer.
- H 8 to 512, T 4 to 500, B 2 to 5; Float32; 8 perturbed runs a spread.
- {", ".join(f"{name} {version(name)}" for name in _DISTRIBUTIONS)}.
- {platform.machine()}, one thread.

A ratio is that of the rms difference in a slice to how far rounding moves that slice; a boundary's
is the largest over all its slices: the whole, and every unit, timestep and sequence. Pairs are
recorded in two ways:

- free: two runs of their own. They may differ by √(s₁² + s₂²), s being the spread of each.
- pinned: the port reads the original's recurrent outputs. Its spread is measured so, and that of the
  original with the same outputs held, as every recording without `given=` measures it beside its free
  spread. They may differ by √(s₁² + s₂²) again.

Boundaries whose spread is beyond 10⁻³ of their rms are undecided, and counted apart.

## Honest pairs, by architecture

The largest ratio of each kind of slice.

{_honest_table(honest, ("architecture", "which is"), _architecture)}

## By partners

Original → port.

{_honest_table(honest, ("partners", "recorded"), _partners)}

## How the ratios are distributed

Of the boundaries that are decided and not equal to the last bit.

{_distribution(honest)}

## Where the spread is too large

Free runs behind a chaotic layer, whose verdict is inconclusive: even there no honest ratio is
larger than {_undecided(honest):.2f}. Most faults below are far beyond the limit behind chaos too, in
the steps that it has not reached yet, and are undecided for the whole's spread all the same.

{table(("architecture", "pairs", "undecided", "largest ratio there"), _undecided_rows(honest))}

## Faults

One model: RNN of H 64, dense with gelu, x + 0.5, layer norm, causal attention in a residual, dense,
GRU, dense with sigmoid. Upstream of the fault the RNN is tame (as PyTorch draws it, T 20) or chaotic
(gain 3, T 80). The figures are the smallest and the largest ratio of all pairs, of that boundary of
each which shows the fault best. Seen: a boundary `differs`. Undecided is no match either.

{table(("fault", *(", ".join(each) for each in _COLUMNS)), _fault_rows(faulty))}

## What no moved result shows

Moved runs show what the roundings of one implementation do, and not where it is off by more, in the
same way in every run. Two kinds of this were false alarms, and are no more:

- **The original's own noise.** A pinned port used to be judged by its own spread alone, so that one
  that is more exact than its original differed: from PyTorch's GELU far below zero, or from a variance
  as E[x²] − µ², which is flax's default, in the last row above. The original now counts as well. A file
  without held spreads, of an earlier recorder, is judged as before, by √2 of the port's.
- **Errors without noise.** An activation that is put together from larger parts is off by units of
  those, though in every run by the same: x/2 · (1 + erf(x/√2)) by units of x/2, a sigmoid by units of ¼.
  ONNX Runtime's sigmoid is 0 below −18, a GELU by erf is 0 below −5.5, and in a unit that is hardly
  ever on this is all there is. The results of gelu (by erf and by tanh), sigmoid, silu, elu, selu and
  celu are therefore moved by a unit in the last place of what they are made of: x/2, ¼, x/4, and below
  zero ½, 0.88, ½; with |x| up to 16, beyond which nothing of a gelu or silu is left.

Activations of Float32, measured against Float64:

|activation|made of|largest error, in 2⁻²³|own unit, in 2⁻²³|
|---|---|---|---|
| gelu(−3) | x/2 = 1.5 | 4.5 (PyTorch) | 0.004 |
| gelu(−5) | x/2 = 2.5 | 2.0 (PyTorch) | 10⁻⁶ |
| sigmoid(−8) | ¼ | 0.6 (ONNX Runtime) | 3·10⁻⁴ |
| sigmoid(−17) | ¼ | 0.4 (ONNX Runtime) | 3·10⁻⁸ |
| elu(−0.001) | ½ | 0.08 (ONNX Runtime, TensorFlow) | 10⁻³ |

Softplus, mish and log-sigmoid lose nothing like it in PyTorch, TensorFlow, ONNX Runtime or JAX. The
architectures "closed gelu" and "closed gates" above are of such units. A GELU by tanh for one by erf,
and a hard sigmoid for a sigmoid, are among the faults.

What remains: another operation of which one implementation is off by much more than its own roundings
move, in a slice where nothing else is, is called `differs` as a fault would be.
"""


def _subject(finding: Finding) -> tuple[str, ...]:
    return (finding.pair.subject,)


def _architecture(finding: Finding) -> tuple[str, ...]:
    subject = finding.pair.subject
    return subject, next(one.what for one in ARCHITECTURES if one.name == subject)


def _partners(finding: Finding) -> tuple[str, ...]:
    return finding.pair.partners, finding.pair.way


def _decided(findings: Iterable[Finding]) -> list[Boundary]:
    return [
        boundary
        for finding in findings
        for boundary in finding.boundaries
        if boundary.verdict != "inconclusive"
    ]


def _count(findings: list[Finding]) -> int:
    return sum(one.ratio is not None for finding in findings for one in finding.boundaries)


def _largest(findings: Iterable[Finding]) -> float:
    return max((one.ratio or 0.0 for one in _decided(findings)), default=0.0)


def _undecided(findings: Iterable[Finding]) -> float:
    boundaries = (one for finding in findings for one in finding.boundaries)
    ratios = (one.ratio or 0.0 for one in boundaries if one.verdict == "inconclusive")
    return max(ratios, default=0.0)


def _honest_table(
    honest: list[Finding], names: tuple[str, ...], key: Callable[[Finding], tuple[str, ...]]
) -> str:
    return table(
        (*names, "pairs", *KINDS, "undecided", "flagged"),
        (
            (
                *group,
                len(members),
                *(_figure(_largest_of(members, kind)) for kind in KINDS),
                sum(one.is_undecided for one in members),
                sum(map(_is_flagged, members)),
            )
            for group, members in _grouped(honest, key)
        ),
    )


def _largest_of(findings: Iterable[Finding], kind: str) -> float:
    return max((one.ratios.get(kind, 0.0) for one in _decided(findings)), default=0.0)


def _distribution(honest: list[Finding]) -> str:
    def rows() -> Iterable[tuple[object, ...]]:
        for kind in KINDS:
            ratios = sorted(one.ratios.get(kind, 0.0) for one in _decided(honest))
            ratios = [ratio for ratio in ratios if ratio > 0]
            if ratios:
                places = (0.5, 0.9, 0.99, 0.999)
                yield (
                    kind,
                    f"{len(ratios):,}",
                    *(_figure(ratios[math.ceil(place * len(ratios)) - 1]) for place in places),
                    _figure(ratios[-1]),
                )

    return table(("slices", "boundaries", "median", "90%", "99%", "99.9%", "largest"), rows())


def _undecided_rows(honest: list[Finding]) -> Iterable[tuple[object, ...]]:
    for (subject,), members in _grouped(honest, _subject):
        undecided = [one for one in members if one.is_undecided]
        if undecided:
            yield subject, len(members), len(undecided), _figure(_undecided(undecided))


def _fault_rows(faulty: list[Finding]) -> Iterable[tuple[object, ...]]:
    for fault in FAULTS:
        members = [one for one in faulty if one.pair.fault == fault]
        if members:
            yield (
                fault,
                *(
                    _seen([m for m in members if (m.pair.subject, m.pair.way) == column])
                    for column in _COLUMNS
                ),
            )


def _seen(members: list[Finding]) -> str:
    if not members:
        return ""
    ratios = [max((one.ratio or 0.0 for one in each.boundaries), default=0.0) for each in members]
    seen = sum(each.differs for each in members)
    undecided = sum(each.is_undecided and not each.differs for each in members)
    counts = [f"seen {seen} of {len(members)}"] if seen else []
    counts += [f"undecided {undecided} of {len(members)}"] if undecided else []
    low, high = _figure(min(ratios)), _figure(max(ratios))
    return f"{low if low == high else f'{low} … {high}'} ({', '.join(counts) or 'match'})"


def _figure(ratio: float) -> str:
    if ratio >= 1000:
        return f"{ratio:.0e}".replace("e+0", "e").replace("e+", "e")
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.2f}"


def _grouped(
    findings: Iterable[Finding], key: Callable[[Finding], tuple[str, ...]]
) -> list[tuple[tuple[str, ...], list[Finding]]]:
    place = {architecture.name: index for index, architecture in enumerate(ARCHITECTURES)}
    return sorted(grouped(findings, key).items(), key=lambda item: (place.get(item[0][0], -1), item[0]))

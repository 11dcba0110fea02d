"""The figures, as the documentation has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from .campaign import BATCH, BETWEEN, Campaign, Result
from .judging import MOST_SECONDS
from .layouts import LAYOUTS
from .outcomes import Outcome

_VERDICTS = ("invalid", "mismatch", "differs", "drift", "inconclusive", "match")


def summary(result: Result, seconds: float) -> str:
    """A few lines for whoever waits."""
    files = f"{len(result.outcomes):,} damaged files, {result.good:,} undamaged among them"
    time = f"{seconds:.0f} s, {_processor(result):.0f} s of processors' time in the judge"
    lines = (
        f"{files}, {time}, largest process {_peak(result)} MiB, longest command {_longest(result):.1f} s",
        "verdicts: " + _listed(Counter(outcome.verdict for outcome in result.outcomes)),
        "processes lost to a file: " + (_listed(_lost(result)) or "none"),
        "matches, and what the damage changed: " + _listed(_passed(result)),
        f"failures: {len(result.failures)}",
    )
    return "\n".join(lines)


def page(result: Result, campaign: Campaign, seconds: float) -> str:
    """Documentation/robustness.md."""
    return _PAGE.format(
        files=f"{len(result.outcomes):,}",
        good=f"{result.good:,}",
        failed=len(result.failures) or "no",
        minutes=f"{seconds / 60:.1f}",
        processor=f"{_processor(result):.0f}",
        longest=f"{_longest(result):.1f}",
        peak=_peak(result),
        lost_files=f"{_lost(result).total():,}",
        batch=BATCH,
        between=BETWEEN,
        most=f"{MOST_SECONDS:.0f}",
        seed=campaign.seed,
        fixtures=len({seed.name.split(" ")[0] for seed in campaign.seeds}),
        layouts=len(LAYOUTS),
        by_damage=_by(result, "damage", lambda outcome: outcome.mutant.kind),
        by_layout=_by(result, "layout", lambda outcome: outcome.mutant.seed.name.split(" ")[-1]),
        lost=_rows(_lost(result)) or "| none | 0 |",
        passed=_rows(_passed(result)),
        largest=_largest(result),
        failures="\n".join(f"- {line}" for line in result.failures) or "None.",
    )


def _processor(result: Result) -> float:
    return sum(run.processor for run in result.runs)


def _longest(result: Result) -> float:
    return max((run.seconds for run in result.runs), default=0)


def _peak(result: Result) -> int:
    return max((run.peak for run in result.runs), default=0) >> 20


def _lost(result: Result) -> Counter[str]:
    return Counter(outcome.lost for outcome in result.outcomes if outcome.lost)


def _passed(result: Result) -> Counter[str]:
    return Counter(outcome.passed for outcome in result.outcomes if outcome.passed)


def _by(result: Result, head: str, group: Callable[[Outcome], str]) -> str:
    table: dict[str, Counter[str]] = {}
    for outcome in result.outcomes:
        table.setdefault(group(outcome), Counter())[outcome.verdict] += 1
    rows = [
        (name, *(counts[verdict] for verdict in _VERDICTS), counts.total())
        for name, counts in sorted(table.items())
    ]
    return _table((head, *_VERDICTS, "all"), rows)


def _largest(result: Result) -> str:
    largest: dict[str, list[float]] = {}
    for outcome in result.outcomes:
        if outcome.verdict == "match" and outcome.comparison:
            sizes: dict[str, float] = {}
            for change in outcome.comparison.changed:
                sizes[change.kind] = max(change.size, sizes.get(change.kind, 0))
            for kind, size in sizes.items():
                if size > 0:
                    largest.setdefault(kind, []).append(size)
    rows = [(kind, len(sizes), f"{max(sizes):.2g}") for kind, sizes in sorted(largest.items())]
    return _table(("kind of number", "files that match", "largest"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    lines += [
        "| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) + " |"
        for row in rows
    ]
    return "\n".join(lines)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common())


def _rows(counts: Counter[str]) -> str:
    return "\n".join(f"| {name} | {count:,} |" for name, count in counts.most_common())


_PAGE = """# Robustness

What becomes of damaged files. `tools/fuzz` damages copies of the bundled fixtures, has `parity report`
judge them in its worker processes, {batch} to a command and an undamaged file after every {between}, and
looks at all that comes of it. It writes this document.

Equal seeds damage alike. What HDF5 1.10 makes of some damage depends on what else is in its memory: of 10,000
files one or two get another verdict in another run.

**{files} damaged files and {good} undamaged ones: {failed} failures.** It took {minutes} minutes, in which
the judge's processes had {processor} seconds of processors' time. The longest command took {longest} s, the
largest process {peak} MiB. {lost_files} files cost the process that read them, and nothing else.

## What is asked of each

- The exit status is 0, 1 or 2, and no process outlives the command.
- No process takes more than its limit of 1 GiB and an eighth, for what the system counts beside it, and no
  command more than {most} s.
- Nothing is on standard error: no backtrace, and no text of HDF5's or the C library's.
- Every file has its place in the report. What is invalid has one line that names the file and what is
  wrong. A file on which HDF5 crashes, hangs or takes too much memory costs its process and no other file.
- Every undamaged file is judged as it is without damaged ones beside it, to the last figure.
- A file that matches means what it meant. The damaged and the undamaged file are decoded in another
  process by h5py, with an HDF5 of its own, and compared. A number may have changed by less than the smallest
  fault of its kind that is found in every setup of [power.md](power.md) ("By cell"), no length and mask, and
  no attribute that means something. A file may hold *less* than it did: so may any file.
- In a file that is flagged, and not invalid, something changed.

How a change is measured: a weight or a bias relative to the rms of its array (or of the uniform numbers
that power.md draws, where that is larger), a weight also by the largest number that it ever multiplies; an
element of the input by the weights that read it; a state as it is, in units of its rms where that is above
1. Ten times as much may pass in an initial state, which is only seen through the first step, and in outputs
and final states, which may be of another run than the recorded h and c and are held against the certified
bound alone ([method.md](method.md#7-contradictions)); a hundred times as much in an output that sums,
multiplies or averages two directions. Limits of runs in float16 and bfloat16 are as much larger as their
roundoff is, and so are those of files on whose data honest arithmetic itself is further off. Not measured
are padding, what says how a run came about, the recorded spread, and the ends of a model that no other
reference has.

## How they are damaged

{fixtures} fixtures (seed {seed}), each as it was recorded and rewritten in {layouts} layouts: HDF5's earliest
structures and those of 1.10, both in one piece and in chunks that are shuffled and deflated, and with small
arrays in the object headers and attributes in indexed heaps. Of the places 35 % are near an object header,
20 % near another structure, 35 % in numbers, the rest anywhere. In nine of ten files of the newer layouts the
checksums of the metadata are repaired, so that the damage gets past them.

| damage | is |
|---|---|
| flips | one to four bytes: a bit flipped, or 0, 1, 127, 128 or 255 |
| word | an integer of 2, 4 or 8 bytes: an extreme, a neighbour, or the address of another structure |
| run | 2 to 64 bytes: zeros, ones, or random |
| splice | 4 to 512 bytes from elsewhere in this file or another |
| truncation | cut anywhere; in three of four the superblock's size of the file is repaired |
| shift | 1 to 64 bytes removed or inserted, the size repaired likewise |

## What became of them

{by_damage}

{by_layout}

| processes lost to a file, which is then invalid | files |
|---|---|
{lost}

| what the damage changed in those that match | files |
|---|---|
{passed}

The largest change that passed, in units of the smallest fault that is found:

{largest}

## Failures

{failures}
"""

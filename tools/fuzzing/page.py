"""The figures, as the documentation has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from .campaign import BATCH, BETWEEN, Campaign, Result
from .layouts import LAYOUTS

_VERDICTS = ("invalid", "mismatch", "differs", "drift", "inconclusive", "match")


def summary(result: Result, seconds: float) -> str:
    """A few lines for whoever waits."""
    verdicts = Counter(outcome.verdict for outcome in result.outcomes)
    lines = [
        f"{len(result.outcomes):,} damaged files, {result.good:,} undamaged ones among them, "
        f"{seconds:.0f} s, {sum(run.processor for run in result.runs):.0f} s of processors' time in the judge, "
        f"largest process {max((run.peak for run in result.runs), default=0) >> 20} MiB, "
        f"longest command {max((run.seconds for run in result.runs), default=0):.1f} s",
        "verdicts: " + _listed(verdicts),
        "processes lost to a file: " + (_listed(_lost(result)) or "none"),
        "matches, and what the damage changed: " + _listed(_passed(result)),
        f"failures: {len(result.failures)}",
    ]
    return "\n".join(lines)


def page(result: Result, campaign: Campaign, seconds: float) -> str:
    """Documentation/robustness.md."""
    fixtures = len({seed.name.split(" ")[0] for seed in campaign.seeds})
    outcomes, runs = result.outcomes, result.runs
    failures = "".join(f"- {line}\n" for line in result.failures) or "None.\n"
    return f"""# Robustness

What becomes of damaged files. `tools/fuzz` damages copies of the bundled fixtures, has `parity report` judge them in
its worker processes, {BATCH} to a command with an undamaged file after every {BETWEEN}, and looks at everything that comes
of it. It writes this document.

**{len(outcomes):,} damaged files and {result.good:,} undamaged ones: {len(result.failures) or "no"} failures.** It took
{seconds / 60:.1f} minutes, of which the judge's processes had {sum(run.processor for run in runs):.0f} seconds of
processors' time; the longest command took {max(run.seconds for run in runs):.1f} s, and the largest process had
{max(run.peak for run in runs) >> 20} MiB.

## What is asked of each

- The exit status is 0, 1 or 2, and no process outlives the command.
- No process takes more than its limit of 1 GiB, and a command of {BATCH} files no more than three minutes.
- Nothing is on standard error: no backtrace, and no text of HDF5's or the C library's.
- Every file has its place in the report. What is invalid has one line that names the file and what is wrong. A file
  on which HDF5 crashes, hangs or takes too much memory costs its worker process and no other file.
- Every undamaged file among them is judged as it is alone, to the last figure.
- A file that matches holds what it held. Both files are decoded, by h5py and its own HDF5, in another process, and
  compared. A number may have changed by less than the smallest fault of its kind that is found in every setup of
  [power.md](power.md), and no attribute that means something may have. A file may hold *less* than it did, as any may.
- A file that is flagged, and not invalid, has something in it that changed.

By what a change is measured: a weight, and a bias, relative to the rms of its array (or, where that is larger, of the
uniform numbers that power.md draws), a weight also by the largest number that it ever multiplies; an element of the
input by the weights that read it; a state by its difference, in units of the rms where that is above 1, tenfold for an
initial state, which is seen only through the first step. Runs in float16 and bfloat16 have limits as much larger as
their roundoff is. Padding, the words that say how a run came about, and the recorded spread are not measured.

## How they are damaged

{fixtures} fixtures, each as it was recorded and rewritten in {len(LAYOUTS)} layouts: the earliest structures of HDF5 and
those of 1.10, each contiguous and in chunks that are shuffled and deflated, and with small arrays in the object headers
and attributes in heaps with indexes. Four of ten places are near an object header, a quarter near another structure,
a quarter in numbers, the rest anywhere. Of the newer layouts nine of ten files have the checksums of their metadata
repaired, so that the damage gets past them.

| damage | is |
|---|---|
| flips | one to four bytes: a bit flipped, or 0, 1, 127, 128 or 255 |
| word | an integer of 2, 4 or 8 bytes: an extreme, a neighbour, or the address of another structure |
| run | 2 to 64 bytes: zeros, ones, or random |
| splice | 4 to 512 bytes from elsewhere in this file or another |
| truncation | cut anywhere; three of four with the file's size in the superblock repaired |
| shift | 1 to 64 bytes removed or inserted, the size repaired likewise |

## What became of them

{_table("damage", _VERDICTS, _by(result, lambda outcome: outcome.mutant.kind))}

{_table("layout", _VERDICTS, _by(result, lambda outcome: outcome.mutant.seed.name.split(" ")[-1]))}

| processes lost to a file, which is then invalid | files |
|---|---|
{_rows(_lost(result)) or "| none | 0 |"}

| what the damage changed in those that match | files |
|---|---|
{_rows(_passed(result))}

The largest change that passed, in units of the smallest fault that is found:

| kind of number | files that match | largest |
|---|---|---|
{_largest(result)}

## Failures

{failures}"""


def _lost(result: Result) -> Counter[str]:
    return Counter(outcome.lost for outcome in result.outcomes if outcome.lost)


def _passed(result: Result) -> Counter[str]:
    return Counter(outcome.passed for outcome in result.outcomes if outcome.passed)


def _by(result: Result, group: object) -> dict[str, Counter[str]]:
    assert callable(group)
    table: dict[str, Counter[str]] = {}
    for outcome in result.outcomes:
        table.setdefault(group(outcome), Counter())[outcome.verdict] += 1
    return table


def _largest(result: Result) -> str:
    largest: dict[str, list[float]] = {}
    for outcome in result.outcomes:
        if outcome.verdict == "match" and outcome.comparison:
            sizes: dict[str, float] = {}
            for change in outcome.comparison.changed:
                if change.size > 0:
                    sizes[change.kind] = max(change.size, sizes.get(change.kind, 0))
            for kind, size in sizes.items():
                largest.setdefault(kind, []).append(size)
    return "\n".join(f"| {kind} | {len(sizes)} | {max(sizes):.2g} |" for kind, sizes in sorted(largest.items()))


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common())


def _rows(counts: Counter[str]) -> str:
    return "\n".join(f"| {name} | {count:,} |" for name, count in counts.most_common())


def _table(head: str, columns: Sequence[str], rows: dict[str, Counter[str]]) -> str:
    lines: Iterable[str] = (
        f"| {name} | " + " | ".join(f"{counts[column]:,}" for column in columns) + f" | {counts.total():,} |"
        for name, counts in sorted(rows.items())
    )
    return "\n".join([
        f"| {head} | " + " | ".join(columns) + " | all |", "|---|" + "---|" * (len(columns) + 1), *lines,
    ])  # fmt: skip

"""The page of what was said of every report: Documentation/known-bugs.md."""

from __future__ import annotations

from ..environment import framework_versions
from ..markdown import table
from .catalogue import FAMILIES
from .judging import Judged

_NAMED = 0.9
"""The share that has to be named by the sentence that mends it."""


def is_good(judged: list[Judged], flagged_controls: list[str]) -> bool:
    """Whether all are flagged where they are, enough of them named, and none without its fault."""
    are_flagged = all(one.is_flagged for one in judged) and not flagged_controls
    return are_flagged and _count_named(judged) >= _NAMED * len(judged)


def _count_named(judged: list[Judged]) -> int:
    return sum(one.named for one in judged)


def document(judged: list[Judged], flagged_controls: list[str]) -> str:
    """In Markdown.   flagged_controls: names of those that are flagged without their fault."""
    flagged = sum(one.is_flagged for one in judged)
    versions = framework_versions()
    ran = ", ".join(f"{name} {versions[name]}" for name in ("pytorch", "keras", "onnxruntime", "flax", "mlx"))
    parts = [
        _INTRODUCTION.format(
            count=len(judged),
            flagged=flagged,
            named=_count_named(judged),
            controls=len(judged) - len(flagged_controls),
            versions=ran,
        ),
        *(_family(name, judged) for name in FAMILIES),
        _CLOSING,
    ]
    return "\n\n".join(parts) + "\n"


def _family(name: str, judged: list[Judged]) -> str:
    names = {bug.name for bug in FAMILIES[name]}
    rows = [_row(one) for one in judged if one.bug.name in names]
    columns = ("report", "what went wrong", "made again here", "flagged", "first finding", "names it")
    return f"## {name}\n\n" + table(columns, rows)


def _row(judged: Judged) -> tuple[str, ...]:
    bug = judged.bug
    place = "where it is" if judged.is_flagged else f"**{judged.verdict}**" + _places(judged)
    return (
        f"[{_label(bug.source)}]({bug.source}), {bug.date}",
        bug.what,
        f"{bug.frameworks}: {bug.how}",
        place,
        _cell(f"`{judged.found}`: {judged.says}" if judged.found else "none"),
        "yes" if judged.named else f"**no**: looked for {' or '.join(f'`{name}`' for name in bug.named)}",
    )


def _places(judged: Judged) -> str:
    return "".join(f"; layer {layer} {way}" for layer, way in sorted(judged.flagged))


def _label(source: str) -> str:
    """owner/name#number, or the address without its scheme."""
    parts = source.removeprefix("https://").split("/")
    if parts[0] == "github.com":
        return f"{parts[1]}/{parts[2]}#{parts[4]}"
    return "/".join(parts)


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")


_INTRODUCTION = """# Faults that were reported in public

{count} faults of recurrent networks that computed something else in another framework, in another version
of it, or in a port by hand; each made again with real frameworks and judged by `parity report`.

- **{flagged} of {count} are flagged**, each in the layers and directions where it is and in no others.
- **{named} of {count} are named** by the sentence that mends them: the first finding at each place where a
  fault is accounts for all that was recorded, and is the one that is looked for.
- **{controls} of {count} match without their fault**: the same networks, recorded in the same way.

Most of these faults were mended long ago. So each is made again with today's frameworks by doing what the
report found to be done: weights are copied as its author copied them, a node runs without the attribute
that was not read, states are given in the order in which they were given. Where the program that had the
fault still installs, it was run on the recording, and the row says so; where a report leaves the cause
open, one is made that does the same. The recordings are small and bundled, in `Fixtures/known-bugs/`, so
that the tests judge them without any framework. Where a port is recorded beside its original, both match
themselves, and the finding is that of the port's states by the original's weights.

Made by `tools/known-bugs`, with {versions}."""

_CLOSING = """## How to read it

`parity explain NAME` says of a finding how it comes about, and how to mend it in each framework. A finding
that is only the shape of what is left, as `everything` or `one-timestep`, names nothing: its row says what
was looked for."""

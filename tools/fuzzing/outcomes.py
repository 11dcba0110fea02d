"""What became of one damaged file, and whether it should have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .differences import Comparison
from .mutations import Mutant

FLAGGED = ("inconclusive", "drift", "differs", "mismatch")
# A line of ours says what is wrong; these are somebody else's words, or admit a fault of the program.
_QUOTED = re.compile(r'".*"', re.DOTALL)
_FOREIGN = re.compile(r"HDF5-DIAG|#\d{3}:|\.c line|munmap|Fatal error|\n|fault of the program")
# How a process that had the file was lost: the command says so of this file, and goes on with another.
_LOST = {
    "HDF5 crashes on it": "crash in HDF5",
    "the process that read it went wrong": "memory damaged by HDF5",
    "HDF5 came no further": "no progress in HDF5",
    "takes more memory than the limit": "memory at its limit",
    "not judged:": "otherwise",
}


@dataclass(frozen=True)
class Outcome:
    """verdict: the report's.   lost: how the process that read it was lost, empty where it was not.

    passed: of a match, what the damage changed, empty otherwise.   comparison: None where there is none.
    problems: what should not be, in words.
    """

    mutant: Mutant
    verdict: str
    lost: str
    passed: str
    comparison: Comparison | None
    problems: tuple[str, ...]


def outcome(mutant: Mutant, case: Mapping[str, Any], comparison: Comparison | None) -> Outcome:
    """comparison: of what the undamaged and the damaged file hold; None if it is invalid, or h5py fails."""
    verdict, error = str(case["verdict"]), str(case.get("error", ""))
    problems = []
    # What is quoted is the damaged file's, as it is in JSON: with line breaks where it has some.
    if _FOREIGN.search(_QUOTED.sub("", error)):
        problems.append(f"not a line of ours: {error}")
    if verdict == "match" and comparison:
        problems += [f"passed in silence: {difference}" for difference in comparison.silent]
    if verdict in FLAGGED and comparison and comparison.is_none and "unread" not in case:
        problems.append(f"false alarm: {verdict}, and nothing in it changed")
    lost = next((name for words, name in _LOST.items() if words in error), "")
    passed = _passed(comparison, "unread" in case) if verdict == "match" else ""
    return Outcome(mutant, verdict, lost, passed, comparison, tuple(problems))


def _passed(comparison: Comparison | None, unread: bool) -> str:
    if comparison is None:
        return "all, for h5py's HDF5: it refuses the file"
    if comparison.silent:
        return "more than the smallest fault that is found"
    if unread:
        return "names without a meaning, which the report lists"
    if comparison.unreadable:
        return "parts that h5py's HDF5 refuses"
    if comparison.gone or comparison.new:
        return "it holds less"
    if any(difference.size > 0 for difference in comparison.changed):
        return "numbers, by less than the smallest fault that is found"
    return "words, padding and what no verdict rests on" if comparison.changed else "nothing that h5py sees"

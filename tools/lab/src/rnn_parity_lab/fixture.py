"""A catalogue entry: a fixture that can be produced again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import rnn_parity

from .case import Case
from .description import CaseDescription
from .hdf5_writer import write_case

MATCH = {"verdict": "match"}


@dataclass(frozen=True)
class Fixture:
    """One file.

    produce: runs the frameworks and returns the case and what made it: all arguments, and for a
        trained network the accuracy it reached.
    expect: what a judge should say of it.
    """

    name: str
    group: str
    produce: Callable[[], tuple[Case | rnn_parity.Case, dict[str, Any]]]
    expect: dict[str, Any]
    folder: str = ""

    @property
    def file(self) -> str:
        """Path below the fixtures folder."""
        return str(PurePosixPath(self.folder, f"{self.name}.h5"))


def random_fixture(group: str, description: CaseDescription) -> Fixture:
    """A network with random weights, run rightly by every framework."""
    from .runs import run_case

    return Fixture(
        name=description.case,
        group=group,
        produce=lambda: (run_case(description), generator_arguments(description)),
        expect=MATCH,
    )


def generator_arguments(description: CaseDescription) -> dict[str, Any]:
    """What makes the same case again."""
    return asdict(description)


def write(path: Path, case: Case | rnn_parity.Case) -> None:
    """In version 2 what the user's package recorded, else in version 1."""
    if isinstance(case, rnn_parity.Case):
        case.save(path)
    else:
        write_case(path, case)

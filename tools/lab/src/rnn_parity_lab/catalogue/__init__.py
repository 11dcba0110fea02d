"""The catalogue: every fixture, and every file of weights, of the repository's fixtures folder."""

from __future__ import annotations

from ..fixture import Fixture
from ..weight_files.catalogue import all_weight_files
from ..weight_files.weight_file import WeightFile
from . import departures, faults, gated, interchange, known_bugs, layers, models, options, plain, trained


def all_fixtures() -> list[Fixture]:
    """In the order in which they are made."""
    modules = (
        plain,
        gated,
        options,
        interchange,
        trained,
        models,
        layers,
        departures,
        faults,
        known_bugs,
    )
    return [fixture for module in modules for fixture in module.fixtures()]


def select(names: list[str]) -> tuple[list[Fixture], list[WeightFile]]:
    """The fixtures, and the files of weights, of these names, or all."""
    fixtures, weights = all_fixtures(), all_weight_files()
    unknown = set(names) - {one.name for one in fixtures} - {one.name for one in weights}
    if unknown:
        raise SystemExit(f"not in the catalogue: {', '.join(sorted(unknown))}")
    return (
        [fixture for fixture in fixtures if not names or fixture.name in names],
        [weight_file for weight_file in weights if not names or weight_file.name in names],
    )

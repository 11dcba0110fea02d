"""The catalogue: every fixture that this package can produce, by group."""

from __future__ import annotations

from ..fixture import Fixture
from . import departures, gated, options, plain, trained

BUNDLED_GROUPS = ("plain", "trained", "departures")
"""The groups that the repository carries in its fixtures folder."""


def all_fixtures() -> list[Fixture]:
    modules = (plain, gated, options, trained, departures)
    return [fixture for module in modules for fixture in module.fixtures()]


def select(names: list[str], groups: tuple[str, ...] | list[str]) -> list[Fixture]:
    """The fixtures of these groups, or those of the given names."""
    fixtures = all_fixtures()
    if names:
        unknown = set(names) - {fixture.name for fixture in fixtures}
        chosen = [fixture for fixture in fixtures if fixture.name in names]
    else:
        unknown = set(groups) - {fixture.group for fixture in fixtures}
        chosen = [fixture for fixture in fixtures if fixture.group in groups]
    if unknown:
        raise SystemExit(f"not in the catalogue: {', '.join(sorted(unknown))}")
    return chosen

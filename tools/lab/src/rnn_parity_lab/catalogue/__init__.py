"""The catalogue: every fixture of the repository's fixtures folder."""

from __future__ import annotations

from ..fixture import Fixture
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


def select(names: list[str]) -> list[Fixture]:
    """The fixtures of these names, or all."""
    fixtures = all_fixtures()
    unknown = set(names) - {fixture.name for fixture in fixtures}
    if unknown:
        raise SystemExit(f"not in the catalogue: {', '.join(sorted(unknown))}")
    return [fixture for fixture in fixtures if not names or fixture.name in names]

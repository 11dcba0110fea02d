"""The fixture `assert_parity` for pytest.

    def test_port(assert_parity):
        assert_parity(join(record_pytorch(model, x), record_keras(port, y)))

A failing test says what to mend, and where the recording lies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .case import Case
    from .checking import Result


@pytest.fixture
def assert_parity(tmp_path: Path) -> Callable[..., Result]:
    """A function that fails the test unless `parity` calls a case, or a file, a match."""

    def asserted(
        case: Case | str | Path, *, original: str | None = None, options: Sequence[str] = ()
    ) -> Result:
        __tracebackhide__ = True
        from .checking import check

        kept = Path(case) if isinstance(case, (str, Path)) else case.save(_free(tmp_path, case.case))
        result = check(kept, original=original, options=options)
        if not result:
            pytest.fail(f"{result}\nrecording: {kept}", pytrace=False)
        return result

    return asserted


def _free(folder: Path, name: str) -> Path:
    """A path in `folder` for a case of this name, which other checks of the test have not used."""
    stem = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name) or "case"
    paths = (folder / f"{stem}{suffix}.h5" for suffix in ("", *(f"-{count}" for count in range(2, 10_000))))
    return next(path for path in paths if not path.exists())

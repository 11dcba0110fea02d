"""What recurrent layers return to the model that calls them."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ..case import RecordedLayer


class Returns:
    """What recurrent layers return to the model that calls them: here, what they computed.

    `turn` counts the recorded calls of one run, from 0.
    """

    def instead(self, turn: int) -> Any | None:
        """What to return without running the layer; None to run it."""
        return None

    def around(self, turn: int) -> AbstractContextManager[Any]:
        """Within what the layer runs."""
        return nullcontext()

    def after(self, turn: int, layer: Any, calls: list[RecordedLayer], returned: Any) -> Any:
        """What to return in place of `returned`, which the layer computed."""
        return returned

"""Writes the outcomes into the page on files of weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..markdown import grouped, table
from .checking import Outcome
from .converting import TARGETS

HEADING = "## Checked in the frameworks"
_METHOD = """\
`tools/conversions` converts the bundled files of weights to every framework by `parity convert`, loads what
was written by the framework's own loader (`load_state_dict(strict=True)`, `load_weights`, `InferenceSession`,
the parameters of a linen module) into the layers that the command prints, runs them on the inputs that the
source framework was recorded with, and lets `parity report` judge both runs as one case: each by its formula,
and crosswise. A `.pt`, `.onnx` or `.keras` is converted by `python -m rnn_parity convert` before.

A number is the largest difference of any state of a match; *refused* is what the target does not have, or
what the layers of a file do not share and was not given.\
"""
_TARGET_NAMES = {
    "pytorch": "PyTorch",
    "keras": "Keras",
    "keras-legacy": "Keras, legacy",
    "onnx": "ONNX Runtime",
    "flax": "Flax",
    "mlx": "MLX",
}


def section(outcomes: Sequence[Outcome], versions: Mapping[str, str], processor: str) -> str:
    """The section of the page, from its heading on."""
    rows = []
    for source, own in grouped(outcomes, lambda one: one.source).items():
        cells = {one.target: _cell(one) for one in own}
        rows.append((f"`{source}`", *(cells.get(target, "") for target in TARGETS)))
    matches = sum(one.verdict == "match" for one in outcomes)
    refused = sum(one.verdict == "refused" for one in outcomes)
    frameworks = ", ".join(f"{name} {version}" for name, version in versions.items())
    return "\n\n".join(
        [
            HEADING,
            _METHOD,
            f"Of {len(outcomes)} conversions {matches} match and {refused} are refused; "
            f"{len(outcomes) - matches - refused} are anything else. With {frameworks}, on {processor}.",
            table(("file", *_TARGET_NAMES.values()), rows),
        ]
    )


def replaced(page: Path, text: str) -> str:
    """The page with this section in the place of the one it had, or at its end."""
    before, _, rest = page.read_text().partition(HEADING)
    _, following, after = rest.partition("\n## ")
    return before.rstrip() + "\n\n" + text + "\n" + (following + after if following else "")


def _cell(outcome: Outcome) -> str:
    return f"{outcome.difference:.1e}" if outcome.verdict == "match" else outcome.verdict

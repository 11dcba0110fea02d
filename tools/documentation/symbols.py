"""The public symbols of a module, as the compiler knows them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

# Terms of the field, which every paper and every framework writes so: the input and the two states of a cell.
FIELD_TERMS = {"x", "h", "c"}


@dataclass(frozen=True)
class Symbol:
    """A public declaration of the package's own source."""

    path: str
    file: Path
    line: int
    is_documented: bool

    def words(self) -> list[str]:
        """Its own name, and its arguments' labels."""
        name, _, labels = self.path.rpartition(".")[2].partition("(")
        return [name, *re.findall(r"(\w+):", labels)]

    def complaints(self, package: Path) -> Iterator[str]:
        """What the guidelines have against it."""
        place = f"{self.file.relative_to(package)}:{self.line}: {self.path}"
        if not self.is_documented:
            yield f"{place} is public and has no documentation"
        for word in self.words():
            if len(word) == 1 and word.isalpha() and word not in FIELD_TERMS:
                yield f"{place}: {word} is a name of one letter"


def symbols(graph: Path) -> Iterator[Symbol]:
    """Those of a symbol graph that are written somewhere, in no order."""
    for symbol in json.loads(graph.read_text(encoding="utf-8"))["symbols"]:
        if "location" in symbol:
            yield _symbol(symbol)


def _symbol(symbol: dict[str, Any]) -> Symbol:
    location = symbol["location"]
    return Symbol(
        ".".join(symbol["pathComponents"]), Path(unquote(urlparse(location["uri"]).path)),
        location["position"]["line"] + 1, "docComment" in symbol,
    )

"""The code in articles, against the snippets that the package builds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

FENCE = re.compile(r"(?:<!-- (?P<source>\S+) -->\n+)?```swift\n(?P<code>.*?)```", re.DOTALL)


def unlike_their_source(package: Path, articles: list[Path]) -> Iterator[str]:
    """A line for every piece of code that does not stand in the file which the comment before it names."""
    for article in articles:
        text = article.read_text(encoding="utf-8")
        for found in FENCE.finditer(text):
            place = f"{article.relative_to(package)}:{text.count(chr(10), 0, found.start('code'))}"
            source = found["source"]
            if not source:
                yield f"{place}: expected a comment before the code that names the file it is from"
            elif not (package / source).is_file():
                yield f"{place}: there is no {source}"
            elif found["code"] not in (package / source).read_text(encoding="utf-8"):
                yield f"{place}: these lines do not stand in {source}"

"""What `tools/docs` complains of, on declarations and articles made for it.

    python3 -m unittest discover tools/tests
"""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

from documentation.articles import unlike_their_source
from documentation.symbols import symbols

PACKAGE = Path("/package")


def declaration(*path: str, documented: bool = True, written: bool = True) -> dict[str, Any]:
    """A symbol as the compiler's graph has it."""
    symbol: dict[str, Any] = {"pathComponents": list(path)}
    if documented:
        symbol["docComment"] = {"lines": [{"text": "What it is."}]}
    if written:
        symbol["location"] = {"uri": f"file://{PACKAGE}/Sources/A%20B.swift", "position": {"line": 6}}
    return symbol


class SymbolTests(unittest.TestCase):
    """Of public symbols."""

    def complaints(self, *declarations: dict[str, Any]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            graph = Path(folder, "A.symbols.json")
            graph.write_text(json.dumps({"symbols": declarations}))
            return [line for symbol in symbols(graph) for line in symbol.complaints(PACKAGE)]

    def test_one_without_documentation_is_named_by_its_place(self) -> None:
        self.assertEqual(
            self.complaints(declaration("Cell", "kind", documented=False), declaration("Cell")),
            ["Sources/A B.swift:7: Cell.kind is public and has no documentation"],
        )

    def test_what_nobody_wrote_needs_none(self) -> None:
        synthesised = declaration("Cell", "!=(_:_:)", documented=False, written=False)
        self.assertEqual(self.complaints(synthesised), [])

    def test_names_and_labels_of_one_letter_are_refused(self) -> None:
        found = self.complaints(
            declaration("Matrix", "T"), declaration("RNN", "step(x:h:W:)"), declaration("Step", "t"),
        )
        self.assertEqual([line.partition(": ")[2] for line in found], [
            "Matrix.T: T is a name of one letter", "RNN.step(x:h:W:): W is a name of one letter",
            "Step.t: t is a name of one letter",
        ])

    def test_terms_of_the_field_and_operators_are_none_of_them(self) -> None:
        self.assertEqual(self.complaints(
            declaration("State", "h"), declaration("LSTMCell", "step(x:h:c:)"),
            declaration("Matrix", "+(_:_:)"),
        ), [])


class ArticleTests(unittest.TestCase):
    """Of the code in articles."""

    def complaints(self, article: str) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder)
            (package / "Snippets").mkdir()
            (package / "Snippets/Run.swift").write_text("import A\nlet a = 1\nlet b = 2\n")
            (package / "Run.md").write_text(article)
            return list(unlike_their_source(package, [package / "Run.md"]))

    def test_lines_of_the_file_pass(self) -> None:
        self.assertEqual(
            self.complaints("# Run\n<!-- Snippets/Run.swift -->\n```swift\nlet a = 1\nlet b = 2\n```\n"), []
        )

    def test_other_lines_do_not(self) -> None:
        self.assertEqual(
            self.complaints("<!-- Snippets/Run.swift -->\n```swift\nlet a = 2\n```\n"),
            ["Run.md:2: these lines do not stand in Snippets/Run.swift"],
        )

    def test_code_of_nowhere_does_not(self) -> None:
        self.assertEqual(
            self.complaints("Look:\n\n```swift\nlet a\n```\n<!-- No.swift -->\n```swift\nlet a\n```\n"),
            ["Run.md:3: expected a comment before the code that names the file it is from",
             "Run.md:7: there is no No.swift"],
        )


if __name__ == "__main__":
    unittest.main()

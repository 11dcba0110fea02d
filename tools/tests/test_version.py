"""What has to agree before a version is tagged.

    python3 -m unittest discover tools/tests
"""

from __future__ import annotations

import json
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


class VersionTests(unittest.TestCase):
    """The version stands in Sources/ParityCommand/Version.swift."""

    def setUp(self) -> None:
        found = re.search(r'current = "(\d+\.\d+\.\d+)"', read("Sources/ParityCommand/Version.swift"))
        assert found
        self.version = found[1]

    def test_the_python_package_has_it_from_there(self) -> None:
        project = read("tools/python/pyproject.toml")
        self.assertIn('dynamic = ["version"]', project)
        found = re.search(r'\[tool\.hatch\.version]\npath = "(.*)"\npattern = \'(.*)\'\n', project)
        assert found
        source = (ROOT / "tools/python" / found[1]).read_text(encoding="utf-8")
        versions = [match["version"] for match in re.finditer(found[2], source)]
        self.assertEqual(versions, [self.version])

    def test_the_changelog_begins_with_it(self) -> None:
        newest = read("CHANGELOG.md").split("\n## ")[1]
        heading, _, rest = newest.partition("\n")
        if heading == "[Unreleased]":
            self.assertIn(f"What will be {self.version}", rest)
        else:
            self.assertRegex(heading, rf"^\[{re.escape(self.version)}] - \d{{4}}-\d\d-\d\d$")

    def test_the_readme_asks_for_it(self) -> None:
        self.assertIn(f'.upToNextMinor(from: "{self.version}")', read("README.md"))

    def test_the_package_index_documents_every_library(self) -> None:
        run = subprocess.run(
            ["swift", "package", "--package-path", str(ROOT), "dump-package"],
            check=True, capture_output=True, text=True,
        )
        libraries = {
            target for product in json.loads(run.stdout)["products"] if "library" in product["type"]
            for target in product["targets"]
        }
        self.assertEqual(set(re.findall(r"^ {8}- (\w+)$", read(".spi.yml"), re.MULTILINE)), libraries)
        for library in libraries:
            self.assertTrue((ROOT / f"Sources/{library}/{library}.docc/{library}.md").is_file(), library)


if __name__ == "__main__":
    unittest.main()

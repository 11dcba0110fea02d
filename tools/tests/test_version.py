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

    def test_the_package_index_documents_every_library_that_it_can_build(self) -> None:
        run = subprocess.run(
            ["swift", "package", "--package-path", str(ROOT), "dump-package"],
            check=True, capture_output=True, text=True,
        )
        manifest = json.loads(run.stdout)
        libraries = {
            target for product in manifest["products"] if "library" in product["type"]
            for target in product["targets"]
        }
        needs = {
            target["name"]: {next(iter(kind.values()))[0] for kind in target["dependencies"]}
            for target in manifest["targets"]
        }

        def needs_hdf5(target: str) -> bool:
            return target == "CHDF5" or any(needs_hdf5(other) for other in needs.get(target, ()))

        self.assertTrue(needs_hdf5("ParityTesting"))
        documented = set(re.findall(r"^ {8}- (\w+)$", read(".spi.yml"), re.MULTILINE))
        self.assertEqual(documented, {library for library in libraries if not needs_hdf5(library)})
        for library in libraries:
            self.assertTrue((ROOT / f"Sources/{library}/{library}.docc/{library}.md").is_file(), library)


if __name__ == "__main__":
    unittest.main()

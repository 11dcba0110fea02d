"""What `tools/house` promises, on a package of five files made for it.

    python3 -m unittest discover tools/tests
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

TOOLS = Path(__file__).resolve().parents[1]
ROOMS = "CCount\nCore/Low\nCore/High  # uses Low\nApp\n"
FILES = {
    "Package.swift": """// swift-tools-version: 6.1
import PackageDescription
let package = Package(name: "Tiny", targets: [
  .target(name: "CCount"), .target(name: "Core", dependencies: ["CCount"]),
  .target(name: "App", dependencies: ["Core"]),
])
""",
    "Sources/CCount/include/count.h": "int count(void);\n",
    "Sources/CCount/count.c": '#include "count.h"\nint count(void) { return 3; }\n',
    "Sources/Core/Low/Number.swift": """import CCount
public struct Number { public var value = Int(count()); public init() {} }
enum Kind: String { case small }
""",
    "Sources/Core/High/Twice.swift": """extension Number { public var twice: Int { value * 2 } }
func name() -> String { Kind.small.rawValue }
""",
    "Sources/App/Use.swift": "import Core\npublic func use() -> Int { Number().twice }\n",
}


class HouseTests(unittest.TestCase):
    """One package for all, because each fresh one is built from nothing."""

    folder: tempfile.TemporaryDirectory[str]
    package: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.package = Path(cls.folder.name, "tiny")

    def setUp(self) -> None:
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)

    def house(self, *options: str, rooms: str = ROOMS) -> subprocess.CompletedProcess[str]:
        self.write("house.rooms", rooms)
        return subprocess.run(
            [sys.executable, "-m", "rooms", "--package", str(self.package),
             "--rooms", str(self.package / "house.rooms"), *options],
            check=False, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(TOOLS)},
        )

    def add(self, name: str, text: str) -> None:
        self.write(name, text)
        self.addCleanup((self.package / name).unlink)

    def test_arrows_in_one_direction_pass_and_are_counted(self) -> None:
        run = self.house()
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        lines = {line.split()[0]: line.partition("→ ")[2] for line in run.stdout.splitlines()[:4]}
        # `Number` and `twice` are of two files, though both belong to the type of the lower one.
        self.assertEqual(lines["App"], "Core/Low 1, Core/High 1")
        # Number, value, Kind, small and the rawValue that the compiler writes.
        self.assertEqual(lines["Core/High"], "Core/Low 5")
        # The import, and the function of the header.
        self.assertEqual(lines["Core/Low"], "CCount 2")
        self.assertEqual(lines["CCount"], "")

    def test_a_reference_that_runs_back_fails_and_is_named(self) -> None:
        self.add("Sources/Core/Low/Back.swift", "func back() -> Int {\n  Number().twice\n}\n")
        run = self.house()
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertIn("Core/High 1 (runs back)", run.stdout)
        self.assertIn(
            "Sources/Core/Low/Back.swift:2:12 → twice (Sources/Core/High/Twice.swift:1)", run.stdout
        )

    def test_what_was_mended_passes_again(self) -> None:
        """The compiler keeps its records of files that are gone."""
        with self.subTest("broken"):
            self.write("Sources/Core/Low/Gone.swift", "let gone = Number().twice\n")
            self.assertEqual(self.house().returncode, 1)
        (self.package / "Sources/Core/Low/Gone.swift").unlink()
        self.assertEqual(self.house().returncode, 0)

    def test_the_order_is_the_declared_one(self) -> None:
        run = self.house(rooms="CCount\nCore/High\nCore/Low\nApp\n")
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertIn("Sources/Core/High/Twice.swift:1:11 → Number", run.stdout)

    def test_circles_of_files_in_a_room_are_information(self) -> None:
        self.add("Sources/App/First.swift", "func first() { second() }\n")
        self.add("Sources/App/Second.swift", "func second() { first() }\n")
        run = self.house()
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("App: 2 files: First, Second", run.stdout)

    def test_a_file_outside_of_every_room_is_refused(self) -> None:
        self.add("Sources/Core/New/Room.swift", "let room = 1\n")
        for rooms in (ROOMS, ROOMS + "Core/Empty\n", ROOMS + "Core\n"):
            run = self.house(rooms=rooms)
            self.assertEqual(run.returncode, 2)
            self.assertIn("Sources/Core/New/Room.swift: is in no declared room", run.stderr)
            self.assertEqual("Core/Empty: is a declared room" in run.stderr, "Empty" in rooms)

    def test_what_cannot_be_built_or_read_is_refused(self) -> None:
        self.assertIn("declared twice", self.house(rooms=ROOMS + "App\n").stderr)
        self.assertIn("house.rooms:5: expected a folder", self.house(rooms=ROOMS + "../x\n").stderr)
        self.add("Sources/App/Broken.swift", "let broken: Int = nothing\n")
        run = self.house()
        self.assertEqual(run.returncode, 2)
        self.assertIn("cannot find 'nothing' in scope", run.stderr)

    def test_an_import_that_the_manifest_does_not_declare_fails(self) -> None:
        self.add("Sources/App/Foreign.swift", "#if true\n  internal import struct CCount.Size\n#endif\n")
        run = self.house()
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertEqual(
            run.stderr,
            "Sources/App/Foreign.swift:2: imports CCount, on which the target App does not depend\n",
        )

    def test_a_dependency_that_nothing_imports_fails(self) -> None:
        manifest = FILES["Package.swift"].replace('["Core"]', '["Core", "CCount"]')
        self.write("Package.swift", manifest)
        run = self.house()
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertEqual(
            run.stderr,
            "Package.swift: the target App depends on CCount, which no file of it imports\n",
        )

    def test_a_drawing_shows_every_room_and_arrow(self) -> None:
        self.add("Sources/Core/Low/Drawn.swift", "let drawn = Number().twice\n")
        run = self.house("--format", "svg")
        self.assertEqual(run.returncode, 1)
        self.assertIn("Drawn.swift:1:22 → twice", run.stderr)
        texts = [e.text for e in ElementTree.fromstring(run.stdout).iter() if e.text]
        for room in ("CCount", "Core/Low", "Core/High", "App"):
            self.assertIn(room, texts)
        for arrow in ("App → Core/Low: 1", "Core/Low → Core/High: 1", "Core/Low → CCount: 2"):
            self.assertIn(arrow, texts)
        self.assertIn('"App" -> "Core/Low" [label=1', self.house("--format", "dot").stdout)


if __name__ == "__main__":
    unittest.main()

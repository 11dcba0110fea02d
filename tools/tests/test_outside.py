"""What a package of somebody else has to have, to use the networks and the judge: no HDF5.

    python3 -m unittest discover tools/tests
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = f"""// swift-tools-version: 6.1
import PackageDescription
let package = Package(
  name: "Outside", platforms: [.macOS(.v14)],
  dependencies: [.package(name: "rnn-parity", path: "{ROOT}")],
  targets: [
    .executableTarget(name: "Outside", dependencies: [.product(name: "PRODUCT", package: "rnn-parity")])
  ])
"""
NETWORK = """import Recurrent
print(Matrix<Float>(zeros: 2, 3).rows)
"""
JUDGE = """import RecurrentParity
print([Verdict.match, .drift].worst)
"""


class OutsideTests(unittest.TestCase):
    """One package for both, so that the second builds on the first."""

    def test_networks_and_the_judge_build_and_run_without_hdf5(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder, "Outside")
            (package / "Sources/Outside").mkdir(parents=True)
            # As if no library of the system had been installed.
            hidden = {**os.environ, "PKG_CONFIG_LIBDIR": folder, "PKG_CONFIG_PATH": folder}
            for product, source, printed in (
                ("Recurrent", NETWORK, "2\n"), ("RecurrentParity", JUDGE, "drift\n"),
            ):
                with self.subTest(product):
                    (package / "Package.swift").write_text(MANIFEST.replace("PRODUCT", product))
                    (package / "Sources/Outside/main.swift").write_text(source)
                    run = subprocess.run(
                        ["swift", "run", "--package-path", str(package), "Outside"],
                        check=False, capture_output=True, text=True, env=hidden,
                    )
                    self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
                    self.assertEqual(run.stdout, printed)
                    program = package / ".build/debug/Outside"
                    self.assertNotIn(b"libhdf5", program.read_bytes())


if __name__ == "__main__":
    unittest.main()

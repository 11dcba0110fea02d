"""What `tools/install` promises.

    python3 -m unittest discover tools/tests
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Of somebody else, beside ours.
NEIGHBOURS = (
    "bin/other", "share/man/man1/other.1", "share/rnn-parity-2/x", "share/zsh/site-functions/_other",
)


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command from a folder that has nothing to do with the checkout."""
    return subprocess.run(
        command, check=False, capture_output=True, text=True, cwd="/", env={**os.environ, **environment}
    )


class InstallTests(unittest.TestCase):
    """One installation for all, because the program is linked for it."""

    folder: tempfile.TemporaryDirectory[str]
    prefix: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.prefix = Path(cls.folder.name, "a prefix")
        for name in NEIGHBOURS:
            path = cls.prefix / name
            path.parent.mkdir(parents=True)
            path.write_text("mine")
        # An older installation, which has what this one has not.
        (cls.prefix / "share/rnn-parity/Fixtures").mkdir(parents=True)
        (cls.prefix / "share/rnn-parity/Fixtures/gone.h5").write_text("old")
        cls.installed()

    @classmethod
    def installed(cls) -> None:
        done = run(ROOT / "tools/install", cls.prefix)
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)

    def files(self) -> set[str]:
        return {str(path.relative_to(self.prefix)) for path in self.prefix.rglob("*") if path.is_file()}

    def test_the_program_judges_its_own_fixtures_from_anywhere(self) -> None:
        done = run(self.prefix / "bin/parity", "report")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^MATCH  \d+ cases: \d+ match\n")
        self.assertIn(f"{self.prefix}/share/rnn-parity/Fixtures/", done.stdout)
        self.assertNotIn(str(ROOT), done.stdout)
        self.assertNotIn(str(ROOT).encode(), (self.prefix / "bin/parity").read_bytes())

    def test_what_was_there_stays_and_what_is_old_goes(self) -> None:
        files = self.files()
        self.assertLessEqual(set(NEIGHBOURS), files)
        self.assertNotIn("share/rnn-parity/Fixtures/gone.h5", files)
        self.assertFalse([name for name in files if name.startswith(".")])

    def test_completions_are_scripts_of_their_shell(self) -> None:
        share = self.prefix / "share"
        self.assertEqual(run("bash", "-n", share / "bash-completion/completions/parity").returncode, 0)
        zsh, fish = share / "zsh/site-functions/_parity", share / "fish/vendor_completions.d/parity.fish"
        self.assertTrue(zsh.read_text().startswith("#compdef parity"))
        self.assertIn("complete -c 'parity'", fish.read_text())

    def test_the_manual_names_every_command_and_option(self) -> None:
        page = (self.prefix / "share/man/man1/parity.1").read_text()
        help_ = json.loads(run(self.prefix / "bin/parity", "--experimental-dump-help").stdout)
        commands = help_["command"]["subcommands"]
        self.assertGreater(len(commands), 5)
        for command in commands[:-1]:
            self.assertIn(f".SS {command['commandName']}\n", page)
            for argument in command["arguments"]:
                for name in argument.get("names", []):
                    dashes = "-" * (1 + (name["kind"] == "long"))
                    self.assertIn(rf"\fB{dashes}{name['name']}\fR".replace("-", r"\-"), page)

    def test_it_is_uninstalled_and_installed_again(self) -> None:
        done = run(ROOT / "tools/install", "--uninstall", self.prefix)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.files(), set(NEIGHBOURS))
        self.installed()
        self.assertIn("bin/parity", self.files())

    def test_a_wrong_command_line_installs_nothing(self) -> None:
        for arguments in (("--prefix", "x"), ("a", "b"), ("--uninstall", "a", "b")):
            done = run(ROOT / "tools/install", *arguments)
            self.assertEqual(done.returncode, 64)
            self.assertIn("usage: tools/install", done.stderr)


if __name__ == "__main__":
    unittest.main()

"""Makes the pages, opens each in every way that a reader may, and says what is not as it should be."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from .looking import Look, every_look
from .markdown import check_markdown
from .page import Complaints, check_page


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="tools/browser", description=__doc__)
    parser.add_argument("--parity", type=Path, required=True)
    parser.add_argument("--chromium", type=Path, required=True)
    parser.add_argument("--fixtures", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the pages")
    arguments = parser.parse_args()
    complaints: Complaints = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(arguments.chromium))
        for name, path in {
            "bundled": arguments.fixtures,
            "departures": arguments.fixtures / "departures",
            "known-bugs": arguments.fixtures / "known-bugs",
        }.items():
            page = Path(folder) / f"{name}.html"
            markdown = page.with_suffix(".md")
            report(arguments.parity, path, page, markdown)
            complaints += [f"{name}: {line}" for line in check_markdown(markdown.read_text())]
            for look in every_look():
                picture = None if arguments.pictures is None else picture_path(arguments.pictures, name, look)
                complaints += [f"{name}, {look}: {line}" for line in check_page(browser, page, look, picture)]
        browser.close()
    for line in complaints:
        print(line, file=sys.stderr)
    print(f"{len(complaints)} complaints" if complaints else "every page is as it should be")
    return 1 if complaints else 0


def report(parity: Path, path: Path, page: Path, markdown: Path) -> None:
    """Judges the folder; what is flagged in it is no failure here."""
    outputs = ["--format", "html", "--output", page, "--format", "markdown", "--output", markdown]
    command = [str(part) for part in [parity, "report", path, *outputs]]
    status = subprocess.run(command, check=False).returncode
    if status not in (0, 1):
        raise SystemExit(f"{parity} report {path} ended with {status}")


def picture_path(folder: Path, name: str, look: Look) -> Path:
    """`departures-390-dark.png`"""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}-{look.width}-{look.scheme}.png"


if __name__ == "__main__":
    sys.exit(main())

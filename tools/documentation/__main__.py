"""Checks the documentation of the Swift libraries, and makes DocC archives of it."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from documentation.archives import DoccError, convert
from documentation.articles import unlike_their_source
from documentation.graphs import extract, output
from documentation.symbols import symbols

ROOT = Path(__file__).resolve().parents[2]
# As tools/house builds, so that only one of the two has to.
SCRATCH = ROOT / ".build/house"
BUILD = [
    "swift", "build", "--package-path", str(ROOT), "--scratch-path", str(SCRATCH), "--enable-index-store",
    "--explicit-target-dependency-import-check", "error",
]


def main() -> int:
    """Exit status: 0 all is documented, 1 something is not, or not well, 2 the package can't be built."""
    parser = argparse.ArgumentParser(prog="tools/docs", description=__doc__)
    parser.add_argument(
        "--output", type=Path, default=ROOT / ".build/docs", help="the folder of the archives (.build/docs)"
    )
    archives = parser.parse_args().output.resolve()
    try:
        modules, snippets, graphs = _built()
    except subprocess.CalledProcessError as error:
        print(f"{error.stdout}{error.stderr}{error}", file=sys.stderr)
        return 2
    complaints = [
        complaint
        for module in modules
        for symbol in sorted(symbols(graphs / f"{module}.symbols.json"), key=lambda s: (s.file, s.line))
        for complaint in symbol.complaints(ROOT)
    ]
    catalogues = {module: ROOT / f"Sources/{module}/{module}.docc" for module in modules}
    articles = [article for folder in catalogues.values() for article in sorted(folder.glob("*.md"))]
    complaints += unlike_their_source(ROOT, articles)
    complaints += [complaint for snippet in snippets if (complaint := _failure(snippet))]
    archives.mkdir(parents=True, exist_ok=True)
    for module, catalogue in catalogues.items():
        try:
            convert(module, catalogue, graphs, archives / f"{module}.doccarchive")
        except DoccError as error:
            complaints.append(str(error))
    print("\n".join(complaints) if complaints else f"{len(modules)} modules are documented: {archives}")
    return 1 if complaints else 0


def _built() -> tuple[list[str], list[Path], Path]:
    """The modules of library products, the programs of the snippets, and the folder of symbol graphs."""
    output(*BUILD)
    binaries = Path(output(*BUILD, "--show-bin-path").strip())
    manifest = json.loads(output("swift", "package", "--package-path", str(ROOT), "dump-package"))
    modules = sorted({
        target
        for product in manifest["products"] if "library" in product["type"]
        for target in product["targets"]
    })
    graphs = SCRATCH / "symbolgraph"
    extract(ROOT, SCRATCH, binaries, modules, graphs)
    return modules, [binaries / file.stem for file in sorted((ROOT / "Snippets").glob("*.swift"))], graphs


def _failure(snippet: Path) -> str | None:
    run = subprocess.run([snippet], check=False, capture_output=True, text=True, cwd=ROOT)
    if run.returncode == 0:
        return None
    return f"Snippets/{snippet.name}.swift: exit status {run.returncode}\n{run.stdout}{run.stderr}"


if __name__ == "__main__":
    sys.exit(main())

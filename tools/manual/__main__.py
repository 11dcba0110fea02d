"""Writes the manual page of a `parity` program, from what the program says of itself, to standard output.

    python3 -m manual .build/release/parity > parity.1
"""

from __future__ import annotations

import json
import subprocess
import sys

from manual.page import page


def main() -> int:
    """Exit status: 0 written, 2 no program that can be asked."""
    program = sys.argv[1] if len(sys.argv) == 2 else ""
    try:
        said = [
            subprocess.run([program, option], check=True, capture_output=True, text=True).stdout
            for option in ("--experimental-dump-help", "--version")
        ]
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"expected the path of a parity program: {error}", file=sys.stderr)
        return 2
    sys.stdout.write(page(json.loads(said[0])["command"], said[1].strip()))
    return 0


if __name__ == "__main__":
    sys.exit(main())

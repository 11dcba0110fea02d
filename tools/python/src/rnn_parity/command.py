"""The command line of the package: python -m rnn_parity."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from .converting import ConversionError, convert

INVALID, USAGE = 2, 64
"""Exit statuses, as of the `parity` program: 2 for input that cannot be used, 64 for a wrong command line."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: error: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 where the file was written."""
    options = _parser().parse_args(arguments)
    # The one backend of Keras that needs no other framework: nothing is computed here.
    os.environ.setdefault("KERAS_BACKEND", "numpy")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        converted = convert(options.input, options.output, key=options.key)
    except (ConversionError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return INVALID
    except ImportError as error:
        print(f"error: reading {options.input} takes its own library: {error}", file=sys.stderr)
        return INVALID
    print(f"{converted.target}: {converted.carried}")
    for one in converted.left_out:
        print(f"not carried over: {one}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m rnn_parity", description="Records networks, and converts their weights.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "convert",
        help="write the weights of a .keras, .pt or .onnx file as a file that parity reads",
        description="Write the weights of a .keras, .pt, .pth or .onnx file as a file that parity reads. "
        "Nothing pickled in it is run. What is not carried over is said.",
    )
    command.add_argument("input", metavar="IN", help="a .keras, .pt, .pth or .onnx file")
    command.add_argument(
        "output",
        metavar="OUT",
        help=".safetensors or .h5 of a .pt or .onnx; .h5 or .weights.h5 of a .keras",
    )
    command.add_argument("--key", help="where the state_dict lies in a checkpoint that holds several")
    return parser

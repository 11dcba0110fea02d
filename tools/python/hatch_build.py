"""Puts the parity program into the wheel, where tools/wheel names one; else the wheel is pure Python."""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramHook(BuildHookInterface):  # type: ignore[type-arg]
    """$PARITY_PROGRAM: the program.   $PARITY_PLATFORM: the platform tag of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a wheel is built."""
        program = os.environ.get("PARITY_PROGRAM")
        if program:
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{os.environ['PARITY_PLATFORM']}"
            build_data["force_include"][program] = "rnn_parity/bin/parity"

"""Compares files in a process of its own: HDF5 may crash, hang or fill the memory on a damaged one."""

from __future__ import annotations

import multiprocessing
import resource
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path

from .contents import Contents
from .differences import Comparison, compare
from .power import Power

_SECONDS = 10
_BYTES = 4 << 30


class Decoder:
    """One process, and another after one that was lost."""

    def __init__(self, power: Power) -> None:
        self.power = power
        self._start()

    def compare(self, old: Path, new: Path, noise: float) -> Comparison | None:
        """None where h5py cannot say what the new file holds."""
        try:
            self.connection.send((old, new, noise))
            if self.connection.poll(_SECONDS):
                answer: Comparison | None = self.connection.recv()
                return answer
        except (EOFError, OSError):
            pass
        self.close()
        self._start()
        return None

    def close(self) -> None:
        """Ends the process."""
        self.connection.close()
        self.process.kill()
        self.process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, self.power), daemon=True)
        self.process.start()
        other.close()


def _serve(connection: Connection, power: Power) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    undamaged = lru_cache(maxsize=None)(Contents.read)
    while True:
        try:
            old, new, noise = connection.recv()
        except EOFError:
            return
        answer: Comparison | None
        try:
            answer = compare(undamaged(old), Contents.read(new), power, noise)
        except (OSError, MemoryError, RuntimeError, ValueError, KeyError, TypeError):
            answer = None
        connection.send(answer)

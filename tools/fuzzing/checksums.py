"""Which bytes of an HDF5 file are guarded by a checksum, and its repair after they were changed.

Only the newer layouts have checksums: superblocks 2 and 3, object headers 2, and what indexes many of
something. A change that leaves them wrong is refused at the door; one that repairs them reaches the readers.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .lookup3 import lookup3, lookup3_of_prefixes

SIGNATURE = b"\x89HDF\r\n\x1a\n"
# They end with their checksum, at a length that other blocks say; a direct block of a heap holds it inside.
_TRAILED = re.compile(rb"OCHK|BTHD|BTIN|BTLF|FRHP|FHIB|FSHD|FSSE|SMTB|SMLI|FAHD|FADB|EAHD|EAIB|EASB|EADB")
_HEADER = re.compile(rb"OHDR\x02")
_DIRECT = re.compile(rb"FHDB\x00")
_LONGEST = 1 << 14


@dataclass(frozen=True)
class Block:
    """length bytes from start, of which the four from checksum on say what the others are."""

    start: int
    length: int
    checksum: int

    @property
    def end(self) -> int:
        """Behind its last byte."""
        return self.start + self.length

    def computed(self, contents: bytes | bytearray) -> int:
        """The checksum that the block in these contents should have."""
        block = bytearray(contents[self.start : self.end])
        at = self.checksum - self.start
        if at + 4 == self.length:
            return lookup3(bytes(block[:at]))
        block[at : at + 4] = bytes(4)
        return lookup3(bytes(block))

    def holds(self, contents: bytes | bytearray) -> bool:
        """Whether it has that."""
        return contents[self.checksum : self.checksum + 4] == struct.pack("<I", self.computed(contents))


_SUPERBLOCK = Block(0, 48, 44)


def blocks(contents: bytes) -> tuple[Block, ...]:
    """Every guarded block of an undamaged file: those whose checksum is right."""
    return tuple(block for block in _candidates(contents) if block and block.holds(contents))


def repaired(contents: bytes, original: bytes, guarded: tuple[Block, ...]) -> bytes:
    """Changed contents with right checksums.

    guarded: the blocks of the original, which lie where they lay.
    """
    result = bytearray(contents)
    for block in guarded:
        changed = result[block.start : block.end] != original[block.start : block.end]
        if changed and block.end <= len(result):
            struct.pack_into("<I", result, block.checksum, block.computed(result))
    return bytes(result)


def with_end_of_file(contents: bytes) -> bytes:
    """Contents of another length than they had, whose superblock says so."""
    result = bytearray(contents)
    if len(result) < 48 or not result.startswith(SIGNATURE):
        return contents
    version = result[8]
    if version > 3:
        return contents
    struct.pack_into("<Q", result, {0: 40, 1: 44}.get(version, 28), len(result))
    return repaired(bytes(result), contents, (_SUPERBLOCK,)) if version >= 2 else bytes(result)


def _candidates(contents: bytes) -> Iterator[Block | None]:
    if contents.startswith(SIGNATURE) and contents[8] in (2, 3):
        yield _SUPERBLOCK
    for match in _HEADER.finditer(contents):
        yield _header(contents, match.start())
    for match in _DIRECT.finditer(contents):
        yield _direct(contents, match.start())
    for match in _TRAILED.finditer(contents):
        yield _trailed(contents, match.start())


def _header(contents: bytes, start: int) -> Block | None:
    flags = contents[start + 5]
    at = start + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    end = at + width + int.from_bytes(contents[at : at + width], "little")
    return Block(start, end + 4 - start, end) if end + 4 <= len(contents) else None


def _direct(contents: bytes, start: int) -> Block | None:
    # Before the checksum is the offset within the heap: 4 bytes where it keeps links, 5 for attributes.
    tried = (
        Block(start, size, start + 13 + width) for width in (4, 5) for size in (512, 1024, 2048, 4096, 8192)
    )
    return next((block for block in tried if block.holds(contents)), None)


def _trailed(contents: bytes, start: int) -> Block | None:
    """By the one length at which the checksum is right."""
    for longest in (512, _LONGEST):
        data = contents[start : start + longest + 4]
        if len(data) < 10:
            return None
        lengths = np.arange(6, len(data) - 3)
        following = np.lib.stride_tricks.sliding_window_view(np.frombuffer(data, np.uint8), 4)[6:]
        stored = (following.astype(np.uint32) << np.array([0, 8, 16, 24], np.uint32)).sum(1, dtype=np.uint32)
        found = np.flatnonzero(lookup3_of_prefixes(data, lengths) == stored)
        if len(found):
            length = int(lengths[found[0]])
            return Block(start, length + 4, start + length)
    return None

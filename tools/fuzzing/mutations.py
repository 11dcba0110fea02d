"""The ways in which a file is damaged."""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from .checksums import repaired, with_end_of_file
from .seeds import Seed

_BYTES = (0, 1, 0x7F, 0x80, 0xFF)


@dataclass(frozen=True)
class Mutant:
    """kind: flips, word, run, splice, shift or truncation.   changes: what was done, in words."""

    seed: Seed
    kind: str
    changes: str
    contents: bytes

    @property
    def description(self) -> str:
        """What was done to what, so that it can be done again."""
        return f"{self.seed.name}: {self.changes}"


def mutant(seed: Seed, others: Sequence[Seed], randomness: random.Random) -> Mutant:
    """One damaged copy; others are where pieces may come from."""
    kinds = {"flips": 40, "word": 20, "run": 15, "splice": 10, "truncation": 10, "shift": 5}
    kind = randomness.choices(list(kinds), list(kinds.values()))[0]
    if kind in ("truncation", "shift"):
        contents, changes = (_truncated if kind == "truncation" else _shifted)(seed, randomness)
        if randomness.random() < 0.75:
            contents, changes = with_end_of_file(contents), changes + ", size repaired"
    else:
        contents, changes = _overwritten(seed, others, kind, randomness)
        if seed.guarded and randomness.random() < 0.9:
            contents, changes = (
                repaired(contents, seed.contents, seed.guarded),
                changes + ", checksums repaired",
            )
    return Mutant(seed, kind, changes, contents)


def _place(seed: Seed, randomness: random.Random) -> int:
    """In or near a structure, in the numbers, seldom anywhere."""
    draw = randomness.random()
    if draw < 0.35:
        place = randomness.choice(seed.headers) + randomness.randrange(320)
    elif draw < 0.55:
        place = randomness.choice(seed.named) + randomness.randrange(-64, 384)
    elif draw < 0.9 and seed.numbers:
        place = randomness.randrange(*randomness.choice(seed.numbers))
    else:
        place = randomness.randrange(len(seed.contents))
    return min(max(place, 0), len(seed.contents) - 1)


def _overwritten(
    seed: Seed, others: Sequence[Seed], kind: str, randomness: random.Random
) -> tuple[bytes, str]:
    result = bytearray(seed.contents)
    changes = []
    for _ in range(randomness.randint(1, 4) if kind == "flips" else 1):
        place = _place(seed, randomness)
        if kind == "flips":
            new = bytes([randomness.choice([*_BYTES, *[result[place] ^ 1 << randomness.randrange(8)] * 3])])
        elif kind == "word":
            new = _word(seed, result, place, randomness)
        elif kind == "run":
            length = randomness.randint(2, 64)
            new = randomness.choice([bytes(length), b"\xff" * length, randomness.randbytes(length)])
        else:
            source = randomness.choice([seed, randomness.choice(others)])
            start, length = _place(source, randomness), randomness.randint(4, 512)
            new = source.contents[start : start + length]
        new = new[: len(result) - place]
        result[place : place + len(new)] = new
        changes.append(f"{place}={new[:8].hex()}" + (f"… ({len(new)} bytes)" if len(new) > 8 else ""))
    return bytes(result), " ".join(changes)


def _word(seed: Seed, contents: bytearray, place: int, randomness: random.Random) -> bytes:
    """An integer where there may be one: an extreme, a neighbour, or an address of something else."""
    width = randomness.choice([2, 4, 8, 8])
    old = int.from_bytes(contents[place : place + width], "little")
    new = randomness.choice(
        [
            0,
            1,
            old + 1,
            old - 1,
            old * 2,
            1 << (8 * width - 1),
            (1 << (8 * width)) - 1,
            (1 << (8 * width - 1)) - 1,
            len(contents),
            place,
            randomness.choice(seed.headers),
            randomness.choice(seed.named),
        ]
    )
    return struct.pack("<Q", new % (1 << 64))[:width]


def _truncated(seed: Seed, randomness: random.Random) -> tuple[bytes, str]:
    length = randomness.randrange(len(seed.contents))
    return seed.contents[:length], f"cut to {length} bytes"


def _shifted(seed: Seed, randomness: random.Random) -> tuple[bytes, str]:
    place, length = _place(seed, randomness), randomness.randint(1, 64)
    before, after = seed.contents[:place], seed.contents[place:]
    if randomness.random() < 0.5:
        return before + after[length:], f"{length} bytes removed at {place}"
    return before + randomness.randbytes(length) + after, f"{length} bytes inserted at {place}"

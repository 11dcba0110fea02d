"""The checksum of HDF5's metadata: Bob Jenkins's lookup3, with an initial value of 0."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint32]

_ALL = 0xFFFFFFFF
# Of a, b and c: which is changed, by which other, turned by how many bits, and which is added to the other.
_MIX = ((0, 2, 4, 1), (1, 0, 6, 2), (2, 1, 8, 0), (0, 2, 16, 1), (1, 0, 19, 2), (2, 1, 4, 0))
_FINAL = ((2, 1, 14), (0, 2, 11), (1, 0, 25), (2, 1, 16), (0, 2, 4), (1, 0, 14), (2, 1, 24))


def lookup3(data: bytes) -> int:
    """The checksum of some bytes."""
    state = [(0xDEADBEEF + len(data)) & _ALL] * 3
    if not data:
        return state[2]
    words = struct.unpack(f"<{(len(data) + 11) // 12 * 3}I", data + bytes(-len(data) % 12))
    for at in range(0, len(words) - 3, 3):
        for index in range(3):
            state[index] = (state[index] + words[at + index]) & _ALL
        for target, other, bits, added in _MIX:
            turned = (state[other] << bits | state[other] >> (32 - bits)) & _ALL
            state[target] = ((state[target] - state[other]) & _ALL) ^ turned
            state[other] = (state[other] + state[added]) & _ALL
    for index in range(3):
        state[index] = (state[index] + words[len(words) - 3 + index]) & _ALL
    for target, other, bits in _FINAL:
        turned = (state[other] << bits | state[other] >> (32 - bits)) & _ALL
        state[target] = ((state[target] ^ state[other]) - turned) & _ALL
    return state[2]


def lookup3_of_prefixes(data: bytes, lengths: npt.NDArray[np.int64]) -> Words:
    """The checksums of the first so many bytes, for each of the lengths, ascending."""
    words = np.frombuffer(data + bytes(-len(data) % 12 + 12), "<u4").reshape(-1, 3)
    state = [(np.uint32(0xDEADBEEF) + lengths.astype(np.uint32)) for _ in range(3)]
    # The last block has 1 to 12 bytes; no length has none.
    blocks = np.maximum(lengths - 1, 0) // 12
    for block in range(int(blocks[-1]) if len(blocks) else 0):
        # Those whose last block comes later.
        active = int(np.searchsorted(blocks, block, side="right"))
        lanes = [values[active:] for values in state]
        for values, word in zip(lanes, words[block]):
            values += word
        for target, other, bits, added in _MIX:
            lanes[target] -= lanes[other]
            lanes[target] ^= _rotated(lanes[other], bits)
            lanes[other] += lanes[added]
    remaining = (lengths - 12 * blocks)[:, None] - np.array([0, 4, 8])
    masks = (np.uint64(1) << (8 * np.clip(remaining, 0, 4)).astype(np.uint64)) - np.uint64(1)
    last = words[blocks] & masks.astype(np.uint32)
    for index in range(3):
        state[index] += last[:, index]
    for target, other, bits in _FINAL:
        state[target] ^= state[other]
        state[target] -= _rotated(state[other], bits)
    return np.where(lengths == 0, np.uint32(0xDEADBEEF), state[2])


def _rotated(values: Words, bits: int) -> Any:
    return values << np.uint32(bits) | values >> np.uint32(32 - bits)

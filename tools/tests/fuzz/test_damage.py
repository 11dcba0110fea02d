"""That damage gets past checksums, is the same each time, and is done to files of every layout."""

from __future__ import annotations

import random
from pathlib import Path

import h5py
import numpy as np
import pytest
from fuzzing.checksums import blocks, repaired, with_end_of_file
from fuzzing.contents import Contents
from fuzzing.differences import compare
from fuzzing.layouts import LAYOUTS, Layout, rewrite
from fuzzing.lookup3 import lookup3, lookup3_of_prefixes
from fuzzing.mutations import mutant
from fuzzing.power import Power
from fuzzing.seeds import read_seed

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "Fixtures"
POWER = Power.read(ROOT / "Documentation" / "power.md")
LAYOUT = {layout.name: layout for layout in LAYOUTS}


def test_checksum_is_that_of_its_author() -> None:
    """The values that lookup3.c itself names."""
    assert lookup3(b"") == 0xDEADBEEF
    assert lookup3(b"Four score and seven years ago") == 0x17770551


def test_checksums_of_all_prefixes_are_those_of_each() -> None:
    data = random.Random(1).randbytes(60)
    expected = [lookup3(data[:length]) for length in range(61)]
    assert lookup3_of_prefixes(data, np.arange(61)).tolist() == expected


@pytest.mark.parametrize("name", ["latest", "latest-deflate", "latest-indexed"])
def test_everything_that_has_a_checksum_is_found(tmp_path: Path, name: str) -> None:
    """Every named structure of the newer layouts, and the superblock."""
    rewrite(FIXTURES / "tagger.h5", tmp_path / "a.h5", LAYOUT[name])
    contents = (tmp_path / "a.h5").read_bytes()
    found = [contents[block.start : block.start + 4] for block in blocks(contents)]
    for signature in (
        b"OHDR",
        b"OCHK",
        b"FAHD",
        b"FADB",
        b"BTHD",
        b"BTLF",
        b"FRHP",
        b"FHDB",
        b"FSHD",
        b"FSSE",
    ):
        assert found.count(signature) == contents.count(signature), signature
    assert found.count(b"\x89HDF") == 1


def test_damage_is_read_only_where_its_checksum_is_repaired(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    rewrite(FIXTURES / "simplernn-tanh.h5", path, LAYOUT["latest"])
    contents = path.read_bytes()
    changed = contents.replace(b"rnn-parity-fixture", b"rnn-parity-fixtura")
    path.write_bytes(changed)
    assert "@format" not in Contents.read(path).attributes
    path.write_bytes(repaired(changed, contents, blocks(contents)))
    assert Contents.read(path).attributes["@format"] == "'rnn-parity-fixtura'"


@pytest.mark.parametrize("name", ["earliest", "latest"])
def test_longer_file_is_read_only_where_its_size_is_repaired(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.h5"
    rewrite(FIXTURES / "simplernn-tanh.h5", path, LAYOUT[name])
    whole = path.read_bytes()
    path.write_bytes(whole[:-16])
    with pytest.raises(OSError, match="truncated"):
        Contents.read(path)
    path.write_bytes(with_end_of_file(whole[:-16]))
    assert "references" in h5py.File(path, "r")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("name", ["tagger.h5", "stackedbigru-ragged.h5"])
def test_another_layout_means_the_same(tmp_path: Path, name: str, layout: Layout) -> None:
    rewrite(FIXTURES / name, tmp_path / name, layout)
    old, new = Contents.read(FIXTURES / name), Contents.read(tmp_path / name)
    assert compare(old, new, POWER, 1.0).is_none


def test_equal_randomness_damages_alike(tmp_path: Path) -> None:
    seed = read_seed("a", FIXTURES / "bilstm.h5")
    first, second = (
        [mutant(seed, [seed], randomness).contents for _ in range(50)]
        for randomness in (random.Random(3), random.Random(3))
    )
    assert first == second and len(set(first)) > 45

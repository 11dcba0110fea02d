"""What needs no framework of a conversion: recognition, the files that are written, and the command."""

import json
import struct
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from rnn_parity.command import main
from rnn_parity.converting import ConversionError, convert
from rnn_parity.converting.source_format import source_format
from rnn_parity.converting.tensor import Tensor
from rnn_parity.converting.tensor_files import write_flat_hdf5, write_safetensors

WEIGHTS = Path(__file__).parents[3] / "Fixtures" / "weights"


def files_of(*formats):
    described = [json.loads(path.read_text()) for path in sorted(WEIGHTS.glob("*.json"))]
    return [one for one in described if one["format"] in formats]


@pytest.mark.parametrize(
    "description",
    files_of("keras-archive", "pytorch-state-dict", "pytorch-module", "torchscript", "onnx"),
    ids=lambda one: one["file"],
)
def test_a_framework_s_file_is_recognised_whatever_it_is_called(description, tmp_path):
    nameless = tmp_path / "model"
    nameless.write_bytes((WEIGHTS / description["file"]).read_bytes())
    recognised = source_format(nameless)
    assert recognised == {
        "keras-archive": "keras",
        "pytorch-state-dict": "pytorch",
        "pytorch-module": "pytorch",
    }.get(description["format"], description["format"])


@pytest.mark.parametrize("name, found", [("keras-lstm.h5", "HDF5"), ("mlx-gru.safetensors", "safetensors")])
def test_what_the_program_reads_itself_is_not_converted(name, found, tmp_path):
    with pytest.raises(ConversionError, match=f"found an? {found} file, which parity reads as it is"):
        convert(WEIGHTS / name, tmp_path / "out.h5")


@pytest.mark.parametrize("contents", [b"", b"PK\x03\x04", b"what is this?", b"\x80\x02}q\x00."])
def test_what_is_no_weight_file_is_refused(contents, tmp_path):
    unknown = tmp_path / "model.pt"
    unknown.write_bytes(contents)
    with pytest.raises(ConversionError, match="expected a .keras, .pt, .pth or .onnx file"):
        convert(unknown, tmp_path / "out.h5")
    assert [path.name for path in tmp_path.iterdir()] == ["model.pt"]


def read_safetensors(path):
    contents = path.read_bytes()
    (length,) = struct.unpack("<Q", contents[:8])
    assert length % 8 == 0
    header = json.loads(contents[8 : 8 + length])
    return header, contents[8 + length :]


def some_tensors():
    values = np.arange(6, dtype=np.float32).reshape(2, 3) / 7
    return values, {
        "rnn.weight": Tensor.of(values),
        "rnn.bias": Tensor("BF16", (2,), struct.pack("<2H", 0x3F80, 0xC049)),
        "rnn.wide": Tensor.of(np.array([np.pi])),
        "scalar": Tensor("BOOL", (), b"\x01"),
    }


def test_safetensors_hold_every_tensor_aligned_and_without_gaps(tmp_path):
    values, tensors = some_tensors()
    write_safetensors(tmp_path / "a.safetensors", tensors, {"format": "pt"})
    header, data = read_safetensors(tmp_path / "a.safetensors")
    assert header.pop("__metadata__") == {"format": "pt"}
    places = sorted(entry["data_offsets"] for entry in header.values())
    assert [start for start, _ in places] == [0, *(end for _, end in places[:-1])]
    assert places[-1][1] == len(data)
    widths = {"F64": 8, "F32": 4, "BF16": 2, "BOOL": 1}
    assert all(entry["data_offsets"][0] % widths[entry["dtype"]] == 0 for entry in header.values())
    start, end = header["rnn.weight"]["data_offsets"]
    assert header["rnn.weight"]["shape"] == [2, 3]
    assert np.array_equal(np.frombuffer(data[start:end], "<f4").reshape(2, 3), values)


def test_hdf5_holds_every_tensor_under_its_key(tmp_path):
    values, tensors = some_tensors()
    tensors["lstm/constant"] = Tensor.of(values)
    write_flat_hdf5(tmp_path / "a.h5", tensors, {"format": "onnx"})
    with h5py.File(tmp_path / "a.h5") as file:
        assert file.attrs["format"].decode() == "onnx"
        assert np.array_equal(file["rnn.weight"][()], values)
        assert np.array_equal(file["lstm/constant"][()], values)
        assert file["rnn.bias"].dtype == np.float32 and file["rnn.bias"][()].tolist() == [1.0, -3.140625]
        assert file["scalar"][()]


@pytest.mark.parametrize("names", [("a", "a/b"), ("a//b",), ("/a",), ("",), ("a/./b",)])
def test_names_that_hdf5_cannot_keep_are_refused_and_nothing_is_written(names, tmp_path):
    tensor = Tensor.of(np.zeros(1, np.float32))
    with pytest.raises(ConversionError, match="or a target in .safetensors"):
        write_flat_hdf5(tmp_path / "a.h5", dict.fromkeys(names, tensor), {})
    assert list(tmp_path.iterdir()) == []


def test_the_weights_of_a_keras_archive_are_those_in_it(tmp_path, capsys):
    source = WEIGHTS / "keras-archive.keras"
    assert main(["convert", str(source), str(tmp_path / "a.weights.h5")]) == 0
    assert (tmp_path / "a.weights.h5").read_bytes() == zipfile.ZipFile(source).read("model.weights.h5")
    said = capsys.readouterr().out
    assert "not carried over: the configuration of the model" in said


def test_a_damaged_keras_archive_leaves_what_was_there(tmp_path, capsys):
    contents = bytearray((WEIGHTS / "keras-archive.keras").read_bytes())
    contents[len(contents) // 2] ^= 0xFF
    damaged, target = tmp_path / "damaged.keras", tmp_path / "a.weights.h5"
    damaged.write_bytes(contents)
    target.write_bytes(b"as it was")
    assert main(["convert", str(damaged), str(target)]) == 2
    assert "expected a whole archive" in capsys.readouterr().err
    assert target.read_bytes() == b"as it was" and len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "name, target, said",
    [
        ("keras-archive.keras", "a.safetensors", r"a name in .weights.h5 or .h5 for keras-archive.keras"),
        ("pytorch-state-dict.pt", "a.npz", "a name in .safetensors or .h5 for pytorch-state-dict.pt"),
        ("onnx-tagger.onnx", "a", "found no ending"),
        ("missing.pt", "a.h5", "No such file"),
    ],
)
def test_a_conversion_that_is_none_says_what_would_be(name, target, said, tmp_path, capsys):
    assert main(["convert", str(WEIGHTS / name), str(tmp_path / target)]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [[], ["convert"], ["convert", "a.pt"], ["transform", "a.pt", "b.h5"]])
def test_a_wrong_command_line_exits_with_64(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 64
    assert "usage: python -m rnn_parity" in capsys.readouterr().err

"""Conversions by the libraries that the files belong to. Runs with those that are installed."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from rnn_parity.command import main
from rnn_parity.converting import ConversionError, convert

WEIGHTS = Path(__file__).parents[3] / "Fixtures" / "weights"


def same_file(first, second):
    return first.read_bytes() == second.read_bytes()


def arrays_of(file):
    """Bytes by the last name: the names of variables' scopes differ between backends."""
    arrays = {}
    file.visititems(
        lambda path, item: arrays.update(
            {path.split("/")[-1]: item[()].tobytes()} if hasattr(item, "shape") else {}
        )
    )
    return arrays


class TestPyTorch:
    torch = pytest.importorskip("torch")

    @pytest.mark.parametrize(
        "source, same", [("pytorch-state-dict.pt", "pytorch-tagger"), ("pytorch-script.pt", "pytorch-last")]
    )
    def test_safetensors_are_to_the_byte_what_their_library_writes(self, source, same, tmp_path):
        convert(WEIGHTS / source, tmp_path / "a.safetensors")
        assert same_file(tmp_path / "a.safetensors", WEIGHTS / f"{same}.safetensors")

    def test_every_format_is_kept(self, tmp_path):
        torch = self.torch
        kept = {
            str(dtype): torch.arange(6).reshape(2, 3).to(dtype).T
            for dtype in (
                torch.float64,
                torch.float32,
                torch.float16,
                torch.bfloat16,
                torch.int64,
                torch.bool,
            )
        }
        torch.save({**kept, "step": torch.tensor(3)}, tmp_path / "a.pt")
        convert(tmp_path / "a.pt", tmp_path / "a.h5")
        with h5py.File(tmp_path / "a.h5") as file:
            for name, tensor in kept.items():
                assert np.array_equal(file[name][()], tensor.to(torch.float64).numpy())
            assert file["step"][()] == 3

    def test_files_from_before_archives_are_read(self, tmp_path):
        torch = self.torch
        state = torch.nn.GRU(2, 3).state_dict()
        torch.save(state, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
        assert main(["convert", str(tmp_path / "old.pth"), str(tmp_path / "a.h5")]) == 0

    def test_a_pickled_module_is_not_run_and_the_cure_is_said(self, tmp_path):
        said = r"torch.save\(model.state_dict\(\), .*found a pickle that runs code when it is read: rnn_"
        with pytest.raises(ConversionError, match=said):
            convert(WEIGHTS / "pytorch-module.pt", tmp_path / "a.h5")
        assert list(tmp_path.iterdir()) == []

    def test_the_state_dict_of_a_checkpoint_is_found_and_the_rest_is_said(self, tmp_path):
        torch = self.torch
        state = torch.nn.RNN(2, 3).state_dict()
        torch.save({"epoch": 3, "model": state}, tmp_path / "a.pt")
        done = convert(tmp_path / "a.pt", tmp_path / "a.h5")
        assert done.left_out == ("epoch: int",)

    def test_of_two_state_dicts_one_has_to_be_named(self, tmp_path):
        torch = self.torch
        first, second = torch.nn.RNN(2, 3).state_dict(), torch.nn.RNN(2, 3).state_dict()
        torch.save({"model": first, "ema": second}, tmp_path / "a.pt")
        with pytest.raises(ConversionError, match="key, which names one of several; found model, ema"):
            convert(tmp_path / "a.pt", tmp_path / "a.h5")
        assert convert(tmp_path / "a.pt", tmp_path / "a.h5", key="ema").left_out == ("model: OrderedDict",)
        with h5py.File(tmp_path / "a.h5") as file:
            assert np.array_equal(file["weight_ih_l0"][()], second["weight_ih_l0"].numpy())

    def test_what_no_format_has_words_for_is_said(self, tmp_path):
        torch = self.torch
        torch.save({"a": torch.ones(2), "b": torch.ones(2, dtype=torch.complex64)}, tmp_path / "a.pt")
        done = convert(tmp_path / "a.pt", tmp_path / "a.safetensors")
        assert done.left_out == ("b: a tensor of complex64",)


class TestONNX:
    onnx = pytest.importorskip("onnx")

    @pytest.mark.parametrize("ending", ["h5", "safetensors"])
    def test_nodes_keep_their_tensors_and_attributes(self, ending, tmp_path):
        done = convert(WEIGHTS / "onnx-options.onnx", tmp_path / f"a.{ending}")
        assert any("MatMul" in one for one in done.left_out)
        if ending == "h5":
            with h5py.File(tmp_path / "a.h5") as file:
                nodes = json.loads(file.attrs["nodes"])
                shapes = {name: dataset.shape for name, dataset in file.items()}
        else:
            contents = (tmp_path / "a.safetensors").read_bytes()
            header = json.loads(contents[8 : 8 + int.from_bytes(contents[:8], "little")])
            nodes = json.loads(header.pop("__metadata__")["nodes"])
            shapes = {name: tuple(entry["shape"]) for name, entry in header.items()}
        assert [node["name"] for node in nodes] == ["lower.lstm", "middle.gru", "upper.rnn"]
        assert nodes[0] == {"name": "lower.lstm", "op_type": "LSTM", "clip": 0.75, "hidden_size": 4}
        assert nodes[1]["activations"] == ["HardSigmoid", "LeakyRelu", "Sigmoid", "Softsign"]
        assert nodes[1]["linear_before_reset"] == 1 and nodes[2]["direction"] == "reverse"
        assert shapes["lower.lstm.P"] == (1, 12) and shapes["middle.gru.R"] == (2, 9, 3)
        assert "upper.rnn.B" not in shapes and shapes["head"] == (2, 2)

    def test_a_model_without_recurrent_nodes_is_refused(self, tmp_path):
        helper, kind = self.onnx.helper, self.onnx.TensorProto.FLOAT
        ends = [helper.make_tensor_value_info(name, kind, [1]) for name in "xy"]
        graph = helper.make_graph([helper.make_node("Tanh", ["x"], ["y"])], "g", ends[:1], ends[1:])
        self.onnx.save(helper.make_model(graph), tmp_path / "a.onnx")
        with pytest.raises(ConversionError, match="expected RNN, GRU or LSTM nodes; found Tanh"):
            convert(tmp_path / "a.onnx", tmp_path / "a.h5")

    def test_a_damaged_model_is_refused(self, tmp_path):
        contents = (WEIGHTS / "onnx-options.onnx").read_bytes()
        (tmp_path / "a.onnx").write_bytes(contents[: len(contents) // 2])
        with pytest.raises(ConversionError, match="expected an ONNX model"):
            convert(tmp_path / "a.onnx", tmp_path / "a.h5")


class TestKeras:
    keras = pytest.importorskip("keras")

    def test_the_whole_model_keeps_configuration_and_weights(self, tmp_path):
        convert(WEIGHTS / "keras-archive.keras", tmp_path / "a.h5")
        with h5py.File(tmp_path / "a.h5") as file, h5py.File(WEIGHTS / "keras-gru-reset-before.h5") as same:
            layers = json.loads(file.attrs["model_config"])["config"]["layers"]
            assert layers[1]["config"]["recurrent_activation"] == "hard_sigmoid"
            assert arrays_of(file) == arrays_of(same)

    def test_a_model_of_unknown_classes_is_refused_with_what_takes_none(self, tmp_path):
        import zipfile

        source = WEIGHTS / "keras-archive.keras"
        with zipfile.ZipFile(source) as archive, zipfile.ZipFile(tmp_path / "a.keras", "w") as changed:
            for name in archive.namelist():
                contents = archive.read(name)
                if name == "config.json":
                    contents = contents.replace(b'"class_name": "GRU"', b'"class_name": "MyGRU"')
                changed.writestr(name, contents)
        with pytest.raises(ConversionError, match="Keras's own classes, or a target in .weights.h5"):
            convert(tmp_path / "a.keras", tmp_path / "a.h5")
        convert(tmp_path / "a.keras", tmp_path / "a.weights.h5")

"""What PyTorch users keep: a state_dict as .safetensors, or what PyTorch itself writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from rnn_parity import Case, record_onnx
from torch import nn

from ..without_gradients import record_pytorch
from .stable_archive import make_stable
from .weight_file import BATCH, INPUT, STEPS, Answers, WeightFile, draw_all, draw_input


class Tagger(nn.Module):
    """A stacked bidirectional LSTM behind prefixes, and a dense head: (B, T, 3) to (B, T, 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.ModuleDict({"lstm": nn.LSTM(INPUT, 3, 2, bidirectional=True, batch_first=True)})
        self.head = nn.Linear(6, 2)

    def forward(self, sequence: torch.Tensor) -> torch.Tensor:
        """(B, T, 3) to (B, T, 2)."""
        return self.head(self.encoder["lstm"](sequence)[0])


class Last(nn.Module):
    """A GRU and a dense head on its last state: (B, T, 3) to (B, 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(INPUT, 4, batch_first=True)
        self.head = nn.Linear(4, 2)

    def forward(self, sequence: torch.Tensor) -> torch.Tensor:
        """(B, T, 3) to (B, 2)."""
        return self.head(self.gru(sequence)[0][:, -1])


class Unlike(nn.Module):
    """Two layers whose names are not in the order of the data flow: (B, T, 3) to (B, T, 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.decoder = nn.GRU(4, 2, batch_first=True)
        self.encoder = nn.LSTM(INPUT, 4, batch_first=True)

    def forward(self, sequence: torch.Tensor) -> torch.Tensor:
        """(B, T, 3) to (B, T, 2)."""
        return self.decoder(self.encoder(sequence)[0])[0]


class Loop(nn.Module):
    """An LSTM cell called once a step: (B, T, 3) to (B, T, 4)."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(INPUT, 4)

    def forward(self, sequence: torch.Tensor) -> torch.Tensor:
        """(B, T, 3) to (B, T, 4)."""
        h, c = self.cell(sequence[:, 0])
        outputs = [h]
        for step in range(1, sequence.shape[1]):
            h, c = self.cell(sequence[:, step], (h, c))
            outputs.append(h)
        return torch.stack(outputs, dim=1)


def files() -> list[WeightFile]:
    """Each option of the modules, and each way to keep them."""
    return [
        _safetensors("pytorch-rnn-relu", "An nn.RNN with relu.", _relu),
        _safetensors("pytorch-lstm", "An nn.LSTM.", lambda: nn.LSTM(INPUT, 4, batch_first=True)),
        _safetensors(
            "pytorch-gru-without-biases",
            "An nn.GRU of two layers without biases.",
            lambda: nn.GRU(INPUT, 4, 2, bias=False, batch_first=True),
        ),
        _safetensors(
            "pytorch-lstm-projected",
            "A bidirectional nn.LSTM whose states are projected.",
            lambda: nn.LSTM(INPUT, 4, proj_size=2, bidirectional=True, batch_first=True),
        ),
        _safetensors("pytorch-tagger", "Two bidirectional layers behind prefixes, and a dense head.", Tagger),
        _safetensors("pytorch-last", "A GRU, and a dense head on its last state.", Last),
        _safetensors(
            "pytorch-unlike", "A GRU that reads an LSTM, in the opposite of the names' order.", Unlike
        ),
        _safetensors("pytorch-cell", "An nn.LSTMCell.", Loop),
        _safetensors(
            "pytorch-gru-float64",
            "An nn.GRU in Float64.",
            lambda: nn.GRU(INPUT, 4, batch_first=True),
            torch.float64,
        ),
        _safetensors(
            "pytorch-gru-bfloat16",
            "An nn.GRU in bfloat16.",
            lambda: nn.GRU(INPUT, 4, batch_first=True),
            torch.bfloat16,
        ),
        _saved("pytorch-state-dict", "pytorch-state-dict", "The state_dict of pytorch-tagger.", _state_dict),
        _saved("pytorch-module", "pytorch-module", "The whole module of pytorch-last, pickled.", torch.save),
        _saved("pytorch-script", "torchscript", "The TorchScript of pytorch-last.", _script),
        WeightFile("onnx-tagger", ".onnx", "onnx", "pytorch-tagger, as PyTorch exports it.", _exported),
        WeightFile("onnx-options", ".onnx", "onnx", "Other activations, clip and peepholes.", _options),
    ]


def _relu() -> nn.Module:
    return nn.RNN(INPUT, 4, nonlinearity="relu", batch_first=True)


def _drawn(module: nn.Module, dtype: torch.dtype = torch.float32) -> nn.Module:
    with torch.no_grad():
        drawn = draw_all(tuple(parameter.shape) for parameter in module.parameters())
        for parameter, values in zip(module.parameters(), drawn):
            parameter.copy_(torch.tensor(values))
    return module.eval().to(dtype)


def _answers(module: nn.Module) -> Answers:
    dtype = next(module.parameters()).dtype
    case = record_pytorch(module, torch.tensor(draw_input()).to(dtype), spread=0)
    return Answers(case, {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()})


def _safetensors(
    name: str, description: str, build: Callable[[], nn.Module], dtype: torch.dtype = torch.float32
) -> WeightFile:
    def save(path: Path) -> Answers:
        from safetensors.torch import save_file

        module = _drawn(build(), dtype)
        save_file(module.state_dict(), path, metadata={"format": "pt"})
        return _answers(module)

    return WeightFile(name, ".safetensors", "safetensors", description, save)


def _saved(name: str, kind: str, description: str, write: Callable[[nn.Module, Path], None]) -> WeightFile:
    def save(path: Path) -> Answers:
        module = _drawn(Tagger() if kind == "pytorch-state-dict" else Last())
        write(module, path)
        return _answers(module)

    return WeightFile(name, ".pt", kind, description, save)


def _state_dict(module: nn.Module, path: Path) -> None:
    torch.save(module.state_dict(), path)


def _script(module: nn.Module, path: Path) -> None:
    torch.jit.trace(module, torch.zeros(BATCH, STEPS, INPUT)).save(str(path))
    make_stable(path)


def _exported(path: Path) -> Answers:
    # The exporter that needs no other package.
    names = {"input_names": ["sequence"], "output_names": ["scores"]}
    module = _drawn(Tagger())
    torch.onnx.export(module, (torch.zeros(BATCH, STEPS, INPUT),), path, dynamo=False, **names)
    return _of_onnx(path, record_onnx(path, {"sequence": draw_input()}, spread=0))


def _options(path: Path) -> Answers:
    """An LSTM with peepholes that clips, a GRU of leaky halves, an RNN that runs backward, and a product."""
    import numpy as np
    import onnx
    from onnx import helper, numpy_helper

    shapes = {
        "lstm_W": (1, 16, INPUT),
        "lstm_R": (1, 16, 4),
        "lstm_B": (1, 32),
        "lstm_P": (1, 12),
        "gru_W": (2, 9, 4),
        "gru_R": (2, 9, 3),
        "gru_B": (2, 18),
        "rnn_W": (1, 2, 6),
        "rnn_R": (1, 2, 2),
        "head": (2, 2),
    }
    drawn = dict(zip(shapes, draw_all((shape[-1], *shape[:-1]) for shape in shapes.values())))
    weights = [
        numpy_helper.from_array(np.moveaxis(values, 0, -1).copy(), name) for name, values in drawn.items()
    ]
    weights.append(numpy_helper.from_array(np.array([1], np.int64), "one"))
    weights.append(numpy_helper.from_array(np.array([0, 0, -1], np.int64), "halves"))
    nodes = [
        helper.make_node(
            "LSTM",
            ["sequence", "lstm_W", "lstm_R", "lstm_B", "", "", "", "lstm_P"],
            ["lstm_Y"],
            name="/lower/lstm/LSTM",
            hidden_size=4,
            clip=0.75,
        ),
        helper.make_node("Squeeze", ["lstm_Y", "one"], ["lower"]),
        helper.make_node(
            "GRU",
            ["lower", "gru_W", "gru_R", "gru_B"],
            ["gru_Y"],
            name="/middle/gru/GRU",
            hidden_size=3,
            direction="bidirectional",
            linear_before_reset=1,
            activations=["HardSigmoid", "LeakyRelu", "Sigmoid", "Softsign"],
            activation_alpha=[0.2, 0.125],
            activation_beta=[0.5],
        ),
        helper.make_node("Transpose", ["gru_Y"], ["sides"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["sides", "halves"], ["middle"]),
        helper.make_node(
            "RNN",
            ["middle", "rnn_W", "rnn_R"],
            ["rnn_Y"],
            name="/upper/rnn/RNN",
            hidden_size=2,
            direction="reverse",
            activations=["Relu"],
        ),
        helper.make_node("Squeeze", ["rnn_Y", "one"], ["upper"]),
        helper.make_node("MatMul", ["upper", "head"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "options",
        [helper.make_tensor_value_info("sequence", onnx.TensorProto.FLOAT, [STEPS, BATCH, INPUT])],
        [helper.make_tensor_value_info("scores", onnx.TensorProto.FLOAT, [STEPS, BATCH, 2])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)
    sequence = np.ascontiguousarray(draw_input().swapaxes(0, 1))
    return _of_onnx(path, record_onnx(path, {"sequence": sequence}, spread=0))


def _of_onnx(path: Path, case: Case) -> Answers:
    import onnx

    initializers: Any = onnx.load(path).graph.initializer
    return Answers(case, {one.name: tuple(one.dims) for one in initializers})

"""All of a model is accounted for, and all of it is left as it was."""

import dataclasses
import random

import numpy as np
import pytest
import torch
from torch import nn

from rnn_parity import Case, record_pytorch


class Seq2Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.GRU(3, 4, bidirectional=True)
        self.bridge = nn.Linear(8, 5)
        self.cell = nn.GRUCell(2, 5)
        self.head = nn.Linear(5, 2)
        self.spare = nn.LSTM(2, 2)

    def forward(self, x, steps=4):
        _, h = self.encoder(x)
        state = torch.tanh(self.bridge(torch.cat([h[0], h[1]], 1)))
        token = x.new_zeros(x.shape[1], 2)
        outputs = []
        for _ in range(steps):
            state = self.cell(token, state)
            token = self.head(state)
            outputs.append(token)
        return {"tokens": torch.stack(outputs), "ids": torch.stack(outputs).argmax(-1)}


@pytest.fixture
def x():
    torch.manual_seed(5)
    return torch.randn(7, 3, 3)


def test_an_encoder_and_decoder_with_a_computed_state(x, tmp_path):
    case = record_pytorch(Seq2Seq(), x, kwargs={"steps": 5}, path=tmp_path / "s.h5", spread=3)
    (reference,) = Case.load(tmp_path / "s.h5").references
    encoder, cell = reference.layers
    assert (encoder.extent, cell.extent) == ((7, 3), (5, 3))
    assert cell.passes["forward"].source == "computed" and encoder.passes["forward"].source is None
    spread = reference.model.spread
    assert set(spread.boundaries) == {
        "layers/0/input",
        "layers/1/input",
        "layers/1/forward/initial_state/h",
        "outputs/tokens",
        "outputs/ids",
    }
    assert spread.runs == 3 and spread.boundaries["outputs/ids"].moved is False
    assert 1e-9 < spread.boundaries["outputs/tokens"].whole < 1e-5
    assert reference.model.unused == ("spare",)
    # The head is called once a step beside a cell that is recorded.
    assert reference.model.repeated == ()
    assert "not called: spare" in case.summary()


def test_a_state_that_another_call_returned_is_carried(x):
    class Carries(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.LSTM(3, 4), nn.LSTM(3, 4)

        def forward(self, x):
            _, final = self.a(x)
            return self.b(x, final)[0]

    _, second = record_pytorch(Carries(), x, spread=1).references[0].layers
    assert second.passes["forward"].source == "carried"


def test_a_beam_that_reorders_is_one_stacked_layer(x):
    class Beam(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = nn.LSTMCell(3, 4)

        def forward(self, x):
            states = None
            for index, step in enumerate(x):
                h, c = self.cell(step, states)
                order = torch.arange(3) if index == 2 else torch.tensor([1, 2, 0])
                states = (h[order], c[order])
            return h

    (layer,) = record_pytorch(Beam(), x, spread=1).references[0].layers
    assert layer.extent == (1, 21)
    assert layer.calls.kind == "stacked" and layer.calls.sizes == (3,) * 7
    assert layer.passes["forward"].source == "computed"


def test_bidirectional_chunks_do_not_chain(x):
    class Chunks(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.RNN(3, 4, bidirectional=True)

        def forward(self, x):
            a, h = self.rnn(x[:3])
            b, _ = self.rnn(x[3:6], h)
            return torch.cat([a, b])

    (layer,) = record_pytorch(Chunks(), x, spread=1).references[0].layers
    assert layer.extent == (3, 6) and layer.calls.kind == "stacked"


def test_two_modules_of_the_same_weights_store_them_once(x):
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.LSTM(3, 3)

        def forward(self, x):
            once, _ = self.rnn(x)
            return self.rnn(once[:4])[0]

    first, second = record_pytorch(Tied(), x, spread=1).references[0].layers
    assert (first.weights_of, second.weights_of) == (None, 0)
    assert second.name == "rnn-2" and not second.passes["forward"].weights


def test_a_recurrence_written_by_hand_is_named(x):
    class Elman(nn.Module):
        def __init__(self):
            super().__init__()
            self.i, self.h = nn.Linear(3, 3), nn.Linear(3, 3)

        def forward(self, x, h):
            return torch.tanh(self.i(x) + self.h(h))

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru, self.elman = nn.GRU(3, 3), Elman()

        def forward(self, x):
            h = x.new_zeros(3, 3)
            for step in self.gru(x)[0]:
                h = self.elman(step, h)
            return h

    model = record_pytorch(Model(), x, spread=1).references[0].model
    assert [(one.path, one.class_name, one.calls) for one in model.repeated] == [("elman", "Elman", 7)]


def test_a_recurrence_of_linear_layers_is_named_beside_a_decoder_loop(x):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.read, self.carry = nn.Linear(3, 3), nn.Linear(3, 3)
            self.embedding, self.cell, self.head = nn.Embedding(4, 3), nn.GRUCell(3, 3), nn.Linear(3, 4)

        def forward(self, x):
            h = x.new_zeros(3, 3)
            for step in x:
                h = torch.tanh(self.read(step) + self.carry(h))
            tokens = [torch.zeros(3, dtype=torch.int64)]
            for _ in range(6):
                h = self.cell(self.embedding(tokens[-1]), h)
                tokens.append(self.head(h).argmax(-1))
            return h

    model = record_pytorch(Model(), x, spread=0).references[0].model
    assert {(one.path, one.calls) for one in model.repeated} == {("read", 7), ("carry", 7)}


class Everything(nn.Module):
    """Dropout, a buffer, an attribute and a gradient that wait."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.gru = nn.GRU(3, 4)
        self.drop = nn.Dropout(0.5)
        self.last = None

    def forward(self, x):
        random.random(), np.random.rand()
        x = self.drop(self.norm(x.transpose(1, 2)).transpose(1, 2))
        self.last, _ = self.gru(x)
        return self.last


def test_everything_is_left_as_it_was(x):
    model = Everything().train()
    pending = model(x).sum()
    handle = model.gru.register_forward_hook(lambda *_: None)
    last, buffers = model.last, {name: own.clone() for name, own in model.named_buffers()}
    hooks = dict(model.gru._forward_hooks)
    call, forward = nn.Module.__call__, nn.LSTM.forward
    states = (torch.random.get_rng_state(), random.getstate(), np.random.get_state()[1].copy())
    given = x.clone()
    record_pytorch(model, x, spread=3)
    assert torch.equal(torch.random.get_rng_state(), states[0])
    assert random.getstate() == states[1] and (np.random.get_state()[1] == states[2]).all()
    assert model.training and model.drop.training and model.last is last
    assert all(torch.equal(own, buffers[name]) for name, own in model.named_buffers())
    assert model.gru._forward_hooks == hooks and torch.equal(x, given)
    assert nn.Module.__call__ is call and nn.LSTM.forward is forward
    assert all(own.grad is None for own in model.parameters())
    pending.backward()
    handle.remove()


def test_a_failing_model_leaves_no_trace(x):
    class Fails(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = nn.GRU(3, 4)

        def forward(self, x):
            self.gru(x)
            raise RuntimeError("no")

    call = nn.Module.__call__
    with pytest.raises(RuntimeError, match="no"):
        record_pytorch(Fails(), x)
    assert nn.Module.__call__ is call


def test_the_same_run_gives_the_same_bytes(x, tmp_path):
    model = Seq2Seq()
    a, b = (record_pytorch(model, x, path=tmp_path / name, spread=2) and tmp_path / name for name in "ab")
    assert a.read_bytes() == b.read_bytes()


def test_a_pinned_run_reads_what_the_other_recorded(x):
    torch.manual_seed(1)

    class Stack(nn.Module):
        def __init__(self, gain):
            super().__init__()
            self.a, self.b = nn.LSTM(3, 4), nn.GRU(4, 4)
            self.gain = gain

        def forward(self, x):
            return self.b(self.a(x)[0] * self.gain)[0]

    first = Stack(1.0)
    other = record_pytorch(first, x, spread=2)
    second = Stack(1.0)
    case = record_pytorch(second, x, given=other, spread=2)
    a, b = case.references[0].layers
    theirs = other.references[0]
    # Downstream reads theirs; what is recorded of a layer is its own.
    assert np.array_equal(b.input, theirs.layers[0].output)
    assert not np.array_equal(a.output, theirs.layers[0].output)
    assert np.array_equal(case.references[0].model.outputs["output"], theirs.layers[1].output)
    assert case.references[0].model.spread.pinned == "pytorch of pytorch"


def test_a_pinned_decoder_reads_theirs_at_every_step(x):
    other = record_pytorch(Seq2Seq(), x, spread=0)
    case = record_pytorch(Seq2Seq(), x, given=other, spread=1)
    assert case.references[0].layers[1].extent == (4, 3)


def test_masks_and_integers_are_left_alone():
    class Masked(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = nn.GRU(3, 3)

        def forward(self, x, mask):
            scores = self.gru(x)[0] + (1 - mask) * torch.finfo(x.dtype).min
            return scores.softmax(0)

    torch.manual_seed(2)
    mask = torch.ones(5, 2, 1)
    mask[3:] = 0
    model = record_pytorch(Masked(), torch.randn(5, 2, 3), mask, spread=4).references[0].model
    assert model.spread.boundaries["outputs/output"].whole < 1e-6


def test_outputs_names_what_is_not_known(x):
    class Result:
        def __init__(self, logits):
            self.logits = logits

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = nn.GRU(3, 4)

        def forward(self, x):
            return Result(self.gru(x)[0])

    with pytest.raises(ValueError, match="outputs=.*Result"):
        record_pytorch(Model(), x, spread=0)
    case = record_pytorch(Model(), x, spread=1, outputs=lambda result: {"logits": result.logits})
    assert list(case.references[0].model.outputs) == ["logits"]


def test_dataclasses_and_tuples_are_known(x):
    @dataclasses.dataclass
    class Result:
        logits: torch.Tensor
        hidden: tuple

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(3, 4)

        def forward(self, x):
            output, final = self.lstm(x)
            return Result(output, final)

    case = record_pytorch(Model(), x, spread=1)
    assert list(case.references[0].model.outputs) == ["logits", "hidden.0", "hidden.1"]


def test_h0_of_a_model_shows_kwargs(x):
    with pytest.raises(TypeError, match="kwargs="):
        record_pytorch(Seq2Seq(), x, h0=torch.zeros(1, 3, 5))


def test_bare_layers_are_fed_one_into_the_other(x):
    a, b = nn.LSTM(3, 4), nn.GRU(4, 5, batch_first=True)
    h0 = [(torch.randn(1, 3, 4), torch.randn(1, 3, 4)), torch.randn(1, 3, 5)]
    case = record_pytorch([a, b], x, h0=h0, lengths=[7, 2, 4], spread=1)
    first, second = case.references[0].layers
    assert np.array_equal(second.input, first.output)
    assert np.array_equal(case.input[:, 0], x[:, 0].numpy()) and (case.lengths == [7, 2, 4]).all()
    assert np.array_equal(second.passes["forward"].initial.h, h0[1][0].numpy())
    assert first.passes["forward"].source == "given"


def test_it_prints_nothing(x, capsys):
    record_pytorch(Seq2Seq(), x, spread=1)
    assert capsys.readouterr() == ("", "")


def test_exchanged_axes_surprise():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = nn.GRU(3, 4)

        def forward(self, x):
            return self.gru(x)[0]

    assert "exchanged" in record_pytorch(Model(), torch.randn(2, 30, 3), spread=0).summary()
    assert "exchanged" not in record_pytorch(Model(), torch.randn(30, 2, 3), spread=0).summary()


def test_untrained_normalisation_is_moved_as_well():
    from rnn_parity.pytorch_perturbation import Perturbation

    ones = torch.ones(100)
    assert torch.equal(Perturbation(0).moved(ones), ones)
    moved = Perturbation(0).moved(nn.Parameter(ones))
    assert set(moved.tolist()) == {1 + 2**-23, 1 - 2**-24}


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_a_value_moves_to_its_neighbour_and_the_random_state_stays(dtype):
    from rnn_parity.pytorch_perturbation import Perturbation

    values = torch.tensor([0.3, -1.7, 0.0, float("inf"), float("nan"), -1e30], dtype=dtype)
    before = torch.random.get_rng_state()
    moved = Perturbation(3).moved(values)
    up, down = (torch.nextafter(values.double().to(dtype), torch.tensor(s, dtype=dtype)) for s in (9.0, -9.0))
    assert all(moved[i] in (up[i], down[i]) and moved[i] != values[i] for i in (0, 1))
    assert torch.equal(moved[2:].nan_to_num(7), values[2:].nan_to_num(7))
    assert torch.equal(torch.random.get_rng_state(), before)

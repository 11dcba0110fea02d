"""All of a model is accounted for, and all of it is left as it was."""

import dataclasses
import random

import numpy as np
import pytest
import torch
from torch import nn

from rnn_parity import Case, RecordingError, UnsupportedModule, record_pytorch
from rnn_parity.case import boundaries


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


class Chaotic(nn.Module):
    """What rounding moves grows in the encoder, whose state the decoder starts from, and in its loop."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.encoder, self.decoder = nn.RNN(3, 64), nn.GRU(4, 64)
        self.bridge, self.head = nn.Linear(64, 64), nn.Linear(64, 4)
        with torch.no_grad():
            self.encoder.weight_hh_l0.normal_(std=3 / 8)
            self.decoder.weight_hh_l0.normal_(std=3 / 8)

    def forward(self, x):
        _, state = self.encoder(x)
        token, outputs = x.new_zeros(1, x.shape[1], 4), []
        for _ in range(30):
            _, state = self.decoder(token, state)
            token = self.head(torch.nn.functional.gelu(self.bridge(state)))
            outputs.append(token)
        return torch.cat(outputs)


def test_held_spread_is_that_of_a_run_pinned_to_itself():
    torch.manual_seed(6)
    x = torch.randn(60, 3, 3)
    model = Chaotic()
    free = record_pytorch(model, x)
    again = record_pytorch(model, x, given=free)
    measured, pinned = (case.references[0].model.spread for case in (free, again))
    assert measured.held.keys() == measured.boundaries.keys() and not pinned.held
    state = "layers/1/forward/initial_state/h"
    # Free, the encoder amplifies what rounding moves; held, nobody does.
    assert measured.boundaries[state].whole > 1e-4 > 1e-6 > measured.held[state].whole
    assert measured.held["outputs/output"].whole < 1e-6
    assert measured.held["layers/0/input"].whole == pytest.approx(pinned.boundaries["layers/0/input"].whole)
    # The output's own roundings are among both, and the pinned one has those of its loop as well.
    assert measured.held["outputs/output"].whole < 3 * pinned.boundaries["outputs/output"].whole


def test_held_runs_call_no_recurrent_operator(monkeypatch):
    from rnn_parity.pytorch_operators import Operator

    calls = []
    run = Operator.run_layer
    monkeypatch.setattr(Operator, "run_layer", lambda *own, **other: (calls.append(1), run(*own, **other))[1])
    x = torch.randn(5, 2, 3)
    record_pytorch(nn.Sequential(nn.GRU(3, 4)), x, spread=4)
    # Each free run takes its layer once.
    assert len(calls) == 4


def test_held_runs_return_packed_and_hooked_results_as_they_were():
    class Packed(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = nn.GRU(3, 4, 2, bidirectional=True, batch_first=True)
            self.gru.register_forward_hook(
                lambda _m, _i, out: (out[0]._replace(data=out[0].data * 3), out[1])
            )
            self.head = nn.Linear(8, 2)

        def forward(self, x):
            packed = nn.utils.rnn.pack_padded_sequence(x, [3, 5, 2], True, enforce_sorted=False)
            out, h = self.gru(packed)
            return self.head(nn.utils.rnn.pad_packed_sequence(out, True)[0]), h

    torch.manual_seed(1)
    spread = record_pytorch(Packed(), torch.randn(3, 5, 3), spread=4).references[0].model.spread
    assert all(one.whole < 1e-6 for one in spread.held.values())
    assert spread.held["outputs/1"].whole < 2.0**-22  # the final states themselves: they do not move


def test_a_state_that_is_carried_from_chaos_is_no_further_than_its_spread():
    torch.manual_seed(6)
    x = torch.randn(60, 3, 3)
    fed = (x, torch.nextafter(x, torch.full_like(x, 9.0)))
    first, second = (record_pytorch(Chaotic(), one).references[0] for one in fed)
    state = "layers/1/forward/initial_state/h"
    assert [one.layers[1].passes["forward"].source for one in (first, second)] == ["carried"] * 2
    differences = {
        name: np.sqrt(np.mean((values - boundaries(second)[name]) ** 2))
        for name, values in boundaries(first).items()
    }
    assert differences[state] > 1e-3
    for name, difference in differences.items():
        spreads = [one.model.spread.boundaries[name].whole for one in (first, second)]
        assert difference < 12 * np.hypot(*spreads)


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


@pytest.mark.parametrize(
    ("activation", "at", "unit"),
    [
        (torch.nn.functional.gelu, -5.0, 2.5 * 2**-23),
        (torch.sigmoid, -30.0, 2**-25),
        (torch.nn.functional.silu, -12.0, 3 * 2**-23),
        (torch.nn.functional.elu, -1e-3, 2**-24),
        (torch.tanh, -1e-3, 2**-33),
    ],
)
def test_an_activation_is_moved_by_a_unit_of_what_it_is_made_of(activation, at, unit):
    from rnn_parity.pytorch_perturbation import Perturbation

    fed = torch.full((50,), at)
    result = activation(fed)
    moved = Perturbation(0).moved_result(activation.__name__, ((fed,), {}), result)
    difference = (moved.double() - result.double()).abs()
    assert (difference > unit * 0.49).all() and (difference <= unit * 1.01).all()
    assert len(moved.unique()) == 2


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


class Opaque:
    def __init__(self, held):
        self.held = held


class Returns(nn.Module):
    def __init__(self, of):
        super().__init__()
        self.lstm, self.of = nn.LSTM(3, 4), of

    def forward(self, x):
        return self.of(self.lstm(x)[0])


@pytest.mark.parametrize(
    "of",
    [
        lambda y: {"known": y, "rest": Opaque(y)},
        lambda y: (y, y.detach().numpy()),
        lambda y: torch.fft.rfft(y),
        lambda y: [y, y.to_sparse()],
    ],
)
def test_no_part_of_what_a_model_returns_is_dropped(x, of):
    with pytest.raises(RecordingError, match=r"outputs="):
        record_pytorch(Returns(of), x, spread=0)


def test_a_call_without_values_is_refused_by_name(x):
    model = Returns(lambda y: y)
    with pytest.raises(UnsupportedModule, match=r"lstm.*at least one step.*\(7, 0, 3\)"):
        record_pytorch(model, x[:, :0])

    class Mapped(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = nn.GRUCell(3, 4)

        def forward(self, x):
            return torch.vmap(lambda step: self.cell(step, step.new_zeros(3, 4)))(x)

    with pytest.raises(UnsupportedModule, match=r"cell.*torch\.vmap"):
        record_pytorch(Mapped(), x)


def test_a_parallel_wrapper_is_looked_through(x):
    model = Returns(lambda y: y)
    (alone,) = record_pytorch(model, x, spread=1).references[0].layers
    (wrapped,) = record_pytorch(nn.DataParallel(model), x, spread=1).references[0].layers
    assert alone.name == wrapped.name == "lstm"
    assert alone.output.tobytes() == wrapped.output.tobytes()


def test_an_embedding_that_a_call_scales_is_left_as_it_was():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding, self.gru = nn.Embedding(9, 4, max_norm=0.5), nn.GRU(4, 4)
            self.head = nn.Linear(4, 9, bias=False)
            self.head.weight = self.embedding.weight

        def forward(self, tokens):
            return self.head(self.gru(self.embedding(tokens))[0])

    torch.manual_seed(0)
    model, tokens = Tied(), torch.randint(0, 9, (6, 3))
    weight = model.embedding.weight
    before, version = weight.detach().clone(), weight._version
    case = record_pytorch(model, tokens, spread=1)
    assert model.embedding.weight is weight and model.head.weight is weight
    assert torch.equal(weight, before) and weight._version == version
    with torch.no_grad():
        returned = model(tokens)
    assert not torch.equal(weight, before)
    assert np.array_equal(case.references[0].model.outputs["output"], returned.numpy())

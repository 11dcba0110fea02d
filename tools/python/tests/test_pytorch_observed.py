"""What is recorded is what the user's own call was given and returned, bit for bit."""

import types

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnn_parity import RecordingError, UnsupportedModule, record_pytorch


def same(recorded, tensor):
    values = tensor.detach().float().numpy()
    return recorded.shape == values.shape and recorded.tobytes() == np.ascontiguousarray(values).tobytes()


def layers(case):
    return case.references[0].layers


class Around(nn.Module):
    """A layer between two others, which keeps what the layer was given and returned."""

    def __init__(self, layer, size=4):
        super().__init__()
        self.before = nn.Linear(3, 4)
        self.lstm = layer
        self.after = nn.Linear(size, 2)

    def forward(self, x):
        self.fed = self.before(x)
        self.output, self.final = self.lstm(self.fed)
        object.__setattr__(self, "seen", None)
        Around.seen = (self.fed, self.output, self.final)
        return self.after(self.output)


@pytest.fixture
def x():
    torch.manual_seed(3)
    return torch.randn(6, 2, 3)


def recorded_around(model, x, **options):
    case = record_pytorch(model.eval(), x, spread=0, **options)
    return layers(case), Around.seen


def test_a_users_hook_is_part_of_what_the_call_returned(x):
    model = Around(nn.LSTM(4, 4))
    model.lstm.register_forward_hook(lambda module, given, returned: (returned[0] * 1.1, returned[1]))
    (layer,), (fed, output, (h, c)) = recorded_around(model, x)
    assert same(layer.input, fed) and same(layer.output, output)
    assert same(layer.passes["forward"].final.h, h[0]) and same(layer.passes["forward"].final.c, c[0])
    # The states are the operator's: so a judge sees that the output is not one step from them.
    assert not np.array_equal(layer.output, layer.passes["forward"].h)


def test_a_users_pre_hook_changes_what_runs_and_not_what_was_given(x):
    model = Around(nn.GRU(4, 4))
    model.lstm.register_forward_pre_hook(lambda module, given: (given[0] * 2,))
    (layer,), (fed, output, _) = recorded_around(model, x)
    assert same(layer.input, fed) and same(layer.output, output)


def test_a_patched_forward_is_recorded_as_it_returned(x):
    model = Around(nn.LSTM(4, 4))
    original = model.lstm.forward

    def patched(self, given, hx=None):
        output, final = original(given * 0.5, hx)
        return output + 1, final

    model.lstm.forward = types.MethodType(patched, model.lstm)
    (layer,), (fed, output, _) = recorded_around(model, x)
    assert same(layer.input, fed) and same(layer.output, output)


def test_a_replaced_forward_that_runs_no_operator_is_refused_by_name(x):
    model = Around(nn.LSTM(4, 4))
    model.lstm.forward = lambda given, hx=None: (given, None)
    with pytest.raises(UnsupportedModule, match="lstm.*ignore"):
        recorded_around(model, x)


class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4)
        self.other = nn.ParameterDict(
            {name.replace(".", "_"): p * 2 for name, p in self.lstm.named_parameters()}
        )

    def forward(self, x):
        return torch.func.functional_call(self.lstm, dict(self.other), (x,))[0]


def test_functional_call_shows_the_weights_that_ran(x):
    model = Functional()
    case = record_pytorch(model, x, spread=2)
    (layer,) = layers(case)
    assert layer.name == "lstm"
    assert same(layer.passes["forward"].weights["weight_hh"], model.other["weight_hh_l0"])
    assert same(layer.output, model(x))


class Autocast(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        with torch.autocast("cpu", torch.bfloat16):
            return self.layer(x)[0]


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_autocast_inside_a_model_is_declared(x, kind):
    model = Autocast(kind(3, 4, 2))
    case = record_pytorch(model, x, spread=1)
    assert case.references[0].precision == "autocast-bfloat16"
    assert same(layers(case)[1].output, model(x))


@pytest.mark.parametrize("dtype", ["bfloat16", "float64", "float16"])
def test_a_models_own_precision_is_declared(x, dtype):
    model = nn.LSTM(3, 4).to(getattr(torch, dtype))
    case = record_pytorch(model, x.to(getattr(torch, dtype)), spread=1)
    assert case.references[0].precision == dtype
    assert layers(case)[0].output.dtype == ("float32" if dtype == "bfloat16" else dtype)


class ReusedBuffer(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4)

    def forward(self, x):
        scratch = x * 2
        output = self.lstm(scratch)[0].clone()
        scratch.zero_()
        return output


def test_an_input_buffer_that_is_reused_was_copied_before(x):
    (layer,) = layers(record_pytorch(ReusedBuffer(), x, spread=0))
    assert same(layer.input, x * 2)


class Stateful(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 4)
        self.register_buffer("state", torch.full((1, 2, 4), 0.25))

    def forward(self, x):
        output, final = self.gru(x, self.state)
        self.state.copy_(final)
        return output


def test_a_stateful_buffer_is_recorded_as_it_was_before_and_left_so(x):
    model = Stateful()
    before = model.state
    (layer,) = layers(record_pytorch(model, x, spread=3))
    assert (layer.passes["forward"].initial.h == 0.25).all()
    assert layer.passes["forward"].source == "given"
    assert model.state is before and (model.state == 0.25).all()


class Beside(nn.Module):
    """A cell in a loop, fed by a layer."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4)
        self.cell = nn.LSTMCell(4, 5)

    def forward(self, x):
        states, outputs = None, []
        for step in self.lstm(x)[0]:
            states = self.cell(step, states)
            outputs.append(states[0])
        return torch.stack(outputs)


def test_a_layer_and_a_cell_beside_it_are_both_recorded(x):
    model = Beside()
    case = record_pytorch(model, x, spread=2)
    lstm, cell = layers(case)
    assert (lstm.name, cell.name) == ("lstm", "cell")
    assert cell.extent == (6, 2) and cell.calls.kind == "chained" and cell.calls.count == 6
    assert same(cell.output, model(x)) and same(cell.input, model.lstm(x)[0])
    assert same(cell.passes["forward"].h, model(x))
    assert case.references[0].model.unused == ()


def test_a_quantized_layer_is_refused_by_name_or_ignored(x):
    class Both(nn.Module):
        def __init__(self):
            super().__init__()
            self.big = nn.LSTM(3, 4)
            self.small = nn.Sequential(nn.LSTM(4, 4))

        def forward(self, x):
            return self.small(self.big(x)[0])[0]

    model = Both()
    torch.ao.quantization.quantize_dynamic(model.small, {nn.LSTM}, inplace=True)
    with pytest.raises(UnsupportedModule, match="small.0.*quantized"):
        record_pytorch(model, x)
    case = record_pytorch(model, x, ignore=["small"], spread=1)
    assert [layer.name for layer in layers(case)] == ["big"]
    assert [one.path for one in case.references[0].model.left_out] == ["small.0"]


def test_an_unknown_path_to_ignore_is_an_error(x):
    with pytest.raises(RecordingError, match="decoder.cell.*lstm"):
        record_pytorch(Beside(), x, ignore=["decoder.cell"])


def test_dropout_inside_a_stack_is_refused(x):
    with pytest.raises(UnsupportedModule, match="dropout 0.5"):
        record_pytorch(Around(nn.LSTM(4, 4, 2, dropout=0.5)), x)


def test_torchscript_is_refused(x):
    class Holder(nn.Module):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner
            self.gru = nn.GRU(3, 4)

        def forward(self, x):
            return self.gru(x)[0] + self.inner(x)[0]

    for inner in (torch.jit.script(nn.LSTM(3, 4)), torch.jit.trace(nn.LSTM(3, 4), x)):
        with pytest.raises(UnsupportedModule, match="inner.*TorchScript"):
            record_pytorch(Holder(inner), x)


def test_parametrised_weights_are_those_that_ran(x):
    model = torch.nn.utils.parametrizations.weight_norm(nn.LSTM(3, 4), "weight_hh_l0")
    (layer,) = layers(record_pytorch(model, x, spread=1))
    assert same(layer.passes["forward"].weights["weight_hh"], model.weight_hh_l0)
    assert same(layer.output, model(x)[0])


def test_a_compiled_model_is_named_as_its_source(x):
    model = Beside()
    case = record_pytorch(torch.compile(model), x, spread=1)
    assert [layer.name for layer in layers(case)] == ["lstm", "cell"]
    assert same(layers(case)[1].output, model(x))


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
@pytest.mark.parametrize("batch_first", [False, True])
def test_packed_sequences_are_recorded_in_the_users_order(kind, batch_first):
    torch.manual_seed(0)
    lengths = torch.tensor([2, 5, 3])
    given = torch.randn(3, 5, 4) if batch_first else torch.randn(5, 3, 4)
    start = torch.randn(4, 3, 6)

    class Packs(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = kind(4, 6, 2, bidirectional=True, batch_first=batch_first)

        def forward(self, x, n, start):
            packed = pack_padded_sequence(x, n, batch_first=batch_first, enforce_sorted=False)
            hx = (start, start * 2) if kind is nn.LSTM else start
            output, final = self.rnn(packed, hx)
            return pad_packed_sequence(output)[0], final

    model = Packs()
    first, second = layers(record_pytorch(model, given, lengths, kwargs={"start": start}, spread=1))
    output, final = model(given, lengths, start)
    h = final[0] if kind is nn.LSTM else final
    assert same(second.output, output)
    assert (second.lengths == [2, 5, 3]).all()
    for index, (layer, name) in enumerate((a, b) for a in (first, second) for b in ("forward", "backward")):
        assert same(layer.passes[name].initial.h, start[index])
        assert same(layer.passes[name].final.h, h[index])
        if kind is nn.LSTM:
            continue  # Its states are stepped: other bits.
        # The last valid state is the one that was returned.
        last = layer.lengths - 1 if name == "forward" else np.zeros(3, int)
        assert (layer.passes[name].h[last, range(3)] == layer.passes[name].final.h).all()
    if kind is not nn.LSTM:
        assert np.array_equal(
            np.concatenate([first.passes[d].h for d in ("forward", "backward")], 2), second.input
        )


@pytest.mark.parametrize("projection", [0, 2])
def test_every_state_of_an_lstm_is_one_step_of_the_one_before(x, projection):
    model = nn.LSTM(3, 4, 2, bidirectional=True, proj_size=projection)
    for index, layer in enumerate(layers(record_pytorch(model, x, spread=0))):
        for name, suffix in (("forward", ""), ("backward", "_reverse")):
            own = layer.passes[name]
            kinds = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"] + ["weight_hr"] * (projection > 0)
            params = [getattr(model, f"{kind}_l{index}{suffix}") for kind in kinds]
            order = list(range(6)) if name == "forward" else list(reversed(range(6)))
            for before, step in zip(order, order[1:]):
                hx = [torch.tensor(states[before])[None] for states in (own.h, own.c)]
                fed = torch.tensor(layer.input[step])[None]
                _, h, c = torch.lstm(fed, hx, params, True, 1, 0.0, False, False, False)
                assert same(own.h[step], h[0]) and same(own.c[step], c[0])


def test_bare_operators_and_callables_are_recorded(x):
    layer = nn.LSTM(3, 4)
    zeros = torch.zeros(1, 2, 4)

    def call(x):
        return torch.lstm(x, (zeros, zeros), list(layer.parameters()), True, 1, 0.0, False, False, False)[0]

    (recorded,) = layers(record_pytorch(call, x, spread=1))
    assert recorded.name == "lstm" and same(recorded.output, layer(x)[0])


def test_unbatched_sequences_and_cells(x):
    (layer,) = layers(record_pytorch(nn.LSTM(3, 4), x[:, 0], spread=1))
    assert layer.extent == (6, 1)
    (cell,) = layers(record_pytorch(nn.GRUCell(3, 4), x[0, 0], spread=1))
    assert cell.extent == (1, 1)


def test_a_subclass_that_packs_by_itself_is_recorded_in_the_users_order(x):
    class Packs(nn.GRU):
        def forward(self, x, lengths):
            output, final = super().forward(pack_padded_sequence(x, lengths, enforce_sorted=False))
            return pad_packed_sequence(output)[0], final

    model, lengths = Packs(3, 4), torch.tensor([3, 6])
    (layer,) = layers(record_pytorch(model, x, lengths, spread=1))
    assert (layer.lengths == [3, 6]).all()
    assert same(layer.output, model(x, lengths)[0])


def test_a_forward_that_is_called_by_itself_belongs_to_its_module(x):
    class Direct(nn.Module):
        def __init__(self):
            super().__init__()
            self.core = nn.GRU(3, 4)

        def forward(self, x):
            return self.core.forward(x)[0]

    (reference,) = record_pytorch(Direct(), x, spread=1).references
    assert [layer.name for layer in reference.layers] == ["core"] and reference.model.unused == ()


@pytest.mark.parametrize("gradients", [True, False])
def test_a_run_makes_gradients_as_the_caller_does(gradients: bool) -> None:
    # Large enough for torch's kernel with gradients to round otherwise.
    torch.manual_seed(7)
    model, x = nn.LSTM(64, 96), torch.randn(20, 4, 64)
    with torch.set_grad_enabled(gradients):
        expected, _ = model(x)
        case = record_pytorch(model, x, spread=0)
    recorded = case.references[0].layers[0].output
    assert recorded is not None and np.array_equal(recorded, expected.detach().numpy())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_model_may_differentiate_in_its_forward() -> None:
    class Sensitive(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = nn.GRU(3, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = x.requires_grad_()
            return torch.autograd.grad(self.gru(x)[0].sum(), x)[0]

    model, x = Sensitive(), torch.randn(5, 2, 3)
    expected = model(x.clone())
    with pytest.raises(RecordingError, match="or spread=0"):
        record_pytorch(model, x)
    case = record_pytorch(model, x, spread=0)
    model_record = case.references[0].model
    assert model_record is not None
    assert np.array_equal(next(iter(model_record.outputs.values())), expected.detach().numpy())
    assert not x.requires_grad


class Halving(nn.Module):
    """Calls one layer twice, between which its weights are halved in a way that no version counts."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4)

    def forward(self, x):
        first, _ = self.lstm(x)
        for weight in self.lstm.parameters():
            weight.data.mul_(0.5)
        second, _ = self.lstm(x)
        for weight in self.lstm.parameters():
            weight.data.mul_(2)
        return first + second


class HalvingOwn(Halving):
    """The same of tensors of its own, which have no version where nothing can be differentiated."""

    def forward(self, x):
        weights = [weight * 1 for weight in self.lstm.parameters()]
        states = [x.new_zeros(1, 2, 4)] * 2
        first = torch.lstm(x, states, weights, True, 1, 0.0, False, False, False)[0]
        for weight in weights:
            weight.mul_(0.5)
        second = torch.lstm(x, states, weights, True, 1, 0.0, False, False, False)[0]
        return first + second


@pytest.mark.parametrize("kind", [Halving, HalvingOwn])
def test_each_call_is_recorded_with_the_weights_of_its_moment(x, kind):
    model = kind()
    with torch.inference_mode():
        first, second = layers(record_pytorch(model, x, spread=0))
    for name, weight in first.passes["forward"].weights.items():
        assert same(weight, getattr(model.lstm, f"{name}_l0"))
        assert np.array_equal(second.passes["forward"].weights[name], weight / 2)


class Only(nn.Module):
    """A model that holds one layer and does nothing else."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)


@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}], ids=str)
def test_a_bare_layers_held_spread_is_that_of_held_runs_and_takes_none(x, options):
    layer = nn.LSTM(3, 4, **options)
    runs = []
    layer.register_forward_pre_hook(lambda module, given: runs.append(given))
    spread = record_pytorch(layer, x, spread=3).references[0].model.spread
    assert len(runs) == 1 + 3 and spread.pinned is None
    in_runs = record_pytorch(Only(layer), x, spread=3).references[0].model.spread
    assert spread.held.keys() == in_runs.held.keys() == spread.boundaries.keys()
    for name, held in spread.held.items():
        assert held.whole == in_runs.held[name].whole
        for own, other in zip(held.axes, in_runs.held[name].axes):
            assert np.array_equal(own, other)
    # It is not the free one under another name: there the layer's own rounding moves what it returns.
    assert spread.held["outputs/0"].whole < spread.boundaries["outputs/0"].whole
    assert spread.held["layers/0/input"].whole == spread.boundaries["layers/0/input"].whole


class Shifting(nn.LSTM):
    """An LSTM that does something more with what it computes, which rounds to units of 8."""

    def forward(self, x):
        return super().forward(x)[0] + 8.3 - 8.1


def test_a_subclass_that_computes_more_is_not_taken_for_a_bare_layer(x):
    layer = Shifting(3, 4)
    spread = record_pytorch(layer, x, spread=3).references[0].model.spread
    in_runs = record_pytorch(Only(layer), x, spread=3).references[0].model.spread
    assert spread.held["outputs/output"].whole == in_runs.held["outputs/output"].whole
    # One unit of the output's own size is 2^-25.
    assert spread.held["outputs/output"].whole > 2**-22

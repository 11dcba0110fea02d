"""Steps with weights that were packed once are the operator's own, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rnn_parity import pytorch_operators, record_pytorch  # noqa: E402


@pytest.mark.parametrize(
    "options",
    [
        {"num_layers": 2},
        {"num_layers": 2, "bidirectional": True},
        {"bias": False},
        {"batch_first": True},
        {"proj_size": 5},
    ],
    ids=str,
)
def test_every_state_is_the_operators(options: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """h and c of every step are those that the operator gives when it runs one step at a time."""
    torch.manual_seed(3)
    model = torch.nn.LSTM(24, 40, **options).eval()
    sequences = torch.randn(3, 13, 24) if options.get("batch_first") else torch.randn(13, 3, 24)
    packed = record_pytorch(model, sequences, spread=0)
    monkeypatch.setattr(pytorch_operators, "packed_step", lambda weights, fed, expected: expected)
    plain = record_pytorch(model, sequences, spread=0)
    for one, other in zip(packed.references[0].layers, plain.references[0].layers):
        for name, recorded in one.passes.items():
            assert np.array_equal(recorded.h, other.passes[name].h)
            assert np.array_equal(recorded.c, other.passes[name].c)


def test_a_kernel_of_other_bits_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where packed weights give another last bit, the operator itself is stepped."""
    torch.manual_seed(3)
    model = torch.nn.LSTM(24, 40, num_layers=2).eval()
    sequences = torch.randn(13, 3, 24)
    plain = record_pytorch(model, sequences, spread=0)
    kernel = torch.mkldnn_rnn_layer

    def other_bits(*args: object, **options: object) -> tuple[object, ...]:
        output, h, c, workspace = kernel(*args, **options)
        return output, torch.nextafter(h, h + 1), c, workspace

    monkeypatch.setattr(torch, "mkldnn_rnn_layer", other_bits)
    found = record_pytorch(model, sequences, spread=0)
    for one, other in zip(found.references[0].layers, plain.references[0].layers):
        assert np.array_equal(one.passes["forward"].h, other.passes["forward"].h)


def other_signature(*args: object) -> tuple[object, ...]:
    """Takes no options."""
    raise AssertionError


def other_results(*args: object, **options: object) -> tuple[object, ...]:
    """Returns one fewer than it does."""
    return args[0], args[1], args[2]


@pytest.mark.parametrize("other", [other_signature, other_results])
def test_a_kernel_of_another_signature_is_not_used(monkeypatch: pytest.MonkeyPatch, other: object) -> None:
    """It is private: where another version of torch has another, the operator itself is stepped."""
    torch.manual_seed(3)
    model = torch.nn.LSTM(24, 40).eval()
    sequences = torch.randn(13, 3, 24)
    plain = record_pytorch(model, sequences, spread=0).references[0].layers[0].passes["forward"]
    monkeypatch.setattr(torch, "mkldnn_rnn_layer", other)
    found = record_pytorch(model, sequences, spread=0).references[0].layers[0].passes["forward"]
    assert np.array_equal(found.h, plain.h) and np.array_equal(found.c, plain.c)


def chaotic() -> torch.nn.LSTM:
    """Three layers in which the rounding of one step is all that is left of a state some steps later."""
    torch.manual_seed(7)
    model = torch.nn.LSTM(8, 24, num_layers=3)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.mul_(20 if "weight_hh" in name else 0 if "bias" in name else 1)
            if "bias_ih" in name:
                weight[24:48] = -1  # forget gates: what is never forgotten is not chaotic
    return model


@pytest.mark.parametrize("spread", [0, 8])
@pytest.mark.parametrize("trained", ["weights", "input"])
def test_inner_layers_are_those_of_a_call_that_makes_gradients(trained: str, spread: int) -> None:
    """A kernel that makes gradients rounds otherwise, which a chaotic layer makes other states of.

    Then all that is recorded of an inner layer has to be of such a kernel: what it was fed, its steps, what
    it returned. Else what the call returned is no step from what is recorded.
    """
    model = chaotic().requires_grad_(trained == "weights")
    sequences = torch.randn(200, 3, 8, requires_grad=trained == "input")
    recorded = record_pytorch(model, sequences, spread=spread).references[0].layers
    output, (h, c) = model(sequences)
    assert np.array_equal(recorded[-1].output, output.detach().numpy())
    for index, layer in enumerate(recorded):
        one = layer.passes["forward"]
        assert np.array_equal(layer.output, one.h)
        assert np.array_equal(one.h[-1], one.final.h) and np.array_equal(one.c[-1], one.final.c)
        assert np.array_equal(one.final.h, h[index].detach().numpy())
        assert np.array_equal(one.final.c, c[index].detach().numpy())
        assert index == 0 or np.array_equal(layer.input, recorded[index - 1].output)

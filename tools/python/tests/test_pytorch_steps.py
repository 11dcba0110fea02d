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

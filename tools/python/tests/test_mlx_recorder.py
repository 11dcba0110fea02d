"""What `record_mlx` records is what the model's layers took and returned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnn_parity import UnknownModule, UnsupportedModule, record_mlx

mx = pytest.importorskip("mlx.core")
nn = pytest.importorskip("mlx.nn")
flatten = pytest.importorskip("mlx.utils").tree_flatten


SEEN: list[Any] = []
"""What the layers of the last call took and returned; arrays of a module would be its parameters."""


class Tagger(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10, 4)
        self.encoder = nn.LSTM(4, 5)
        self.decoder = nn.GRU(5, 5)
        self.norm = nn.LayerNorm(5)
        self.last = nn.RNN(5, 3, nonlinearity=nn.relu)
        self.spare = nn.GRU(2, 2)

    def __call__(self, tokens: Any) -> dict[str, Any]:
        mx.random.uniform(shape=(2,))
        h, c = self.encoder(self.embedding(tokens))
        x, start = self.norm(h), h[:, -1] * 2
        y = self.decoder(x, hidden=start)
        SEEN[:] = [h, c, x, start, y]
        return {"decoded": y, "last": self.last(y)}


def tokens(seed: int = 0) -> Any:
    return mx.array(np.random.default_rng(seed).integers(0, 10, (2, 6)))


def bits(values: Any) -> bytes:
    return np.ascontiguousarray(np.array(values)).tobytes()


def test_records_bit_by_bit_what_the_layers_took_and_returned() -> None:
    model, x = Tagger(), tokens()
    returned = model(x)
    h, c, fed, start, y = SEEN
    encoder, decoder, last = record_mlx(model, x, spread=0).references[0].layers
    assert encoder.output.tobytes() == bits(np.array(h).swapaxes(0, 1))
    assert encoder.passes["forward"].c.tobytes() == bits(np.array(c).swapaxes(0, 1))
    assert decoder.input.tobytes() == bits(np.array(fed).swapaxes(0, 1))
    assert decoder.passes["forward"].initial.h.tobytes() == bits(start)
    assert decoder.passes["forward"].source == "computed"
    assert decoder.output.tobytes() == bits(np.array(y).swapaxes(0, 1))
    assert last.activation.name == "relu" and set(last.passes["forward"].weights) == {"Wx", "Wh", "bias"}
    assert last.output.tobytes() == bits(np.array(returned["last"]).swapaxes(0, 1))


def test_leaves_the_model_and_the_random_numbers_as_they_were() -> None:
    model, x = Tagger(), tokens()
    calls = [layer.__dict__["__call__"] for layer in (nn.RNN, nn.GRU, nn.LSTM, nn.LayerNorm)]
    before = {name: bits(values) for name, values in flatten(model.parameters())}
    key = bits(mx.random.state[0])
    record_mlx(model, x)
    assert {name: bits(values) for name, values in flatten(model.parameters())} == before
    assert bits(mx.random.state[0]) == key
    assert [layer.__dict__["__call__"] for layer in (nn.RNN, nn.GRU, nn.LSTM, nn.LayerNorm)] == calls


def test_what_is_not_called_or_ignored_is_listed() -> None:
    record = record_mlx(Tagger(), tokens(), ignore=["last"], spread=0).references[0].model
    assert record.unused == ("spare",) and [one.path for one in record.left_out] == ["last"]
    with pytest.raises(UnknownModule, match="nowhere"):
        record_mlx(Tagger(), tokens(), ignore=["nowhere"])


def test_a_layer_with_a_call_of_its_own_is_refused_by_name() -> None:
    class Mine(nn.GRU):
        def __call__(self, x: Any, hidden: Any = None) -> Any:
            return super().__call__(x) + 1

    model = Tagger()
    model.last = Mine(5, 3)
    with pytest.raises(UnsupportedModule, match="last.*Mine"):
        record_mlx(model, tokens())


def test_spread_reaches_every_boundary_and_a_pinned_run_reads_the_other() -> None:
    model = Tagger()
    other = record_mlx(model, tokens(1), spread=0)
    first = record_mlx(model, tokens(), spread=0).references[0]
    pinned = record_mlx(model, tokens(), given=other).references[0]
    assert pinned.layers[0].output.tobytes() == first.layers[0].output.tobytes()
    assert pinned.layers[1].input.tobytes() == other.references[0].layers[1].input.tobytes()
    spread = pinned.model.spread.boundaries
    expected = {f"layers/{k}/input" for k in range(3)} | {"outputs/decoded", "outputs/last"}
    assert set(spread) == expected | {"layers/1/forward/initial_state/h"}
    assert all(2.0**-34 < one.whole < 2.0**-15 for one in spread.values())


def test_held_spread_is_that_of_a_run_pinned_to_itself() -> None:
    model = Tagger()
    first = record_mlx(model, tokens(), spread=2)
    again = record_mlx(model, tokens(), given=first, spread=2)
    held, pinned = (case.references[0].model.spread for case in (first, again))
    assert {name: one.whole for name, one in held.held.items()} == {
        name: one.whole for name, one in pinned.boundaries.items()
    }


def test_a_loop_over_time_is_one_chain() -> None:
    class Loop(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.GRU(4, 5)

        def __call__(self, x: Any) -> Any:
            state = None
            for t in range(x.shape[1]):
                out = self.cell(x[:, t : t + 1], hidden=mx.zeros((x.shape[0], 5)) if state is None else state)
                state = out[:, -1]
            return state

    x = mx.array(np.random.default_rng(0).normal(size=(2, 6, 4)).astype(np.float32))
    (layer,) = record_mlx(Loop(), x, spread=0).references[0].layers
    assert (layer.calls.kind, layer.extent) == ("chained", (6, 2))

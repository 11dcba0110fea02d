"""What `record_flax` records is what the model's modules took and returned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnn_parity import UnknownModule, UnsupportedModule, record_flax

jax = pytest.importorskip("jax")
nnx = pytest.importorskip("flax.nnx")
linen = pytest.importorskip("flax.linen")
jnp = jax.numpy
LENGTHS = jnp.array([6, 3])


def sequence(seed: int = 0, batch: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(batch, 6, 4)).astype(np.float32)


class Model(nnx.Module):
    def __init__(self, rngs: Any) -> None:
        self.bi = nnx.Bidirectional(
            nnx.RNN(nnx.LSTMCell(4, 5, rngs=rngs)), nnx.RNN(nnx.OptimizedLSTMCell(4, 5, rngs=rngs))
        )
        self.norm = nnx.LayerNorm(10, rngs=rngs)
        self.back = nnx.RNN(nnx.GRUCell(10, 6, rngs=rngs), return_carry=True, reverse=True)
        self.cell = nnx.SimpleCell(6, 3, rngs=rngs)
        self.spare = nnx.RNN(nnx.GRUCell(2, 2, rngs=rngs))

    def __call__(self, x: Any) -> dict[str, Any]:
        both = self.bi(x)
        carry, z = self.back(self.norm(both), seq_lengths=LENGTHS)
        h = jnp.zeros((x.shape[0], 3))
        for t in range(4):
            h, _ = self.cell(h, z[:, t])
        return {"both": both, "carry": carry, "z": z, "h": h}


def test_nnx_is_recorded_bit_by_bit() -> None:
    model, x = Model(nnx.Rngs(0)), sequence()
    returned = {name: np.array(values) for name, values in model(x).items()}
    bi, back, cell = record_flax(model, x, spread=0).references[0].layers
    assert (bi.name, bi.direction, bi.merge_mode) == ("bi", "bidirectional", "concat")
    assert np.array_equal(bi.output, returned["both"].swapaxes(0, 1))
    assert set(bi.passes["backward"].weights) == set(bi.passes["forward"].weights)
    assert (back.direction, list(back.lengths)) == ("backward", [6, 3])
    # Returned in processing order: input time is its flip, padding last.
    assert np.array_equal(back.output[:, 0], returned["z"][0, ::-1])
    assert np.array_equal(back.output[:3, 1], returned["z"][1, 2::-1])
    assert np.array_equal(back.passes["backward"].final.h, returned["carry"])
    assert (cell.calls.kind, cell.extent) == ("chained", (4, 2))
    assert np.array_equal(cell.passes["forward"].final.h, returned["h"])
    assert "hn/bias" not in back.passes["backward"].weights


def test_c_of_every_step_ends_in_the_returned_carry() -> None:
    model = nnx.RNN(nnx.LSTMCell(4, 5, rngs=nnx.Rngs(0)), return_carry=True)
    (layer,) = record_flax(model, sequence(), spread=0).references[0].layers
    own = layer.passes["forward"]
    np.testing.assert_allclose(own.c[-1], own.final.c, rtol=1e-6)


def test_nnx_models_stay_as_they_were() -> None:
    model, x = Model(nnx.Rngs(0)), sequence()
    model.dropout = nnx.Dropout(0.5, rngs=nnx.Rngs(7))
    own = nnx.RNN.__dict__["__call__"], nnx.LSTMCell.__dict__["__call__"]
    leaves = [
        np.asarray(jax.random.key_data(one) if jnp.issubdtype(one.dtype, jax.dtypes.prng_key) else one)
        for one in jax.tree_util.tree_leaves(nnx.state(model))
    ]
    record_flax(model, x, spread=1)
    after = [
        np.asarray(jax.random.key_data(one) if jnp.issubdtype(one.dtype, jax.dtypes.prng_key) else one)
        for one in jax.tree_util.tree_leaves(nnx.state(model))
    ]
    assert all(np.array_equal(a, b) for a, b in zip(leaves, after))
    assert (nnx.RNN.__dict__["__call__"], nnx.LSTMCell.__dict__["__call__"]) == own


class Linen(linen.Module):
    @linen.compact
    def __call__(self, x: Any) -> Any:
        y = linen.RNN(linen.LSTMCell(5), name="encoder")(x)
        y = linen.Bidirectional(linen.RNN(linen.GRUCell(3)), linen.RNN(linen.GRUCell(3)), name="both")(
            linen.LayerNorm()(y)
        )
        return linen.Dense(2)(y), y


def test_linen_is_recorded_bit_by_bit_however_its_variables_come() -> None:
    model, x = Linen(), sequence()
    variables = model.init(jax.random.key(0), x)
    _, both = model.apply(variables, x)
    ways = [
        record_flax(model.bind(variables), x, spread=0),
        record_flax(model, x, variables=variables, spread=0),
        record_flax(model, variables, x, spread=0),
    ]
    for case in ways:
        encoder, second = case.references[0].layers
        assert (encoder.name, second.name) == ("encoder", "both")
        assert np.array_equal(second.output, np.array(both).swapaxes(0, 1))
        kernel = variables["params"]["LSTMCell_0"]["ii"]["kernel"]
        assert np.array_equal(encoder.passes["forward"].weights["ii/kernel"], kernel)


def test_spread_reaches_every_boundary_and_a_pinned_run_reads_the_other() -> None:
    model = Model(nnx.Rngs(0))
    other = record_flax(model, sequence(1), spread=0)
    first = record_flax(model, sequence(), spread=0).references[0]
    pinned = record_flax(model, sequence(), given=other, spread=3).references[0]
    assert pinned.layers[0].output.tobytes() == first.layers[0].output.tobytes()
    assert pinned.layers[1].input.tobytes() == other.references[0].layers[1].input.tobytes()
    spread = pinned.model.spread.boundaries
    assert {f"layers/{k}/input" for k in range(3)} <= set(spread)
    assert all(2.0**-34 < one.whole < 2.0**-15 for one in spread.values())


def test_held_spread_is_that_of_a_run_pinned_to_itself() -> None:
    model = Model(nnx.Rngs(0))
    first = record_flax(model, sequence(), spread=2)
    again = record_flax(model, sequence(), given=first, spread=2)
    held, pinned = (case.references[0].model.spread for case in (first, again))
    assert {name: one.whole for name, one in held.held.items()} == {
        name: one.whole for name, one in pinned.boundaries.items()
    }


def test_an_option_without_a_formula_is_named() -> None:
    cell = nnx.SimpleCell(4, 5, residual=True, activation_fn=jnp.sin, rngs=nnx.Rngs(0))
    (layer,) = record_flax(nnx.RNN(cell), sequence(), spread=0).references[0].layers
    assert layer.other_options == {"residual": True, "activation_fn": "sin"}


def test_a_cell_that_is_not_known_is_refused_by_name_or_ignored() -> None:
    class Mine(nnx.GRUCell):
        def __call__(self, carry: Any, inputs: Any) -> Any:
            return super().__call__(carry, inputs * 2)

    model = Model(nnx.Rngs(0))
    model.back = nnx.RNN(Mine(10, 6, rngs=nnx.Rngs(1)), return_carry=True)
    with pytest.raises(UnsupportedModule, match="back.*Mine"):
        record_flax(model, sequence())
    record = record_flax(model, sequence(), ignore=["back"], spread=0).references[0].model
    assert [one.path for one in record.left_out] == ["back"] and record.unused == ("spare",)
    with pytest.raises(UnknownModule, match="nowhere"):
        record_flax(model, sequence(), ignore=["nowhere"], spread=0)


def test_the_carry_of_an_empty_sequence_is_left_to_its_reader() -> None:
    model = nnx.RNN(nnx.GRUCell(4, 5, rngs=nnx.Rngs(0)), return_carry=True)
    recorded = record_flax(model, sequence(), kwargs={"seq_lengths": jnp.array([6, 0])}, spread=0)
    (reference,) = recorded.references
    # Flax's is that of the last padded step, which the format has no word for.
    assert reference.layers[0].passes["forward"].final is None
    carry, _ = model(sequence(), seq_lengths=jnp.array([6, 0]))
    assert any(np.array_equal(carry, one) for one in (reference.model.outputs.values()))
    full = record_flax(model, sequence(), kwargs={"seq_lengths": LENGTHS}, spread=0)
    assert full.references[0].layers[0].passes["forward"].final is not None


@pytest.mark.parametrize("cell", [nnx.LSTMCell, nnx.GRUCell])
def test_a_lower_dtype_beside_a_wide_carry_is_named(cell: Any) -> None:
    model = nnx.RNN(cell(4, 5, dtype=jnp.bfloat16, rngs=nnx.Rngs(0)))
    (layer,) = record_flax(model, sequence(), spread=0).references[0].layers
    assert layer.precision is None
    assert layer.other_options == {"dtype": "bfloat16 beside a carry of float32"}


@pytest.mark.parametrize("warm", [False, True])
@pytest.mark.parametrize("kind", ["nnx.jit", "ahead"])
def test_nnx_that_runs_compiled_is_refused_by_name(kind: str, warm: bool) -> None:
    class Compiled(nnx.Module):
        def __init__(self) -> None:
            self.hidden = nnx.RNN(nnx.GRUCell(4, 5, rngs=nnx.Rngs(0)))

        def __call__(self, x: Any) -> Any:
            return run(self.hidden, x)

    model, x = Compiled(), sequence()
    run: Any = nnx.jit(lambda hidden, x: hidden(x))
    if kind == "ahead":
        graph, state = nnx.split(model.hidden)
        compiled = jax.jit(lambda state, x: nnx.merge(graph, state)(x)).lower(state, x).compile()
        run = lambda hidden, x: compiled(nnx.state(hidden), x)  # noqa: E731
    if warm:
        model(x)
    with pytest.raises(UnsupportedModule, match="hidden.*not jitted.*may change numerics"):
        record_flax(model, x, spread=0)


class Jitted(linen.Module):
    @linen.compact
    def __call__(self, x: Any) -> Any:
        return linen.jit(linen.RNN)(linen.LSTMCell(5), name="encoder")(x)


def test_linen_that_runs_compiled_is_refused_by_name() -> None:
    model, x = Jitted(), sequence()
    variables = model.init(jax.random.key(0), x)
    model.apply(variables, x)
    with pytest.raises(UnsupportedModule, match="encoder.*not jitted"):
        record_flax(model, x, variables=variables, spread=0)


@pytest.mark.parametrize("how", ["vmap", "scan"])
def test_a_cell_under_a_transformation_is_refused_by_name(how: str) -> None:
    class Own(nnx.Module):
        def __init__(self) -> None:
            self.cell = nnx.GRUCell(4, 5, rngs=nnx.Rngs(0))

        def __call__(self, x: Any) -> Any:
            h = jnp.zeros((x.shape[0], 5))
            if how == "vmap":
                return jax.vmap(lambda h, x: self.cell(h, x)[0])(h, x[:, 0])
            return jax.lax.scan(self.cell, h, x.swapaxes(0, 1))[0]

    with pytest.raises(UnsupportedModule, match="cell: .*vmap and scans"):
        record_flax(Own(), jnp.asarray(sequence()), spread=0)


def test_a_linen_cell_that_is_not_called_is_listed() -> None:
    model, x = linen.RNN(linen.GRUCell(3)), jnp.asarray(sequence())
    variables = model.init(jax.random.key(0), x)
    spare = variables["params"]["cell"]
    both = {"params": {**variables["params"], "spare": spare}}
    record = record_flax(model, x, variables=both, spread=0).references[0].model
    assert record.unused == ("spare",)

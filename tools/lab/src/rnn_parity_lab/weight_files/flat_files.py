"""What Flax and MLX users keep: flattened parameters in a .safetensors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rnn_parity import record_flax, record_mlx

from .weight_file import INPUT, Answers, WeightFile, draw, draw_input


def files() -> list[WeightFile]:
    """Each cell of each."""
    return [
        _linen("flax-rnn", "A SimpleCell.", "SimpleCell"),
        _linen("flax-gru", "A GRUCell and a dense head.", "GRUCell"),
        _linen("flax-lstm", "An OptimizedLSTMCell and a dense head.", "OptimizedLSTMCell"),
        _linen("flax-bidirectional", "A Bidirectional of LSTM cells.", "Bidirectional"),
        _nnx("flax-nnx-lstm", "An nnx.LSTMCell and a dense head.", "LSTMCell"),
        _nnx("flax-nnx-gru", "An nnx.GRUCell, whose gates are one layer, and a dense head.", "GRUCell"),
        _mlx("mlx-rnn", "An nn.RNN.", "RNN"),
        _mlx("mlx-gru", "An nn.GRU and a dense head.", "GRU"),
        _mlx("mlx-lstm", "Two nn.LSTM layers and a dense head.", "LSTM"),
    ]


def _linen(name: str, description: str, cell: str) -> WeightFile:
    def save(path: Path) -> Answers:
        import jax
        from flax import linen
        from flax.traverse_util import flatten_dict, unflatten_dict
        from safetensors.flax import save_file

        class Model(linen.Module):
            @linen.compact  # type: ignore[untyped-decorator]  # Frameworks are not followed.
            def __call__(self, sequence: Any) -> Any:
                if cell == "Bidirectional":
                    halves = (
                        linen.RNN(linen.LSTMCell(3, name=side), name=f"{side}_rnn")
                        for side in ("left", "right")
                    )
                    return linen.Bidirectional(*halves, name="both")(sequence)
                hidden = linen.RNN(getattr(linen, cell)(4, name="cell"), name="rnn")(sequence)
                return hidden if cell == "SimpleCell" else linen.Dense(2, name="head")(hidden)

        module, sequence = Model(), draw_input()
        flat = flatten_dict(module.init(jax.random.PRNGKey(0), sequence), sep=".")
        drawn = {key: draw(index, *flat[key].shape) for index, key in enumerate(sorted(flat))}
        save_file({key: jax.numpy.asarray(values) for key, values in drawn.items()}, path)
        case = record_flax(module, sequence, variables=unflatten_dict(drawn, sep="."), spread=0)
        return Answers(case, {key: values.shape for key, values in drawn.items()})

    return WeightFile(name, ".safetensors", "safetensors", description, save)


def _nnx(name: str, description: str, cell: str) -> WeightFile:
    def save(path: Path) -> Answers:
        from flax import nnx
        from safetensors.flax import save_file

        class Model(nnx.Module):
            def __init__(self, rngs: nnx.Rngs) -> None:
                self.rnn = nnx.RNN(getattr(nnx, cell)(INPUT, 4, rngs=rngs))
                self.head = nnx.Linear(4, 2, rngs=rngs)

            def __call__(self, sequence: Any) -> Any:
                return self.head(self.rnn(sequence))

        module = Model(nnx.Rngs(0))
        state = nnx.to_flat_state(nnx.state(module, nnx.Param))
        named = {".".join(map(str, keys)): variable for keys, variable in state}
        for index, key in enumerate(sorted(named)):
            named[key].value = draw(index, *named[key].value.shape)
        nnx.update(module, nnx.from_flat_state(state))
        save_file({key: variable.value for key, variable in sorted(named.items())}, path)
        case = record_flax(module, draw_input(), spread=0)
        return Answers(case, {key: tuple(named[key].value.shape) for key in sorted(named)})

    return WeightFile(name, ".safetensors", "safetensors", description, save)


def _mlx(name: str, description: str, cell: str) -> WeightFile:
    def save(path: Path) -> Answers:
        module = mlx_model(cell)
        from mlx.utils import tree_flatten

        module.save_weights(str(path))
        shapes = {key: tuple(values.shape) for key, values in sorted(tree_flatten(module.parameters()))}
        return Answers(record_mlx(module, _mlx_input(), spread=0), shapes)

    return WeightFile(name, ".safetensors", "safetensors", description, save)


def mlx_model(cell: str) -> Any:
    """With drawn weights."""
    import mlx.core as mx
    import mlx.nn as nn
    from mlx.utils import tree_flatten, tree_unflatten

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            make: Callable[[int, int], Any] = getattr(nn, cell)
            self.lower = make(INPUT, 4)
            if cell == "LSTM":
                self.upper = make(4, 3)
            if cell != "RNN":
                self.head = nn.Linear(3 if cell == "LSTM" else 4, 2)

        def __call__(self, sequence: Any) -> Any:
            if cell == "RNN":
                return self.lower(sequence)
            if cell == "GRU":
                return self.head(self.lower(sequence))
            return self.head(self.upper(self.lower(sequence)[0])[0])

    module = Model()
    flat = sorted(tree_flatten(module.parameters()))
    drawn = [(key, mx.array(draw(index, *values.shape))) for index, (key, values) in enumerate(flat)]
    module.update(tree_unflatten(drawn))
    return module


def _mlx_input() -> Any:
    import mlx.core as mx

    return mx.array(np.asarray(draw_input()))

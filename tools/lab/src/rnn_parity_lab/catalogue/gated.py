"""GRU and LSTM networks with random weights."""

from __future__ import annotations

from ..description import CaseDescription, Cell, LayerDescription
from ..fixture import Fixture, random_fixture
from .cases import KERAS, PYTORCH, backward_only, case, variants

GROUP = "gated"


def fixtures() -> list[Fixture]:
    """Each run rightly by all its frameworks."""
    cases = [
        description
        for cell in ("gru", "lstm")
        for description in [
            *_topologies(cell),
            *variants(cell),
            *backward_only(cell),
            *_activations(cell),
        ]
    ]
    cases += [*_reset_before(), *_projections(), *_mixed_cells()]
    return [random_fixture(GROUP, description) for description in cases]


def _topologies(cell: Cell) -> list[CaseDescription]:
    one = LayerDescription(cell, 7)
    both_ways = LayerDescription(cell, 7, direction="bidirectional")
    return [
        case(f"simple{cell}", f"One {cell} layer.", one),
        case(f"bi{cell}", f"One bidirectional {cell} layer.", both_ways),
        case(f"stacked{cell}", f"Three {cell} layers.", one, one, one),
        case(f"stackedbi{cell}", f"Two bidirectional {cell} layers.", both_ways, both_ways),
    ]


def _activations(cell: Cell) -> list[CaseDescription]:
    """The activations that only Keras lets one choose. A linear cell needs small weights."""
    cases = [
        case(
            f"simple{cell}-{activation}",
            f"A {cell} whose activation is {activation}.",
            LayerDescription(cell, 7, activation=activation),
            weight_scale=1.0,
            references=KERAS,
        )
        for activation in ("relu", "sigmoid", "linear")
    ]
    cases.append(
        case(
            f"stackedbi{cell}-hard-sigmoid",
            f"A {cell} whose gates use the hard sigmoid, with weights that reach its corners.",
            *(
                LayerDescription(
                    cell, 7, direction="bidirectional", recurrent_activation="hard_sigmoid"
                ),
            )
            * 2,
            weight_scale=5.0,
            references=KERAS,
        )
    )
    return cases


def _reset_before() -> list[CaseDescription]:
    """Keras's other GRU, which applies the reset gate before the recurrent product."""
    one = LayerDescription("gru", 7, reset_after=False)
    both_ways = LayerDescription("gru", 7, direction="bidirectional", reset_after=False)
    square = LayerDescription("gru", 5, reset_after=False)
    return [
        case(
            "stackedgru-reset-before",
            "Three gru layers that reset before the product.",
            one,
            one,
            one,
            references=KERAS,
        ),
        case(
            "stackedbigru-reset-before",
            "Two bidirectional gru layers that reset before the product.",
            both_ways,
            both_ways,
            references=KERAS,
        ),
        case(
            "simplegru-reset-before-square",
            "A gru that resets before the product, its input and hidden size equal.",
            square,
            references=KERAS,
        ),
    ]


def _projections() -> list[CaseDescription]:
    """PyTorch's lstm with proj_size."""
    one = LayerDescription("lstm", 7, projection_size=4)
    both_ways = LayerDescription("lstm", 7, direction="bidirectional", projection_size=4)
    return [
        case(
            "stackedlstm-projection",
            "Three lstm layers that project their state.",
            one,
            one,
            one,
            references=PYTORCH,
        ),
        case(
            "stackedbilstm-projection",
            "Two bidirectional lstm layers that project their state.",
            both_ways,
            both_ways,
            references=PYTORCH,
        ),
        case(
            "stackedbilstm-projection-ragged",
            "Two bidirectional lstm layers that project their state, packed.",
            both_ways,
            both_ways,
            lengths=(7, 12, 4),
            references=PYTORCH,
        ),
    ]


def _mixed_cells() -> list[CaseDescription]:
    return [
        case(
            "mixed-stack",
            "An lstm, a gru and a plain layer of different sizes.",
            LayerDescription("lstm", 9),
            LayerDescription("gru", 6),
            LayerDescription("rnn", 4),
        ),
        case(
            "mixed-bidirectional",
            "A bidirectional gru, a forward lstm and a bidirectional plain layer with ReLU.",
            LayerDescription("gru", 4, direction="bidirectional"),
            LayerDescription("lstm", 9),
            LayerDescription("rnn", 6, direction="bidirectional", activation="relu"),
            seed=192,  # no ReLU unit is dead
        ),
    ]

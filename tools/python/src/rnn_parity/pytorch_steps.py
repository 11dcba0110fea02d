"""One step of an lstm layer at a time, at the cost of the arithmetic alone.

On a CPU the operator packs both weight matrices anew in every call: for one step, several times the work of
the step. Here they are packed once, for the same kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

Step = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
"""Takes a step's input (1, B, I) and the states h (1, B, H) and c (1, B, H); gives the next states."""

_LSTM = 2
"""What the kernel calls an lstm."""


def packed_step(weights: Mapping[str, Tensor], fed: Tensor, expected: Step) -> Step:
    """`expected`, which runs the operator, or the same with packed weights where that gives the same bits.

    weights: of one direction of a layer.   fed: the input (1, B, I) of a step, by which both are tried.
    """
    if not _can_pack(weights, fed):
        return expected
    weight_ih, weight_hh = weights["weight_ih"], weights["weight_hh"]
    size = int(weight_hh.shape[1])
    is_biased = "bias_ih" in weights
    kinds = ("bias_ih", "bias_hh")
    biases = [weights[kind] if is_biased else weight_ih.new_zeros(4 * size) for kind in kinds]
    options: dict[str, Any] = {
        "reverse": False,
        "batch_sizes": [],
        "mode": _LSTM,
        "hidden_size": size,
        "num_layers": 1,
        "has_biases": is_biased,
        "bidirectional": False,
        "batch_first": False,
        "train": False,
    }

    packed: list[Tensor] = []

    def step(fed: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        _, h, c, _ = torch.mkldnn_rnn_layer(fed.contiguous(), *packed, *biases, h, c, **options)
        return h, c

    # Values, not zeros: of zeros any kernel makes the same.
    state = fed.new_ones(1, fed.shape[1], size).cumsum(-1).sin()
    try:
        packed += torch.ops.mkldnn._reorder_mkldnn_rnn_layer_weight(
            weight_ih, weight_hh, size, False, is_biased, False, list(fed.shape)
        )
        found = step(fed, state, state)
    except (RuntimeError, TypeError, ValueError):
        # Both functions are private: another version of torch may have others.
        return expected
    is_same = all(torch.equal(*pair) for pair in zip(found, expected(fed, state, state)))
    return step if is_same else expected


def _can_pack(weights: Mapping[str, Tensor], fed: Tensor) -> bool:
    """Whether the operator uses that kernel, which has neither projections nor another precision."""
    return (
        fed.device.type == "cpu"
        and "weight_hr" not in weights
        and all(tensor.dtype == torch.float32 for tensor in (fed, *weights.values()))
        and not torch.is_autocast_enabled("cpu")
        and not torch.is_grad_enabled()
        and fed.numel() > 0
        and torch.backends.mkldnn.is_available()
        and bool(torch.backends.mkldnn.enabled)
        and hasattr(torch, "mkldnn_rnn_layer")
        and hasattr(torch.ops.mkldnn, "_reorder_mkldnn_rnn_layer_weight")
    )

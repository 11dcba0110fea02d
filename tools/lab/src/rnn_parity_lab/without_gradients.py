"""Recording as a model runs at inference: no gradients are made, for which some kernels round otherwise."""

from __future__ import annotations

from typing import Any

from rnn_parity import Case


def record_pytorch(model: Any, *inputs: Any, **options: Any) -> Case:
    """As `rnn_parity.record_pytorch`, without gradients."""
    import torch
    from rnn_parity import record_pytorch

    with torch.no_grad():
        return record_pytorch(model, *inputs, **options)

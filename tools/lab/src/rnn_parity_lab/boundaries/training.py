"""Trains an architecture on the digits, in PyTorch."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import torch
from torch import nn

from ..digits import digits
from .architectures import Architecture
from .drawing import Draw
from .pytorch_model import PyTorchModel
from .steps import Model

_EPOCHS = 2
_NETWORKS = 3
"""Trained anew so often; further seeds show the same networks other images."""


def trained(architecture: Architecture, seed: int, merged: bool) -> Model:
    """With images that training has not seen."""
    images = np.random.default_rng([seed, 5]).integers(0, len(digits().test_images), 4)
    model = _network(architecture, seed % _NETWORKS, merged)
    return replace(model, inputs=(digits().test_images[images],))


@cache
def _network(architecture: Architecture, seed: int, merged: bool) -> Model:
    drawn = architecture.draw(Draw(np.random.default_rng([seed, 6]), merged))
    torch.manual_seed(seed)
    module = PyTorchModel(drawn)
    # Without a b_hn to begin with, none may be learnt.
    learnt = [p for name, p in module.named_parameters() if not (merged and "bias_hh" in name)]
    optimizer = torch.optim.Adam(learnt, 0.005)
    images, labels = torch.tensor(digits().train_images), torch.tensor(digits().train_labels)
    for _ in range(_EPOCHS):
        for batch in torch.randperm(len(images)).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(module(images[batch]), labels[batch]).backward()
            optimizer.step()
    return Model(module.eval().trained(), ())

"""Leaves everything as it was: random states, buffers, attributes, modes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from .pytorch_trees import mapped


@contextmanager
def preserved(modules: Sequence[nn.Module]) -> Iterator[None]:
    """Random states and what the modules hold are restored at the end.

    A buffer is written back only where it changed: writing would end pending gradients.
    """
    devices = sorted({str(own.device) for module in modules for own in module.parameters() if own.is_cuda})
    python, legacy = random.getstate(), np.random.get_state()
    held = [_Held(module) for module in modules]
    with torch.random.fork_rng([torch.device(device) for device in devices], enabled=True):
        try:
            yield
        finally:
            for one in held:
                one.restore()
            random.setstate(python)
            np.random.set_state(legacy)


@contextmanager
def run_as_written(modules: Sequence[nn.Module]) -> Iterator[None]:
    """No gradients, and what was compiled is run as it was written, where operators can be seen."""
    compiled = any(getattr(module, "_compiled_call_impl", None) is not None for module in modules)
    with ExitStack() as stack:
        stack.enter_context(torch.no_grad())
        if compiled or any(type(module).__name__ == "OptimizedModule" for module in modules):
            stack.enter_context(torch.compiler.set_stance("force_eager"))  # type: ignore[arg-type]
        yield


class _Held:
    """What a module holds now."""

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.attributes = dict(module.__dict__)
        self.parameters = dict(module._parameters)
        self.buffers = dict(module._buffers)
        self.lists = [(own, list(own)) for own in self.attributes.values() if type(own) is list]
        self.copies = [(tensor, tensor.detach().clone()) for tensor in self._tensors()]

    def restore(self) -> None:
        module = self.module
        if not isinstance(module, torch.jit.ScriptModule):
            for name in module.__dict__.keys() - self.attributes.keys():
                del module.__dict__[name]
            module.__dict__.update(self.attributes)
            for own, before in ((module._parameters, self.parameters), (module._buffers, self.buffers)):
                own.clear()
                own.update(before)
        for values, before_values in self.lists:
            values[:] = before_values
        for tensor, copy in self.copies:
            if not torch.equal(tensor.detach(), copy):
                with torch.no_grad():
                    tensor.copy_(copy)

    def _tensors(self) -> list[Tensor]:
        found: list[Tensor] = []

        def collect(tensor: Tensor) -> Tensor:
            if not isinstance(tensor, nn.Parameter) and tensor.layout == torch.strided:
                found.append(tensor)
            return tensor

        plain = {
            key: value
            for key, value in self.attributes.items()
            if not key.startswith("_") and isinstance(value, (Tensor, tuple, list, dict))
        }
        held: list[Any] = [plain, [buffer for buffer in self.buffers.values() if buffer is not None]]
        mapped(held, collect)
        return found

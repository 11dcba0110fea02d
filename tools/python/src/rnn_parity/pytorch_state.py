"""Leaves everything as it was: random states, buffers, attributes, modes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from .pytorch_trees import mapped

_MACHINERY = frozenset(nn.Module().__dict__)


@contextmanager
def preserved(modules: Sequence[nn.Module]) -> Iterator[None]:
    """Random states and what the modules hold are restored at the end.

    Buffers and other tensors are replaced by copies meanwhile, and so are embeddings that a call scales to
    `max_norm`. Writing into the user's own, even what they held, would end gradients that wait for them.
    """
    devices = sorted({str(own.device) for module in modules for own in module.parameters() if own.is_cuda})
    python, legacy = random.getstate(), np.random.get_state()
    copies: dict[int, Tensor] = {}
    held = [_Held(module) for module in modules]
    scaled = {id(one.module.weight) for one in held if getattr(one.module, "max_norm", None) is not None}
    with torch.random.fork_rng([torch.device(device) for device in devices]):
        try:
            for one in held:
                one.lend(copies, scaled)
            yield
        finally:
            for one in held:
                one.restore()
            random.setstate(python)
            np.random.set_state(legacy)


@contextmanager
def run_as_written(modules: Sequence[nn.Module]) -> Iterator[None]:
    """What was compiled is run as it was written, where operators can be seen.

    Gradients are made or not as the caller has it: some kernels round otherwise where they are.
    """
    with torch.compiler.set_stance("force_eager") if has_compiled(modules) else nullcontext():
        yield


def has_compiled(modules: Sequence[nn.Module]) -> bool:
    """Whether any module was compiled, by torch.compile or by its own method."""
    return any(
        type(module).__name__ == "OptimizedModule" or getattr(module, "_compiled_call_impl", None) is not None
        for module in modules
    )


class _Held:
    """What a module holds now."""

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.is_script = isinstance(module, torch.jit.ScriptModule)
        self.attributes = dict(module.__dict__)
        self.parameters = dict(module._parameters)
        self.buffers = dict(module._buffers)
        self.script_copies = [
            (buffer, buffer.clone()) for buffer in module.buffers(recurse=False) if self.is_script
        ]

    def lend(self, copies: dict[int, Tensor], scaled: set[int]) -> None:
        """Replaces tensors by copies; one that several modules hold, by one copy.

        scaled: ids of the parameters that are replaced as well.
        """
        if self.is_script:
            return

        def copy(tensor: Tensor) -> Tensor:
            if isinstance(tensor, nn.Parameter) or tensor.layout != torch.strided:
                return tensor
            return copies.setdefault(id(tensor), tensor.detach().clone())

        for name, buffer in self.buffers.items():
            self.module._buffers[name] = None if buffer is None else copy(buffer)
        for name, parameter in self.parameters.items():
            if id(parameter) in scaled:
                own = nn.Parameter(parameter.detach().clone(), parameter.requires_grad)
                self.module._parameters[name] = copies.setdefault(id(parameter), own)
        for name, value in self.attributes.items():
            if name not in _MACHINERY and type(value) in (Tensor, tuple, list, dict):
                self.module.__dict__[name] = mapped(value, copy)

    def restore(self) -> None:
        """Everything is the module's own again."""
        module: Any = self.module
        for buffer, copy in self.script_copies:
            buffer.copy_(copy)
        if self.is_script:
            return
        for name in module.__dict__.keys() - self.attributes.keys():
            del module.__dict__[name]
        module.__dict__.update(self.attributes)
        for own, before in ((module._parameters, self.parameters), (module._buffers, self.buffers)):
            own.clear()
            own.update(before)

"""The modules of a PyTorch model: their names, and those recurrent ones that cannot be observed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from torch import jit, nn

from .case import LeftOut, Repeated
from .errors import UnknownModule, UnsupportedModule
from .loops import LoopCount
from .pytorch_observation import STOCK

_RECURRENT_NAME = re.compile(r"(LSTM|GRU|RNN)(Cell)?$|^(LSTM|GRU|RNN|QRNN|SRU)(?=[A-Z_]|$)")
_RECURRENT_OPERATOR = re.compile(
    r"aten::(quantized_)?(lstm|gru|rnn_tanh|rnn_relu)(_cell)?\b|quantized::\w*(lstm|gru)"
)


def module_paths(model: nn.Module) -> dict[str, nn.Module]:
    """Every module by its path in the model; a compiled one is the one that it compiles."""
    paths: dict[str, nn.Module] = {}
    for path, module in model.named_modules(remove_duplicate=False):
        plain = ".".join(part for part in path.split(".") if part != "_orig_mod")
        if type(module).__name__ != "OptimizedModule":
            paths.setdefault(plain, module)
    return paths


def check_ignored(paths: Mapping[str, nn.Module], ignore: Sequence[str]) -> None:
    """Every ignored path must be one of the model's."""
    for path in ignore:
        if path not in paths:
            known = [own for own, module in paths.items() if own and _is_recurrent(module)]
            raise UnknownModule(
                path,
                expected="a module of the model in ignore=, of which these are recurrent: "
                + (", ".join(known) or "none"),
                found="no module of this path",
            )


def is_under(path: str, ignored: Collection[str]) -> bool:
    """Whether `path` is one of the ignored, or inside one."""
    return any(path == own or path.startswith(f"{own}.") for own in ignored)


def refuse_unsupported(paths: Mapping[str, nn.Module], ignore: Sequence[str]) -> None:
    """Raises for the first recurrent module that cannot be observed and is not ignored."""
    for path, module in paths.items():
        if is_under(path, ignore):
            continue
        found = _unsupported(path, module)
        if found is not None:
            raise UnsupportedModule(
                path or type(module).__name__, expected="a recurrent module that can be observed", found=found
            )


def left_out(paths: Mapping[str, nn.Module], ignore: Sequence[str]) -> tuple[LeftOut, ...]:
    """The recurrent modules under the ignored paths; the path itself where nothing under it is one."""
    found = []
    for own in ignore:
        under = [path for path, module in paths.items() if is_under(path, [own]) and _is_recurrent(module)]
        for path in under or [own]:
            found.append(LeftOut(path, type(paths[path]).__name__, "user", "ignored"))
    return tuple(dict.fromkeys(found))


def unused(paths: Mapping[str, nn.Module], called: Collection[str], ignore: Sequence[str]) -> tuple[str, ...]:
    """The recurrent modules of which no call was recorded."""
    return tuple(
        path
        for path, module in paths.items()
        if isinstance(module, STOCK) and path not in called and not is_under(path, ignore)
    )


def repeated(
    paths: Mapping[str, nn.Module],
    module_calls: Mapping[str, LoopCount],
    parameter_uses: Mapping[int, LoopCount],
    ignore: Sequence[str],
) -> tuple[Repeated, ...]:
    """The outermost modules that were called in a loop, and those whose parameters were used in one."""
    found: dict[str, Repeated] = {}
    for path, module in paths.items():
        if is_under(path, list(found)) or is_under(path, ignore) or isinstance(module, STOCK):
            continue
        own = (parameter_uses.get(id(one)) for one in module.parameters(recurse=False))
        uses = max((one.calls for one in own if one is not None and one.is_loop), default=0)
        calls = module_calls.get(path, LoopCount())
        has_stock = any(isinstance(child, STOCK) for child in module.modules())
        if calls.is_loop and not has_stock and next(module.parameters(), None) is not None:
            found[path] = Repeated(path, type(module).__name__, calls.calls)
        elif uses:
            found[path or type(module).__name__] = Repeated(
                path or type(module).__name__, type(module).__name__, uses
            )
    return tuple(found.values())


def _is_recurrent(module: nn.Module) -> bool:
    return isinstance(module, STOCK) or _unsupported("module", module) is not None


def _unsupported(path: str, module: nn.Module) -> str | None:
    name = type(module).__name__
    if isinstance(module, jit.ScriptModule):
        original = str(getattr(module, "original_name", ""))
        graph = str(getattr(module, "inlined_graph", "")) if hasattr(module, "forward") else ""
        if _RECURRENT_NAME.search(original) or _RECURRENT_OPERATOR.search(graph):
            return f"TorchScript {original}"
        return None
    if isinstance(module, nn.RNNBase) and module.training and module.dropout > 0 and module.num_layers > 1:
        return f"{name} with dropout {module.dropout} inside its stack, in training mode: call eval()"
    origin = type(module).__module__
    if "quantiz" in origin and _RECURRENT_NAME.search(name):
        return f"quantized {origin}.{name}"
    is_other = _RECURRENT_NAME.search(name) and not isinstance(module, (*STOCK, nn.RNNBase, nn.RNNCellBase))
    if is_other and path and not any(isinstance(child, STOCK) for child in module.modules()):
        return f"{name}, a recurrent class of its own"
    return None

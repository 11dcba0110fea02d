"""Records what a PyTorch model's recurrent layers compute, as the model itself runs them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from .case import Array, Case, ModelRecord, Reference, boundaries, validity
from .errors import RecordingError
from .given import given_reference
from .pytorch_layers import Arrangement, environment, shared_weights
from .pytorch_modules import check_ignored, left_out, module_paths, refuse_unsupported, repeated, unused
from .pytorch_observation import ObservedCall, Observer, is_stock
from .pytorch_perturbation import Perturbation
from .pytorch_pinning import Replacement, held, replacement
from .pytorch_state import has_compiled, preserved, run_as_written
from .pytorch_trees import array, mapped, named_inputs, named_outputs, storages
from .spread import Spread, SpreadMeasurement, with_held

_SEED = 0


def record_pytorch(
    model: nn.Module | Callable[..., Any] | Sequence[nn.Module],
    *inputs: Any,
    kwargs: Mapping[str, Any] | None = None,
    ignore: Sequence[str] = (),
    given: Case | Reference | str | Path | None = None,
    spread: int = 8,
    outputs: Callable[[Any], Mapping[str, Any]] | None = None,
    h0: Any = None,
    lengths: Sequence[int] | Tensor | None = None,
    trim: tuple[int, int] | int | None = None,
    progress: bool = False,
    case: str = "pytorch",
    name: str = "pytorch",
    path: str | Path | None = None,
) -> Case:
    """Run `model(*inputs, **kwargs)` and record every recurrent layer; write a fixture if `path` is given.

    model: any nn.Module, or a callable; or a list of recurrent layers, each fed the output of the one before.
    ignore: paths of modules that are left out, with everything under them.
    given: another recording, to whose recurrent outputs the run is pinned, so that what lies between the
        layers can be compared whatever lies upstream.
    spread: number of perturbed runs that measure how far rounding moves what lies between layers; 0: none.
        Without `given`, as many more measure it with the recurrent outputs held, which need not be computed;
        bare layers need none.
    outputs: takes what the model returned and gives named tensors, for types that are not known here.
    h0, lengths: for a bare recurrent layer or a list: initial states as the layer takes them (one each for
        a list), and the valid steps of each sequence, which is then packed.
    trim: (steps, sequences) to keep, for a bug report.
    """
    bare = _bare(model)
    if bare is None and (h0 is not None or lengths is not None):
        raise TypeError(
            "h0= and lengths= are for a bare recurrent layer; pass a model's own arguments by kwargs={...}"
        )
    is_chain = bare is not None and (
        h0 is not None or lengths is not None or isinstance(model, (list, tuple))
    )
    if is_chain:
        assert bare is not None
        model, inputs = _Chain(bare, lengths), (*inputs, _hx(bare, h0))
    assert callable(model)
    recording = _Recording(model, inputs, dict(kwargs or {}), tuple(ignore), outputs, progress)
    recording.is_bare = bare is not None and not ignore and outputs is None and all(map(is_stock, bare))
    with run_as_written(recording.modules):
        reference = recording.reference(name, given, spread)
    recorded = Case(case=case, references=(reference,))
    if is_chain:
        first = reference.layers[0]
        recorded = replace(recorded, input=first.input, lengths=first.lengths)
    if trim is not None:
        recorded = recorded.trimmed(trim)
    if path is not None:
        recorded.save(path)
    return recorded


@dataclass(frozen=True)
class _Run:
    """What one run showed."""

    observer: Observer
    inputs: dict[str, Array]
    outputs: dict[str, Array]
    formats: dict[str, str]
    given: set[int]


class _Recording:
    """One model with its arguments, run as often as is needed.

    is_bare: whether all that the model does is to call PyTorch's own recurrent layers one after the other.
    """

    is_bare = False

    def __init__(
        self,
        model: Callable[..., Any],
        inputs: tuple[Any, ...],
        kwargs: dict[str, Any],
        ignore: tuple[str, ...],
        outputs: Callable[[Any], Mapping[str, Any]] | None,
        progress: bool,
    ) -> None:
        if isinstance(model, (nn.DataParallel, nn.parallel.DistributedDataParallel)):
            model = model.module
        self.model = getattr(model, "_orig_mod", model)
        self.inputs, self.kwargs, self.ignore = inputs, kwargs, ignore
        self.outputs, self.progress = outputs, progress
        self.modules = list(model.modules()) if isinstance(model, nn.Module) else []
        self.paths = module_paths(self.model) if isinstance(self.model, nn.Module) else {}
        check_ignored(self.paths, ignore)
        refuse_unsupported(self.paths, ignore)

    def reference(self, name: str, given: Any, spread: int) -> Reference:
        """The recorded run, and as many perturbed ones."""
        pinned, pin = None, None
        if given is None:
            run = self._run(detailed=True)
            arrangement = self._arrangement(run)
            recorded = arrangement.recorded
        else:
            other, pinned = given_reference(given)
            arrangement = self._arrangement(self._run(detailed=False))
            pin = replacement(arrangement, other)
            run = self._run(detailed=True, pin=pin)
            recorded = arrangement.applied(run.observer.calls)
        calls = run.observer.calls
        called = {call.path for call in calls}
        model = ModelRecord(
            inputs=run.inputs,
            outputs=run.outputs,
            left_out=left_out(self.paths, self.ignore),
            unused=unused(self.paths, called, self.ignore),
            repeated=repeated(
                self.paths, run.observer.module_calls, run.observer.parameter_uses, self.ignore
            ),
        )
        precisions = {layer.precision for layer in recorded}
        precision = precisions.pop() if len(precisions) == 1 else None
        layers = shared_weights(
            layer if precision is None else replace(layer, precision=None) for layer in recorded
        )
        reference = Reference(
            name=name,
            framework="pytorch",
            framework_version=torch.__version__.split("+")[0],
            convention="pytorch",
            layers=layers,
            environment=environment(calls[0].input.device.type, has_compiled(self.modules)),
            precision=precision,
            model=model,
        )
        if spread == 0:
            return reference
        measured = self._spread(reference, run, arrangement, spread, pin, pinned)
        if pin is None and not self.is_bare:
            again = self._spread(reference, run, arrangement, spread, held(calls), pinned, calls)
            measured = with_held(measured, again)
        return replace(reference, model=replace(model, spread=measured))

    def _arrangement(self, run: _Run) -> Arrangement:
        if not run.observer.calls:
            raise RecordingError(
                type(self.model).__name__,
                expected="a model that calls a recurrent layer which is not ignored",
                found="none was called",
            )
        return Arrangement(run.observer.calls, run.given)

    def _spread(
        self,
        reference: Reference,
        run: _Run,
        arrangement: Arrangement,
        runs: int,
        pin: Replacement | None,
        pinned: str | None,
        calls: Sequence[ObservedCall] = (),
    ) -> Spread:
        recorded = boundaries(reference)
        formats = {f"outputs/{key}": own for key, own in run.formats.items()}
        formats |= arrangement.formats(run.observer.calls)
        measurement = SpreadMeasurement(recorded, validity(reference), formats)
        for index in range(runs):
            try:
                moved = self._run(
                    detailed=False, pin=pin, perturbation=Perturbation(_SEED + index), held=calls
                )
            except RuntimeError as error:
                if not torch.is_grad_enabled():
                    raise
                raise RecordingError(
                    "spread",
                    expected="a model that does not differentiate what it computes, or spread=0",
                    found=f"in a perturbed run: {error}",
                ) from error
            layers = tuple(arrangement.applied(moved.observer.calls))
            model = ModelRecord(outputs=moved.outputs)
            measurement.add(boundaries(replace(reference, layers=layers, model=model)))
            if self.progress:
                print(f"perturbed run {index + 1} of {runs}", flush=True)
        if self.is_bare and pin is None:
            return measurement.result_of_bare(_SEED)
        return measurement.result(_SEED, pinned)

    def _run(
        self,
        *,
        detailed: bool,
        pin: Replacement | None = None,
        perturbation: Perturbation | None = None,
        held: Sequence[ObservedCall] = (),
    ) -> _Run:
        """From the same random state and buffers each time.

        held: the calls of another run, whose results these return without being made.
        """
        observer = Observer(
            {id(module): path for path, module in reversed(self.paths.items())},
            self.ignore,
            detailed,
            perturbation,
            pin,
            held,
        )
        inputs, kwargs = mapped(
            (self.inputs, self.kwargs), lambda tensor: _like(tensor, tensor.detach().clone())
        )
        if perturbation is not None:
            moving = perturbation
            inputs, kwargs = mapped((inputs, kwargs), lambda tensor: _like(tensor, moving.moved(tensor)))
        named = {key: array(tensor) for key, tensor in named_inputs(self.model, inputs, kwargs).items()}
        known = storages((inputs, kwargs))
        with preserved(list(self.paths.values())):
            if isinstance(self.model, nn.Module):
                tensors = {**dict(self.model.named_parameters()), **dict(self.model.named_buffers())}
                known |= storages(list(tensors.values()))
            with observer.watching():
                if perturbation is None or not isinstance(self.model, nn.Module):
                    returned = self.model(*inputs, **kwargs)
                else:
                    moved = {
                        key: _like(tensor, perturbation.moved(tensor)) for key, tensor in tensors.items()
                    }
                    with warnings.catch_warnings():
                        # On a GPU a recurrent layer warns that its weights lie apart.
                        warnings.simplefilter("ignore")
                        returned = functional_call(self.model, moved, tuple(inputs), kwargs)
            tensors = named_outputs(returned, self.outputs)
            shown = {key: array(tensor) for key, tensor in tensors.items()}
            formats = {key: "bfloat16" for key, own in tensors.items() if own.dtype == torch.bfloat16}
        return _Run(observer, named, shown, formats, known)


def _like(tensor: Tensor, other: Tensor) -> Tensor:
    """The other, with gradients where the caller's run makes some of this one."""
    needs_gradient = tensor.requires_grad and torch.is_grad_enabled()
    return other.requires_grad_() if needs_gradient and not other.requires_grad else other


# Bare layers


class _Chain(nn.Module):
    """Recurrent layers, each fed the output of the one before."""

    def __init__(self, layers: Sequence[nn.RNNBase], lengths: Any) -> None:
        super().__init__()
        cells = [type(layer).__name__.lower() for layer in layers]
        self.names = cells if len(cells) == 1 else [f"{cell}_{index}" for index, cell in enumerate(cells)]
        self.lengths = None if lengths is None else torch.as_tensor(lengths)
        for name, layer in zip(self.names, layers):
            self.add_module(name, layer)
        self.train(layers[0].training)

    def forward(self, input: Tensor, hx: Sequence[Any]) -> Tensor:
        """input: (T, B, I), or (B, T, I) if the first layer is batch_first."""
        layers: list[Any] = [getattr(self, name) for name in self.names]
        first = layers[0].batch_first
        fed: Tensor | PackedSequence = input
        if self.lengths is not None:
            fed = pack_padded_sequence(input, self.lengths.cpu(), batch_first=first, enforce_sorted=False)
        for layer, state in zip(layers, hx):
            if isinstance(fed, Tensor) and layer.batch_first != first:
                fed = fed.transpose(0, 1)
            first = layer.batch_first
            fed, _ = layer(fed, state)
        return fed if isinstance(fed, Tensor) else pad_packed_sequence(fed, batch_first=first)[0]


def _bare(model: Any) -> list[nn.RNNBase] | None:
    layers = [model] if isinstance(model, nn.Module) else model
    if not isinstance(layers, (list, tuple)):
        return None
    if all(isinstance(layer, nn.RNNBase) for layer in layers):
        return list(layers)
    if isinstance(model, (list, tuple)):
        raise RecordingError(
            "the list",
            expected="nn.RNN, nn.GRU or nn.LSTM layers",
            found=", ".join(type(layer).__name__ for layer in model),
        )
    return None


def _hx(layers: Sequence[nn.RNNBase], h0: Any) -> list[Any]:
    states = [h0] if len(layers) == 1 and not isinstance(h0, list) else h0
    states = [None] * len(layers) if states is None else list(states)
    if len(states) != len(layers):
        raise RecordingError(
            "h0", expected=f"one initial state for each of {len(layers)} layers", found=f"{len(states)}"
        )
    return states

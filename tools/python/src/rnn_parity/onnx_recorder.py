"""Records what ONNX Runtime computes in the recurrent nodes of an ONNX model.

The nodes' inputs and outputs are made outputs of the model, which is then run: nothing is taken out of it.
"""

from __future__ import annotations

import platform
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from . import onnx_model
from .arrangement import Arrangement
from .case import (
    Array,
    Case,
    LeftOut,
    ModelRecord,
    RecordedLayer,
    Reference,
    Repeated,
    boundaries,
    layer_name,
    validity,
)
from .errors import RecordingError
from .given import Pin, given_reference, pins
from .onnx_layers import recorded_layer
from .onnx_nodes import RecurrentNode, left_out, loops, name_outputs, recurrent_nodes
from .onnx_pinning import pin
from .onnx_sources import source_of
from .perturbation import moved
from .spread import Spread, SpreadMeasurement, with_held

_SEED = 0
_RETURNED = ("Y", "Y_h", "Y_c")


def record_onnx(
    model: str | Path | onnx.ModelProto,
    inputs: Mapping[str, Any],
    *,
    ignore: Collection[str] = (),
    given: Case | str | Path | None = None,
    spread: int = 8,
    case: str | None = None,
    name: str = "onnxruntime",
    path: str | Path | None = None,
) -> Case:
    """Record every RNN, GRU and LSTM node of `model`, run by ONNX Runtime on the CPU.

    model: a file or a ModelProto.   inputs: the model's inputs by name, as arrays.
    ignore: paths of recurrent nodes to leave out.
    given: another recording; every recurrent output is replaced by what it holds, so that each boundary
        can be judged alone.
    spread: number of runs that measure how far rounding moves the boundaries; without `given`, as many
        more measure it with the recurrent outputs held, which are not computed again.
    case: name of the case, by default the file's.   path: where to write it.
    """
    recording = _Recording(
        _Prepared.of(model, ignore), {key: np.asarray(values) for key, values in inputs.items()}
    )
    label = case or ("model" if isinstance(model, onnx.ModelProto) else Path(model).stem)
    result = Case(case=label, references=(recording.reference(name, given, spread),))
    if path is not None:
        result.save(path)
    return result


@dataclass(frozen=True)
class _Prepared:
    """A model whose recurrent nodes have names for all they return.

    untouched: the model as the user would run it; None where ONNX Runtime cannot (layout 1).
    """

    model: onnx.ModelProto
    untouched: Any
    nodes: tuple[RecurrentNode, ...]
    left_out: tuple[LeftOut, ...]
    repeated: tuple[tuple[onnx.NodeProto, Repeated], ...]
    rewritten: bool

    @classmethod
    def of(cls, model: Any, ignore: Collection[str]) -> _Prepared:
        prepared = onnx_model.loaded(model)
        rewritten = onnx_model.time_major(prepared.graph)
        name_outputs(prepared.graph)
        omitted = left_out(prepared.graph, ignore)
        nodes = tuple(one for one in recurrent_nodes(prepared.graph) if one.path not in ignore)
        return cls(prepared, model, nodes, tuple(omitted), tuple(loops(prepared.graph)), rewritten)

    @property
    def opset(self) -> int:
        return next((one.version for one in self.model.opset_import if one.domain in ("", "ai.onnx")), 1)


class _Recording:
    """One model with one set of inputs."""

    def __init__(self, prepared: _Prepared, feeds: Mapping[str, Array]) -> None:
        self.prepared = prepared
        self.feeds = dict(feeds)
        self.constants = onnx_model.initializers(prepared.model.graph)
        self._check_inputs()

    def _check_inputs(self) -> None:
        declared = [one.name for one in self.prepared.model.graph.input]
        needed = {name for name in declared if name not in self.constants}
        if not needed <= self.feeds.keys() <= set(declared):
            raise RecordingError(
                "inputs",
                expected=", ".join(sorted(needed)) or "none",
                found=", ".join(sorted(self.feeds)) or "none",
            )

    def reference(self, name: str, given: Case | Reference | str | Path | None, spread: int) -> Reference:
        """The recorded run; pinned to `given`, if that is there; and as many perturbed runs."""
        run = self._run(self._visible(()))
        arrangement = Arrangement(run.calls, run.keys)
        pinned: Sequence[Pin] = ()
        pinned_to = None
        if given is not None:
            other, pinned_to = given_reference(given)
            pinned = pins(arrangement, "onnx", other)
            run = self._run(self._visible(pinned))
        if pinned or self.prepared.rewritten:
            outputs = self._outputs(run.values)
        else:
            outputs = onnx_model.run(onnx_model.loaded(self.prepared.untouched), self.feeds)
        reference = Reference(
            name=name,
            framework="onnxruntime",
            framework_version=onnxruntime.__version__,
            convention="onnx",
            layers=tuple(arrangement.applied(run.calls)),
            environment=self._environment(),
            model=ModelRecord(
                inputs=self.feeds,
                outputs=outputs,
                left_out=self.prepared.left_out,
                repeated=tuple(
                    replace(one, calls=_times(node, run.values)) for node, one in self.prepared.repeated
                ),
            ),
        )
        if not spread:
            return reference
        measured = self._spread(arrangement, reference, pinned, spread, pinned_to)
        if given is None:
            own = pins(arrangement, "onnx", reference)
            measured = with_held(measured, self._spread(arrangement, reference, own, spread, None))
        assert reference.model is not None
        return replace(reference, model=replace(reference.model, spread=measured))

    def _environment(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "machine": platform.machine(),
            "opset": self.prepared.opset,
            "provider": "CPUExecutionProvider",
        }
        if self.prepared.rewritten:
            found["rewritten"] = "layout 1, which ONNX Runtime does not run, by transpositions"
        return found

    def _outputs(self, values: Mapping[str, Array]) -> dict[str, Array]:
        return {one.name: values[one.name] for one in self.prepared.model.graph.output if one.name in values}

    def _unread(self, nodes: Sequence[RecurrentNode]) -> set[str]:
        """What pinned nodes return, unless it is given to another or is the model's own output."""
        read = {one.name for one in self.prepared.model.graph.output}
        read |= {tensor for one in nodes for name, tensor in one.tensors.items() if name not in _RETURNED}
        return {one.tensors[name] for one in nodes for name in _RETURNED if name in one.tensors} - read

    def _visible(self, pinned: Sequence[Pin]) -> _Visible:
        """The model with the tensors of all recurrent nodes among its outputs."""
        model = onnx.ModelProto()
        model.CopyFrom(self.prepared.model)
        nodes, feeds = list(self.prepared.nodes), dict(self.feeds)
        if pinned:
            nodes, given = pin(model.graph, nodes, pinned)
            feeds.update(given)
        known = self.constants.keys() | self.feeds.keys()
        shown = [name for node in nodes for name in node.tensors.values()]
        shown += [_counter(node) for node, _ in self.prepared.repeated]
        onnx_model.show(model.graph, [name for name in shown if name and name not in known])
        return _Visible(model, nodes, feeds)

    def _run(self, visible: _Visible) -> _Run:
        values = {**self.constants, **self.feeds, **onnx_model.run(visible.model, visible.feeds)}
        return self._seen(visible, values, stepping=True)

    def _seen(self, visible: _Visible, values: Mapping[str, Array], *, stepping: bool) -> _Run:
        """stepping: whether c of every step is wanted."""
        carriers = [name for node in self.prepared.nodes for name in node.returned[1:]]
        stored = {**self.constants, **self.feeds}
        calls = []
        for original, node in zip(self.prepared.nodes, visible.nodes):
            own = {name: values[tensor] for name, tensor in node.tensors.items()}
            states = [original.tensors[one] for one in ("initial_h", "initial_c") if one in original.tensors]
            source = source_of(self.prepared.model.graph, states, carriers, stored)
            calls.append(recorded_layer(node, own, source, self.prepared.opset, stepping=stepping))
        return _Run(*_named(calls), values)

    def _spread(
        self,
        arrangement: Arrangement,
        recorded: Reference,
        pinned: Sequence[Pin],
        runs: int,
        pinned_to: str | None,
    ) -> Spread:
        """Runs with parameters, inputs and every result moved by a unit in the last place.

        What nobody reads, as the results of nodes that are pinned, is not computed again.
        """
        visible = self._visible(pinned)
        everything = onnx.ModelProto()
        everything.CopyFrom(visible.model)
        onnx_model.show(everything.graph, onnx_model.tensor_names(everything.graph))
        observed = onnx_model.run(everything, visible.feeds)
        parameters = onnx_model.parameters_as_inputs(visible.model.graph)
        moving = onnx_model.move_results(visible.model.graph, {**self.feeds, **observed})
        if pinned:
            onnx_model.hide(visible.model.graph, self._unread(visible.nodes))
        opened = onnx_model.session(visible.model)
        generator = np.random.default_rng(_SEED)
        measurement = SpreadMeasurement(boundaries(recorded), validity(recorded))
        for _ in range(runs):
            own = {name: moved(values, generator) for name, values in {**parameters, **self.feeds}.items()}
            shares = {
                name: (generator.uniform(-1, 1, most.shape) * most).astype(most.dtype)
                for name, most in moving.items()
            }
            shown = onnx_model.run_session(opened, {**visible.feeds, **own, **shares})
            values = {**self.constants, **observed, **self.feeds, **own, **shown}
            run = self._seen(visible, values, stepping=False)
            model = ModelRecord(outputs=self._outputs(values))
            layers = tuple(arrangement.applied(run.calls))
            measurement.add(boundaries(replace(recorded, layers=layers, model=model)))
        return measurement.result(_SEED, pinned_to)


@dataclass(frozen=True)
class _Visible:
    """A model that shows what its recurrent nodes take and return, and what to feed it."""

    model: onnx.ModelProto
    nodes: Sequence[RecurrentNode]
    feeds: Mapping[str, Array]


@dataclass(frozen=True)
class _Run:
    """calls: one a node.   keys: which layer each is a call of.   values: of all visible tensors."""

    calls: list[RecordedLayer]
    keys: Sequence[Hashable]
    values: Mapping[str, Array]


def _named(calls: Sequence[RecordedLayer]) -> tuple[list[RecordedLayer], Sequence[Hashable]]:
    """Names and keys of calls: nodes of equal weights are calls of one layer, others of one scope a stack.

    An exporter writes the second call of a module as another node, in a scope `cell_1` and with a copy of
    the weights.
    """
    modules: dict[tuple[object, ...], str] = {}
    stacks: dict[str, list[tuple[object, ...]]] = {}
    keys: list[tuple[object, ...]] = []
    for call in calls:
        weights = tuple(
            (direction, name, tensor.shape, tensor.tobytes())
            for direction, recorded in call.passes.items()
            for name, tensor in recorded.weights.items()
        )
        key: tuple[object, ...] = (call.cell, *weights)
        if key not in modules:
            modules[key] = call.module or call.name
            stacks.setdefault(modules[key], []).append(key)
        keys.append(key)
    named = []
    for call, key in zip(calls, keys):
        stack = stacks[modules[key]]
        name = layer_name(modules[key], stack.index(key), len(stack))
        named.append(replace(call, name=name, module=modules[key]))
    return named, keys


def _counter(node: onnx.NodeProto) -> str:
    """The tensor that tells how often a loop ran: M of a Loop, the last scanned input of a Scan."""
    return str(node.input[0] if node.op_type == "Loop" else node.input[-1])


def _times(node: onnx.NodeProto, values: Mapping[str, Array]) -> int:
    """How often a loop ran; 0 where only its condition ended it."""
    counter = values.get(_counter(node))
    if counter is None:
        return 0
    return int(counter.reshape(-1)[0]) if node.op_type == "Loop" else int(counter.shape[0])

"""Holds what the target framework computes with the converted weights against what the source recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rnn_parity import Case, RecordedLayer, Reference, check, join
from rnn_parity.checking import Result

from ..case import Array
from .converting import Refused, converted
from .running import runners


@dataclass(frozen=True)
class Outcome:
    """Of one file and one target.

    verdict: what `parity report` says of both runs as one case, "refused" or "not loaded".
    why: of what is no match.
    difference: the largest of any state.
    """

    source: str
    target: str
    verdict: str
    difference: float = 0
    why: str = ""


def outcome(parity: Path, source: Path, case: Case, target: str, folder: Path) -> Outcome:
    """Convert, load, run on the recorded inputs and judge.   case: what the source framework computed."""
    (reference,) = case.references
    result = converted(parity, source, target, reference.layers, folder)
    if isinstance(result, Refused):
        return Outcome(source.name, target, "refused", why=result.why)
    names = list(result.modules) or [""]
    parts = [_part(reference.layers, name, index, len(names)) for index, name in enumerate(names)]
    try:
        loaded = runners(result, target, [_input(part[0]).shape[2] for part in parts])
    except Exception as error:  # Whatever a framework raises, it did not load the file.
        return Outcome(source.name, target, "not loaded", why=f"{type(error).__name__}: {error}")
    worst = Outcome(source.name, target, "match")
    for run, part in zip(loaded.values(), parts):
        own = replace(reference, layers=tuple(part), model=None)
        (ran,) = run(_input(part[0])).references
        judged = _judged(own, replace(ran, model=None))
        worst = replace(worst, difference=max([worst.difference, *_differences(own, ran)]))
        if not judged:
            worst = replace(worst, verdict=judged.verdict, why=judged.text)
    return worst


def _judged(source: Reference, target: Reference) -> Result:
    """Both as references of one case: each by its own formula, and crosswise."""
    own = replace(source, layers=tuple(map(_of_merge, source.layers, target.layers)))
    cases = [Case(case="converted", references=(reference,)) for reference in (own, target)]
    pair = {one.name: other.name for one, other in zip(source.layers, target.layers)}
    return check(join(*cases, pair=pair))


def _of_merge(layer: RecordedLayer, other: RecordedLayer) -> RecordedLayer:
    """With the states alone where the other's output is of another merge: an ONNX node's is always concat."""
    if layer.merge_mode == other.merge_mode:
        return layer
    return replace(layer, merge_mode=other.merge_mode, output=None)


def _part(layers: Sequence[RecordedLayer], name: str, index: int, count: int) -> list[RecordedLayer]:
    """The recorded layers that a module of the target holds: those of its name, else by the order."""
    if count == 1:
        return list(layers)
    name = name.replace("/", ".")  # Files have paths of groups, recordings those of modules.
    leaf = name.split(".")[-1]
    for names in ({name}, {name.removesuffix(".l0")}, {leaf}):
        named = [one for one in layers if one.name in names]
        if named:
            return named
    return [one for one in layers if one.module == name] or [layers[index]]


def _input(layer: RecordedLayer) -> Array:
    assert layer.input is not None
    return np.ascontiguousarray(layer.input, np.float32)


def _differences(first: Reference, second: Reference) -> list[float]:
    return [
        float(np.abs(own.h - other.h).max())
        for one, two in zip(first.layers, second.layers)
        for own, other in zip(one.passes.values(), two.passes.values())
        if own.h is not None and other.h is not None
    ]

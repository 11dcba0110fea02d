"""What a recording holds, in words: the first thing to read after making one."""

from __future__ import annotations

from .case import Case, RecordedLayer, Reference


def summary(case: Case) -> str:
    """A few lines: layers with cell, T, B and calls; what was left out; what surprises."""
    lines = [case.case]
    for reference in case.references:
        lines += [f"  {line}" for line in _reference(reference)]
    return "\n".join(lines)


def _reference(reference: Reference) -> list[str]:
    lines = [f"{reference.name}: {reference.framework} {reference.framework_version}"]
    if reference.precision is not None:
        lines[0] += f", {reference.precision}"
    lines += [f"  {_layer(layer)}" for layer in reference.layers]
    model = reference.model
    if model is not None:
        for kind, arrays in (("input", model.inputs), ("output", model.outputs)):
            lines += [f"  {kind} {name}: {values.dtype} {values.shape}" for name, values in arrays.items()]
        for left in model.left_out:
            who = "ignored by you" if left.by == "user" else "LEFT OUT"
            lines.append(f"  {who}: {left.path} ({left.class_name}): {left.why}")
        lines += [f"  not called: {path}" for path in model.unused]
        lines += [f"  {one.path} ({one.class_name}), {one.calls} calls: {one.why}" for one in model.repeated]
        if model.spread is not None:
            pinned = f", pinned to {model.spread.pinned}" if model.spread.pinned else ""
            lines.append(f"  spread of rounding: {model.spread.runs} runs, seed {model.spread.seed}{pinned}")
        if model.trimmed is not None:
            lines.append(
                "  trimmed to {} steps and {} sequences; model inputs and outputs dropped".format(
                    *model.trimmed
                )
            )
    return lines + [f"  ! {surprise}" for surprise in _surprises(reference)]


def _layer(layer: RecordedLayer) -> str:
    steps, batch = layer.extent
    size = "" if layer.input is None else f", I = {layer.input.shape[2]}"
    line = f"{layer.name}: {layer.direction} {layer.cell}, T = {steps}, B = {batch}{size}"
    line += f", H = {layer.hidden_size}"
    if layer.calls.kind != "single":
        line += f", {layer.calls.count} calls {layer.calls.kind}"
    if layer.valid is not None:
        line += ", masked"
    if layer.weights_of is not None:
        line += f", weights of layer {layer.weights_of}"
    if layer.precision is not None:
        line += f", {layer.precision}"
    return line


def _surprises(reference: Reference) -> list[str]:
    """T and B that look exchanged: few steps of many sequences, where the model's first axis became T."""
    if reference.model is None:
        return []
    firsts = {values.shape[:2] for values in reference.model.inputs.values() if values.ndim >= 2}
    return [
        f"{layer.name}: T = {layer.extent[0]} steps of B = {layer.extent[1]} sequences, the axes of the "
        "model's input in this order: are T and B exchanged (batch_first)?"
        for layer in reference.layers
        if layer.calls.kind == "single" and layer.extent in firsts and layer.extent[0] < layer.extent[1]
    ]

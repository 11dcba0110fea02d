import Recurrent
import RecurrentParity

extension Inspection {
  /// What is recorded of a model around its layers, a line each.
  func text(_ model: ModelRecord, of reference: Reference) -> [String] {
    var lines = model.inputs.map { "input \($0.text)" } + model.outputs.map { "output \($0.text)" }
    lines += ModuleReport.all(model, of: reference.name).map(\.moduleText)
    if let trimmed = model.trimmed {
      lines.append(
        "trimmed to at most \(trimmed.steps) steps and \(trimmed.sequences) sequences of every layer")
    }
    lines.append(model.spread.map(\.text) ?? "spread: not measured")
    return lines
  }

  /// What version 2 says of a layer beside what the table has; nil where that is nothing.
  func text(_ layer: RecordedLayer, number: Int) -> String? {
    var parts: [String] = []
    if let module = layer.module, module != layer.name { parts.append("module \(module)") }
    if let calls = layer.calls { parts.append(calls.text) }
    if let pair = layer.pair { parts.append("pair \(pair)") }
    if let valid = layer.valid { parts.append(valid.text) }
    parts += declared(layer)
    if layer.emptyFinal == .zeros { parts.append("zeros after an empty sequence") }
    if !layer.otherOptions.isEmpty {
      parts.append("without a formula here: \(layer.otherOptions.map(\.text).joined(separator: ", "))")
    }
    for pass in layer.passes {
      guard let source = pass.initialStateSource else { continue }
      let direction = layer.passes.count == 1 ? "" : "\(pass.direction.rawValue) "
      parts.append("\(direction)initial state \(source.rawValue)")
    }
    return parts.isEmpty ? nil : "layer \(number): " + parts.joined(separator: "; ")
  }

  /// Directions of a layer declare one precision.
  private func declared(_ layer: RecordedLayer) -> [String] {
    guard let pass = layer.passes.first else { return [] }
    return [pass.declared.map { "declares \($0.rawValue)" }, pass.decimals.map { "\($0) decimals" }]
      .compactMap { $0 }
  }
}

extension RecordedArray {
  /// "logits: (6, 2, 3), float32"
  fileprivate var text: String {
    "\(name): (\(shape.map(String.init).joined(separator: ", "))), \(values.format?.name ?? "integers")"
  }
}

extension ModelSpread {
  /// "spread: 8 runs, seed 0, of 5 boundaries, pinned to pytorch of a.h5"
  fileprivate var text: String {
    "spread: \(runs) runs" + (seed.map { ", seed \($0)" } ?? "") + ", of "
      + (boundaries.count == 1 ? "1 boundary" : "\(boundaries.count) boundaries")
      + (pinned.map { ", pinned to \($0)" } ?? "")
  }
}

extension LayerCalls {
  /// "1 call", "3 calls chained: 5, 5, 2 steps"
  fileprivate var text: String {
    let sizes = sizes.map(String.init).joined(separator: ", ")
    return switch kind {
    case .single: "1 call"
    case .chained: "\(count) calls chained: \(sizes) steps"
    case .stacked: "\(count) calls stacked: \(sizes) sequences"
    }
  }
}

extension ValidSteps {
  /// "T = 6, B = 2, lengths 6, 4", "T = 6, B = 2, a mask with 6, 4 valid steps"
  fileprivate var text: String {
    let axes = "T = \(timesteps), B = \(batch)"
    let steps = counts.map(String.init).joined(separator: ", ")
    if areAll { return axes }
    return lengths == nil ? "\(axes), a mask with \(steps) valid steps" : "\(axes), lengths \(steps)"
  }
}

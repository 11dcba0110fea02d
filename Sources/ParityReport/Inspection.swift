import Recurrent
import RecurrentParity

/// What a fixture holds, without judging it.
public struct Inspection: Sendable {
  let parityCase: ParityCase

  public init(_ parityCase: ParityCase) { self.parityCase = parityCase.printable }

  /// For a person: the case, then for each reference a table of layers, what else is said of them, and the model.
  public func text() -> String {
    var lines = ["\(parityCase.name) · \(parityCase.file)"]
    if let summary = parityCase.summary { lines.append("  \(summary)") }
    guard parityCase.unknownFeatures.isEmpty else {
      lines.append("  not read: \(unknownFeatures(parityCase.unknownFeatures))")
      return lines.joined(separator: "\n") + "\n"
    }
    let input = parityCase.input
    lines.append(
      "  input: T = \(input.timesteps), B = \(input.batch), I = \(input.features), "
        + "\(parityCase.inputFormat.name)" + (parityCase.seed.map { "; seed \($0)" } ?? ""))
    lines.append("  valid steps: \(lengths)")
    let unread = parityCase.unread
    lines += UnreadReport.lines(unread.map(UnreadReport.init), count: unread.count).map { "  \($0)" }
    for reference in parityCase.references { lines += [""] + text(reference) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var lengths: String {
    let valid = parityCase.valid
    return valid.areAll ? "all \(valid.timesteps)" : valid.counts.map(String.init).joined(separator: ", ")
  }

  private func text(_ reference: Reference) -> [String] {
    var table = TextTable([
      ("layer", .right), ("name", .left), ("direction", .left), ("cell", .left), ("f", .left), ("I", .right),
      ("H", .right), ("parameters", .right), ("precision", .left), ("evidence", .left), ("recorded", .left),
    ])
    for (index, layer) in reference.layers.enumerated() {
      for pass in layer.passes {
        table.add([
          String(index), layer.name, pass.direction.rawValue, pass.cell.kind.rawValue,
          pass.cell.activation.description,
          String(pass.cell.inputSize), String(pass.cell.hiddenSize), String(pass.cell.parameterCount),
          pass.workingPrecision.name, pass.evidence.rawValue, recorded(layer, pass),
        ])
      }
    }
    let total = reference.layers.flatMap(\.passes).reduce(0) { $0 + $1.cell.parameterCount }
    var lines = [
      "  \(reference.name) · \(reference.framework) \(reference.frameworkVersion), convention "
        + "\(reference.convention.rawValue), \(reference.convention.formula.rawValue) formula, "
        + "\(total) parameters"
    ]
    if let environment = reference.environment { lines.append("    \(environment)") }
    lines += table.lines().map { "    " + $0 }
    lines += reference.layers.enumerated().compactMap { text($1, number: $0) }.map { "    " + $0 }
    return lines + (reference.model.map { text($0, of: reference) } ?? []).map { "    " + $0 }
  }

  private func recorded(_ layer: RecordedLayer, _ pass: RecordedPass) -> String {
    let parts = [
      ("input", layer.input != nil), ("output", layer.output != nil), ("h", pass.states.h != nil),
      ("c", pass.states.c != nil), ("initial state", pass.initialState != nil),
      ("final state", pass.finalState != ReturnedState()),
    ]
    return parts.filter(\.1).map(\.0).joined(separator: ", ")
  }
}

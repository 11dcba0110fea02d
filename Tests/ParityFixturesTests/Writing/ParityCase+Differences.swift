import Recurrent

@testable import RecurrentParity

extension ParityCase {
  /// Where the other holds something else, by its place; NaN is equal to NaN here.
  func differences(from other: ParityCase) -> [String] {
    var found: [String] = []
    func compare<Value: Equatable>(_ place: String, _ own: Value, _ others: Value) {
      if own != others { found.append("\(place): \(own), \(others)") }
    }
    func compare(_ place: String, _ own: RecordedSequence?, _ others: RecordedSequence?) {
      switch (own, others) {
      case (nil, nil): break
      case (let own?, let others?):
        compare("\(place) storage", own.storage, others.storage)
        compare("\(place) axes", own.hasAxes(of: others), true)
        compare("\(place)", Self.bits(own.whole.elements) == Self.bits(others.whole.elements), true)
      default: found.append("\(place) is in one only")
      }
    }
    func compare(_ place: String, _ own: Matrix<Double>?, _ others: Matrix<Double>?) {
      compare("\(place) rows", own?.rows, others?.rows)
      compare(place, Self.bits(own?.elements ?? []), Self.bits(others?.elements ?? []))
    }
    compare(
      "case", [name, summary ?? "-", seed.map(String.init) ?? "-"],
      [
        other.name, other.summary ?? "-", other.seed.map(String.init) ?? "-",
      ])
    compare("input", input, other.input)
    compare("input format", inputFormat, other.inputFormat)
    compare("valid", valid, other.valid)
    compare("references", references.map(\.name), other.references.map(\.name))
    for (own, others) in zip(references, other.references) {
      compare(
        "framework", [own.framework, own.frameworkVersion], [others.framework, others.frameworkVersion])
      compare("convention", own.convention, others.convention)
      compare("environment", own.environment, others.environment)
      compare("layers", own.layers.count, others.layers.count)
      compare("model", own.model.map { "\($0.summary)" }, others.model.map { "\($0.summary)" })
      for (index, (layer, otherLayer)) in zip(own.layers, others.layers).enumerated() {
        let place = "\(own.name)/layers[\(index)]"
        compare("\(place) name", layer.name, otherLayer.name)
        compare("\(place) merge", layer.merge, otherLayer.merge)
        compare("\(place) input", layer.input, otherLayer.input)
        compare("\(place) valid", valid(in: layer), other.valid(in: otherLayer))
        compare("\(place) output", layer.output, otherLayer.output)
        compare("\(place) module", layer.module, otherLayer.module)
        compare("\(place) empty final", layer.emptyFinal, otherLayer.emptyFinal)
        compare("\(place) options", layer.otherOptions, otherLayer.otherOptions)
        compare("\(place) calls", layer.calls, otherLayer.calls)
        compare("\(place) pair", layer.pair, otherLayer.pair)
        compare("\(place) passes", layer.passes.count, otherLayer.passes.count)
        for (pass, otherPass) in zip(layer.passes, otherLayer.passes) {
          let place = "\(place)/\(pass.direction)"
          compare("\(place) direction", pass.direction, otherPass.direction)
          compare("\(place) cell", pass.cell, otherPass.cell)
          compare("\(place) format", pass.format, otherPass.format)
          compare("\(place) declared", pass.declared, otherPass.declared)
          compare("\(place) source", pass.initialStateSource, otherPass.initialStateSource)
          compare("\(place) decimals", pass.decimals, otherPass.decimals)
          compare("\(place) unwritten", pass.unwritten.sorted(), otherPass.unwritten.sorted())
          for kind in StateKind.allCases {
            compare("\(place) \(kind)", pass.states[kind], otherPass.states[kind])
            compare("\(place) initial \(kind)", pass.initialState?[kind], otherPass.initialState?[kind])
            compare("\(place) final \(kind)", pass.finalState[kind], otherPass.finalState[kind])
          }
        }
      }
    }
    return found
  }

  private static func bits(_ values: [Double]) -> [UInt64] {
    values.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern }
  }
}

extension ModelRecord {
  /// All of it, as text.
  fileprivate var summary: [String] {
    func text(_ array: RecordedArray) -> String {
      switch array.values {
      case .integers(let values): "\(array.name) \(array.shape) \(values)"
      case .floats(let sequence, let format):
        "\(array.name) \(array.shape) \(format.name) \(sequence.whole.elements)"
      }
    }
    func text(_ boundaries: [Boundary: BoundarySpread]) -> [String] {
      boundaries.sorted { $0.key.path < $1.key.path }.map { "\($0.key.path) \($0.value)" }
    }
    return inputs.map(text) + outputs.map(text) + leftOut.map { "\($0)" } + unused + repeated.map { "\($0)" }
      + [trimmed.map { "\($0)" } ?? "whole"]
      + (spread.map {
        ["\($0.runs) \(String(describing: $0.seed)) \($0.pinned ?? "")"] + text($0.boundaries) + text($0.held)
      } ?? [])
  }
}

import Recurrent
import RecurrentConventions
import RecurrentParity

extension CellDescription {
  /// The cell as a layer's attributes describe it, but for its input size.
  init(_ node: FixtureNode) throws(FixtureError) {
    let kind = try node.choice("cell", of: CellKind.allCases)
    let hiddenSize = try node.size("hidden_size", try node.int("hidden_size"))
    let projection = try node.optionalInt("projection_size") ?? 0
    guard projection == 0 || kind == .lstm else {
      throw node.error(
        attribute: "projection_size", expected: "0 for cell \"\(kind.rawValue)\"", found: "\(projection)")
    }
    self.init(
      kind: kind, inputSize: 0, hiddenSize: hiddenSize,
      activation: try node.choice(
        "activation", of: [.tanh, .relu, .sigmoid, .linear, .hardSigmoid], default: .tanh),
      recurrentActivation: try node.choice(
        "recurrent_activation", of: [.sigmoid, .hardSigmoid, .hardSigmoidKeras2], default: .sigmoid),
      resetAfter: try node.optionalBool("reset_after") ?? true,
      projectionSize: projection == 0 ? nil : try node.size("projection_size", projection))
  }
}

extension FixtureNode {
  fileprivate func size(_ name: String, _ value: Int) throws(FixtureError) -> Int {
    guard 1...(1 << 24) ~= value else {
      throw error(attribute: name, expected: "1 to \(1 << 24)", found: "\(value)")
    }
    return value
  }
}

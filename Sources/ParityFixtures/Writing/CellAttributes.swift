import Recurrent
import RecurrentConventions
import RecurrentParity

/// A cell as a layer's attributes describe it.
struct CellAttributes {
  let description: CellDescription

  init(_ cell: Cell<Double>) { description = CellDescription(cell) }

  /// Those that the cell has, where they are not another's.
  var activations: [DeclaredActivation] {
    let recurrent =
      description.kind == .rnn
      ? [] : [DeclaredActivation(place: .recurrent, activation: description.recurrentActivation)]
    let output = description.outputActivation.map { [DeclaredActivation(place: .output, activation: $0)] }
    return [DeclaredActivation(place: .own, activation: description.activation)] + recurrent + (output ?? [])
  }
}

/// An activation where a file says it.
struct DeclaredActivation: Hashable {
  let place: ActivationPlace
  let activation: Activation

  /// Whether version 1 could say it.
  var isOfFirstVersion: Bool {
    place != .output && parameters.isEmpty
      && activation.name.map { place.firstNames.contains($0) } ?? false
  }

  /// By the names of their attributes.
  fileprivate var parameters: [(name: String, value: Double)] {
    let values: [(String, Double)] =
      switch activation {
      case .elu(let alpha), .leakyRelu(let alpha): [("alpha", alpha)]
      case .hardSigmoidONNX(let alpha, let beta): [("alpha", alpha), ("beta", beta)]
      default: []
      }
    return values.map { (place.rawValue + $0.0, $0.1) }
  }
}

extension WritingNode {
  func set(_ declared: DeclaredActivation) throws(FixtureError) {
    let name = declared.place.rawValue + "activation"
    guard let activation = declared.activation.name else {
      throw error(
        attribute: name, expected: "an activation that a file can declare",
        found: declared.activation.description)
    }
    try set(name, activation.rawValue)
    for parameter in declared.parameters { try set(parameter.name, parameter.value) }
  }
}

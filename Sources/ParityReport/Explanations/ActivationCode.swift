import Recurrent
import RecurrentConventions
import RecurrentParity

extension Sides {
  /// The line that gives a cell the activation that it should have; nil where that is not about an activation, or where
  /// the framework has no line for it.
  func activationLine(_ mistake: Mistake) -> Mending? {
    let side = departing ?? run
    guard !side.isOwnCode else { return nil }
    // Of the original the run is right; else what is declared is.
    let isRunRight = arePort && original == run.name
    let used = mistake.parameter.flatMap { name in Self.plain.first { $0.description == name } }
    let code: String?
    switch mistake.kind {
    case .activation:
      code = (isRunRight ? used : declared.cell.activation).flatMap {
        side.convention.activationCode($0, ofGates: false, in: side.cell)
      }
    case .recurrentActivation:
      code = (isRunRight ? used : declared.cell.recurrentActivation).flatMap {
        side.convention.activationCode($0, ofGates: true, in: side.cell)
      }
    default: code = nil
    }
    return code.map { Mending(framework: side.convention.title, text: $0) }
  }

  private static let plain: [Activation] = [
    .tanh, .relu, .sigmoid, .linear, .hardSigmoid, .hardSigmoidKeras2, .selu, .softsign, .softplus, .hardTanh,
  ]
}

extension Activation {
  /// The name, and what it means where that is not the same everywhere.
  static func words(_ name: String) -> String {
    switch name {
    case "hard_sigmoid": "hard_sigmoid (x / 6 + 0.5, as in Keras 3)"
    case "hard_sigmoid_keras2": "hard_sigmoid_keras2 (0.2 x + 0.5, as in Keras 2)"
    default: name
    }
  }
}

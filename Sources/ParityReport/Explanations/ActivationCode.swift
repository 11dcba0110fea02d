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
        side.activationCode($0, ofGates: false)
      }
    case .recurrentActivation:
      code = (isRunRight ? used : declared.cell.recurrentActivation).flatMap {
        side.activationCode($0, ofGates: true)
      }
    default: code = nil
    }
    return code.map { Mending(framework: side.convention.title, text: $0) }
  }

  private static let plain: [Activation] = [
    .tanh, .relu, .sigmoid, .linear, .hardSigmoid, .hardSigmoidKeras2, .selu, .softsign, .softplus, .hardTanh,
  ]
}

extension Sides.Side {
  fileprivate func activationCode(_ activation: Activation, ofGates: Bool) -> String? {
    switch convention {
    case .keras:
      activation.keras.map { "\(ofGates ? "recurrent_activation" : "activation")=\($0)" }
    case .flax: activation.flax.map { "\(ofGates ? "gate_fn" : "activation_fn")=\($0)" }
    case .pytorch:
      cell.kind == .rnn && [.tanh, .relu].contains(activation) ? "nn.RNN(nonlinearity='\(activation)')" : nil
    case .mlx: cell.kind == .rnn ? activation.mlx.map { "nn.RNN(nonlinearity=\($0))" } : nil
    case .onnx: onnxCode(activation, ofGates: ofGates)
    }
  }

  /// All activations of one direction, f first, as the attribute needs them.
  private func onnxCode(_ activation: Activation, ofGates: Bool) -> String? {
    var own: [Activation]
    switch cell {
    case .rnn(let cell): own = [cell.activation]
    case .gru(let cell): own = [cell.recurrentActivation, cell.activation]
    case .lstm(let cell):
      own = [cell.recurrentActivation, cell.activation, cell.outputActivation ?? cell.activation]
    }
    for index in own.indices where (index == 0) == ofGates || own.count == 1 { own[index] = activation }
    let names = own.compactMap(\.onnx)
    guard names.count == own.count else { return nil }
    let parameters = own.compactMap(\.onnxParameters)
    let list = "activations=[\(names.map { "'\($0)'" }.joined(separator: ", "))]"
    guard !parameters.isEmpty else { return list }
    let (alpha, beta) = (parameters.map(\.alpha), parameters.map(\.beta))
    return list
      + ", activation_alpha=[\(alpha.joined(separator: ", "))], activation_beta=[\(beta.joined(separator: ", "))]"
  }
}

extension Activation {
  fileprivate var keras: String? {
    switch self {
    case .hardSigmoidKeras2: "lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1)"
    case .tanh, .relu, .sigmoid, .linear, .hardSigmoid, .selu, .softsign, .softplus: "'\(description)'"
    default: nil
    }
  }

  fileprivate var flax: String? {
    switch self {
    case .hardSigmoidKeras2: "lambda x: jnp.clip(0.2 * x + 0.5, 0, 1)"
    case .linear: "lambda x: x"
    case .softsign: "jax.nn.soft_sign"
    case .tanh, .relu, .sigmoid, .hardSigmoid, .selu, .softplus: "jax.nn.\(description)"
    default: nil
    }
  }

  fileprivate var mlx: String? {
    switch self {
    case .tanh, .sigmoid: "mx.\(description)"
    case .relu: "nn.relu"
    case .linear: "lambda x: x"
    default: nil
    }
  }

  fileprivate var onnx: String? {
    switch self {
    case .tanh: "Tanh"
    case .relu: "Relu"
    case .sigmoid: "Sigmoid"
    case .linear: "Affine"
    case .hardSigmoid, .hardSigmoidKeras2, .hardSigmoidONNX: "HardSigmoid"
    case .softsign: "Softsign"
    case .softplus: "Softplus"
    default: nil
    }
  }

  fileprivate var onnxParameters: (alpha: String, beta: String)? {
    switch self {
    case .linear: ("1", "0")
    case .hardSigmoid: ("1/6", "0.5")
    case .hardSigmoidKeras2: ("0.2", "0.5")
    case .hardSigmoidONNX(let alpha, let beta): ("\(alpha)", "\(beta)")
    default: nil
    }
  }

  /// The name, and what it means where that is not the same everywhere.
  static func words(_ name: String) -> String {
    switch name {
    case "hard_sigmoid": "hard_sigmoid (x / 6 + 0.5, as in Keras 3)"
    case "hard_sigmoid_keras2": "hard_sigmoid_keras2 (0.2 x + 0.5, as in Keras 2)"
    default: name
    }
  }
}

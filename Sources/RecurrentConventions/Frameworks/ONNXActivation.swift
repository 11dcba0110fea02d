import Recurrent

/// An activation as the attributes of an ONNX operator have it: `activations`, `activation_alpha` and
/// `activation_beta`.
///
/// Source: the activation functions of the ONNX operators RNN, GRU and LSTM.
public struct ONNXActivation: Equatable, Sendable {
  /// As the operator's `activations` has it.
  public let name: String
  /// Nil where the function takes none.
  public let alpha: Double?
  /// Nil where the function takes none.
  public let beta: Double?

  private init(_ name: String, alpha: Double? = nil, beta: Double? = nil) {
    (self.name, self.alpha, self.beta) = (name, alpha, beta)
  }

  /// Nil for a function that the operators do not name.
  public init?(_ activation: Activation) {
    switch activation {
    case .tanh: self.init("Tanh")
    case .relu: self.init("Relu")
    case .sigmoid: self.init("Sigmoid")
    case .linear: self.init("Affine", alpha: 1, beta: 0)
    case .hardSigmoid: self.init("HardSigmoid", alpha: 1 / 6, beta: 0.5)
    case .hardSigmoidKeras2: self.init("HardSigmoid", alpha: 0.2, beta: 0.5)
    case .hardSigmoidONNX(let alpha, let beta): self.init("HardSigmoid", alpha: alpha, beta: beta)
    case .elu(let alpha): self.init("Elu", alpha: alpha)
    case .leakyRelu(let alpha): self.init("LeakyRelu", alpha: alpha)
    case .softsign: self.init("Softsign")
    case .softplus: self.init("Softplus")
    case .selu, .hardTanh, .fastTanh, .fastSigmoid, .other: return nil
    }
  }
}

extension ONNXActivation {
  /// Those of one direction in the attribute's order, f first; what the operators do not name is left out.
  public static func list(of cell: Cell<Double>) -> [ONNXActivation] {
    ONNX.activations(of: cell).compactMap { ONNXActivation($0) }
  }

  /// The elements of the attributes as code has them: "1/6"
  var alphaCode: String? { alpha.map(Self.code) }
  var betaCode: String? { beta.map(Self.code) }

  private static func code(_ value: Double) -> String {
    if value == 1 / 6 { return "1/6" }
    return value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : "\(value)"
  }
}

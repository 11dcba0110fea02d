/// The name of an activation, as files and frameworks have it; some functions of that name take parameters.
public enum ActivationName: String, CaseIterable, Sendable {
  /// The hyperbolic tangent; without parameters.
  case tanh
  /// `max(0, x)`; without parameters.
  case relu
  /// `1 / (1 + e⁻ˣ)`; without parameters.
  case sigmoid
  /// `x`; without parameters.
  case linear
  /// Keras 3's `clip(x / 6 + 0.5, 0, 1)`; with α and β ONNX's `clip(α x + β, 0, 1)`.
  case hardSigmoid = "hard_sigmoid"
  /// Keras 2's `clip(0.2 x + 0.5, 0, 1)`; without parameters.
  case hardSigmoidKeras2 = "hard_sigmoid_keras2"
  /// `x`, below zero `α (eˣ − 1)`; α is 1 unless given.
  case elu
  /// The scaled `elu` with its two fixed constants; without parameters.
  case selu
  /// `x / (1 + |x|)`; without parameters.
  case softsign
  /// `log(1 + eˣ)`; without parameters.
  case softplus
  /// `x`, below zero `α x`; α is 0.01 unless given.
  case leakyRelu = "leaky_relu"
  /// `clip(x, −1, 1)`; without parameters.
  case hardTanh = "hard_tanh"
}

/// A parameter that makes no activation of that name.
public struct ActivationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The parameters that activations have.
  public enum Parameter: String, Sendable {
    /// α: a slope or a scale, without a unit.
    case alpha
    /// β: an offset, without a unit.
    case beta
  }

  /// Which of the two is wrong.
  public let parameter: Parameter
  /// What the activation takes there.
  public let expected: String
  /// What was given.
  public let found: String

  /// "alpha: expected a finite number, 0 or more, found -1.0"
  public var description: String { "\(parameter.rawValue): expected \(expected), found \(found)" }
}

extension Activation {
  /// The function of that name. Without parameters, α is 1 for `elu`, as everywhere, and 0.01 for `leaky_relu`, as
  /// in ONNX and PyTorch (Keras has 0.2).
  ///
  /// `hard_sigmoid` without parameters is Keras 3's. Its slope is another than that of ONNX, so of α and β one
  /// alone says nothing.
  ///
  /// - Throws: for a parameter that the function does not have, that is missing or not finite, and for a negative
  ///   α, with which the function would not be monotone.
  public init(_ name: ActivationName, alpha: Double? = nil, beta: Double? = nil) throws(ActivationError) {
    func unexpected(_ parameter: ActivationError.Parameter, _ value: Double) -> ActivationError {
      ActivationError(
        parameter: parameter, expected: "nothing: \"\(name.rawValue)\" has no \(parameter.rawValue)",
        found: "\(value)")
    }
    if let alpha, !(alpha >= 0 && alpha.isFinite) {
      throw ActivationError(parameter: .alpha, expected: "a finite number, 0 or more", found: "\(alpha)")
    }
    if let beta, !beta.isFinite {
      throw ActivationError(parameter: .beta, expected: "a finite number", found: "\(beta)")
    }
    if let beta, name != .hardSigmoid { throw unexpected(.beta, beta) }
    func plain(_ activation: Activation) throws(ActivationError) -> Activation {
      if let alpha { throw unexpected(.alpha, alpha) }
      return activation
    }
    switch name {
    case .tanh: self = try plain(.tanh)
    case .relu: self = try plain(.relu)
    case .sigmoid: self = try plain(.sigmoid)
    case .linear: self = try plain(.linear)
    case .hardSigmoid:
      switch (alpha, beta) {
      case (nil, nil): self = .hardSigmoid
      case (let alpha?, let beta?): self = .hardSigmoidONNX(alpha: alpha, beta: beta)
      case (nil, _):
        throw ActivationError(parameter: .alpha, expected: "both alpha and beta", found: "beta alone")
      case (_, nil):
        throw ActivationError(parameter: .beta, expected: "both alpha and beta", found: "alpha alone")
      }
    case .hardSigmoidKeras2: self = try plain(.hardSigmoidKeras2)
    case .elu: self = .elu(alpha: alpha ?? 1)
    case .selu: self = try plain(.selu)
    case .softsign: self = try plain(.softsign)
    case .softplus: self = try plain(.softplus)
    case .leakyRelu: self = .leakyRelu(alpha: alpha ?? 0.01)
    case .hardTanh: self = try plain(.hardTanh)
    }
  }

  /// Nil for what no file can declare.
  public var name: ActivationName? {
    switch self {
    case .fastTanh, .fastSigmoid, .other: nil
    case .tanh: .tanh
    case .relu: .relu
    case .sigmoid: .sigmoid
    case .linear: .linear
    case .hardSigmoid, .hardSigmoidONNX: .hardSigmoid
    case .hardSigmoidKeras2: .hardSigmoidKeras2
    case .elu: .elu
    case .selu: .selu
    case .softsign: .softsign
    case .softplus: .softplus
    case .leakyRelu: .leakyRelu
    case .hardTanh: .hardTanh
    }
  }
}

extension Activation: CustomStringConvertible {
  /// "tanh", "elu(alpha 0.5)"
  public var description: String {
    switch self {
    case .elu(let alpha): "elu(alpha \(alpha))"
    case .leakyRelu(let alpha): "leaky_relu(alpha \(alpha))"
    case .hardSigmoidONNX(let alpha, let beta): "hard_sigmoid(alpha \(alpha), beta \(beta))"
    case .fastTanh(let tanh): "fast_tanh(\(tanh.rawValue))"
    case .fastSigmoid(let tanh): "fast_sigmoid(\(tanh.rawValue))"
    case .other(let other): other.rawValue
    default: name?.rawValue ?? ""
    }
  }
}

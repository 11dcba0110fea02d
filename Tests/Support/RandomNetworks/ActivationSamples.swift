import Recurrent

extension Activation {
  /// Every function, those with parameters also steeper than the identity.
  public static let samples: [Activation] = [
    .tanh, .relu, .sigmoid, .linear, .hardSigmoid, .hardSigmoidKeras2,
    .hardSigmoidONNX(alpha: 0.3, beta: 0.4),
    .hardSigmoidONNX(alpha: 2, beta: -3), .elu(alpha: 0), .elu(alpha: 1), .elu(alpha: 3), .selu, .softsign,
    .softplus, .leakyRelu(alpha: 0.1), .leakyRelu(alpha: 2), .hardTanh,
  ]

  /// What approximates tanh, and the sigmoids that are made of it: no framework's.
  public static let approximations: [Activation] = FastTanh.allCases.flatMap {
    [.fastTanh($0), .fastSigmoid($0)]
  }

  /// Those of which most are not monotone: no file's.
  public static let others = OtherActivation.allCases.map(Activation.other)
}

import RealModule

/// A nonlinearity of a cell. All that a file can declare are monotone: `alpha` is never negative.
public enum Activation: Hashable, Sendable {
  /// The hyperbolic tangent.
  case tanh
  /// `max(0, x)`
  case relu
  /// `1 / (1 + e⁻ˣ)`
  case sigmoid
  /// `x`
  case linear
  /// Keras 3: `relu6(x + 3) / 6`. Source: `keras/src/activations/activations.py`.
  case hardSigmoid
  /// Keras 2 and TF 1: `clip(0.2 x + 0.5, 0, 1)`. Source: `tf_keras/src/backend.py`.
  case hardSigmoidKeras2
  /// ONNX: `clip(α x + β, 0, 1)`. Source: ONNX operator HardSigmoid, by default α 0.2 and β 0.5.
  case hardSigmoidONNX(alpha: Double, beta: Double)
  /// `x > 0 ? x : α (eˣ − 1)`. Source: ONNX operator Elu, `torch.nn.ELU`, `keras.activations.elu`, all by default α 1.
  case elu(alpha: Double)
  /// `λ · elu(x)` with the constants of Klambauer et al. (2017). Source: `torch.nn.SELU`, `keras.activations.selu`.
  case selu
  /// `x / (1 + |x|)`. Source: ONNX operator Softsign, `torch.nn.Softsign`, `keras.activations.softsign`.
  case softsign
  /// `log(1 + eˣ)`. Source: ONNX operator Softplus, `torch.nn.Softplus`, `keras.activations.softplus`.
  case softplus
  /// `x < 0 ? α x : x`. Source: ONNX operator LeakyRelu and `torch.nn.LeakyReLU`, by default α 0.01;
  /// `keras.activations.leaky_relu`, by default 0.2.
  case leakyRelu(alpha: Double)
  /// `clip(x, −1, 1)`. Source: `torch.nn.Hardtanh`, `keras.activations.hard_tanh`.
  case hardTanh
  /// No framework's, but known of inference libraries.
  case fastTanh(FastTanh)
  /// `(1 + f(x / 2)) / 2`, as σ is made of tanh, of an f that only approximates tanh.
  case fastSigmoid(FastTanh)
  /// No file can declare it.
  case other(OtherActivation)

  /// SELU's λ and α, to the digits that `torch/csrc/api` and Keras give them.
  public static let seluConstants = (
    scale: 1.0507009873554804934193349852946, alpha: 1.6732632423543772848170429916717
  )

  /// `f(x)`, in the scalar's own arithmetic. NaN stays NaN.
  @inlinable
  public func callAsFunction<S: Scalar>(_ x: S) -> S {
    switch self {
    case .tanh: S.tanh(x)
    case .relu: x < 0 ? 0 : x
    case .sigmoid: 1 / (1 + S.exp(-x))
    case .linear: x
    case .hardSigmoid: clipped(x + 3, from: 0, to: 6) / 6
    case .hardSigmoidKeras2: clipped(x / 5 + 0.5, from: 0, to: 1)
    case .hardSigmoidONNX(let alpha, let beta): clipped(S(alpha) * x + S(beta), from: 0, to: 1)
    case .elu(let alpha): x > 0 ? x : S(alpha) * S.expMinusOne(x)
    case .selu:
      S(Self.seluConstants.scale) * (x > 0 ? x : S(Self.seluConstants.alpha) * S.expMinusOne(x))
    case .softsign: x / (1 + abs(x))
    // log(1 + eˣ), which would overflow, with the larger of the two terms taken out.
    case .softplus: (x < 0 ? 0 : x) + S.log(onePlus: S.exp(-abs(x)))
    case .leakyRelu(let alpha): x < 0 ? S(alpha) * x : x
    case .hardTanh: clipped(x, from: -1, to: 1)
    case .fastTanh(let tanh): tanh(x)
    case .fastSigmoid(let tanh): (1 + tanh(x / 2)) / 2
    case .other(let other): other(x)
    }
  }

  /// `f` of every element.
  @inlinable
  public func callAsFunction<S: Scalar>(_ x: Matrix<S>) -> Matrix<S> {
    var result = x
    for i in result.elements.indices { result.elements[i] = self(result.elements[i]) }
    return result
  }

  @inlinable
  func clipped<S: Scalar>(_ x: S, from lower: S, to upper: S) -> S {
    x < lower ? lower : x > upper ? upper : x
  }
}

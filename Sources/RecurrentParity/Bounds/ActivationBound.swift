import RealModule
import Recurrent

/// What an activation makes of an interval and of an expected scale. All that files declare are monotone.
struct ActivationBound {
  private let activation: Activation
  private let evaluation: Evaluation
  /// No activation is steeper than this.
  let steepness: Double

  /// What a framework does to evaluate an activation.
  private enum Evaluation {
    /// It selects, and rounds nothing.
    case selection
    /// It rounds one product with a parameter that it may have rounded too, of negative values only.
    case productBelowZero
    /// It rounds intermediate results that are no larger than `max(4 |f|, unit)`.
    case approximation(unit: Double)
    /// It divides two sums of at most four terms of one sign each. With what x² brings along, 22 roundings of the
    /// quotient: within 2 A of it, and of a sigmoid, which is half of 1 and such a quotient, within 2 A of ½.
    case quotient
    /// It multiplies x with a share between 0 and 1 that is off by no more than the other approximations are.
    case share
  }

  init(_ activation: Activation) {
    self.activation = activation
    switch activation {
    case .relu, .linear, .hardTanh: evaluation = .selection
    case .leakyRelu: evaluation = .productBelowZero
    case .tanh, .sigmoid, .hardSigmoid, .hardSigmoidKeras2, .softsign, .softplus:
      evaluation = .approximation(unit: 1)
    case .fastTanh, .fastSigmoid: evaluation = .quotient
    case .other(.gelu), .other(.geluTanh), .other(.silu), .other(.mish): evaluation = .share
    case .other(.relu6): evaluation = .selection
    case .other(.sine): evaluation = .approximation(unit: 1)
    case .other(.scaledTanh): evaluation = .approximation(unit: 2)
    // α x, which cancels against β, is no larger than 1 + |β| where the result is not clipped.
    case .hardSigmoidONNX(_, let beta): evaluation = .approximation(unit: max(1, beta.magnitude))
    // α eˣ, which α is taken from.
    case .elu(let alpha): evaluation = .approximation(unit: max(1, alpha))
    case .selu:
      let (scale, alpha) = Activation.seluConstants
      evaluation = .approximation(unit: scale * alpha)
    }
    switch activation {
    case .hardSigmoidONNX(let alpha, _), .elu(let alpha), .leakyRelu(let alpha): steepness = max(1, alpha)
    case .selu:
      let (scale, alpha) = Activation.seluConstants
      steepness = scale * alpha
    case .tanh, .relu, .sigmoid, .linear, .hardSigmoid, .hardSigmoidKeras2, .softsign, .softplus, .hardTanh:
      steepness = 1
    // NeuralAmpModelerCore's is steepest at 0, 1.0043.
    case .fastTanh, .fastSigmoid: steepness = 1.005
    case .other(.relu6), .other(.sine): steepness = 1
    // The largest slopes: 1.129, 1.130, 1.100, 1.089, and 1.7159 · 2/3.
    case .other: steepness = 1.15
    }
  }

  /// What the evaluation itself may be, and is expected to be, off by at `f(m) = f`.
  func own(
    _ m: Double, radius r: Double, image f: Double, in arithmetic: ErrorModel
  ) -> (radius: Double, scale: Double) {
    let u = arithmetic.scaleRoundoff
    switch evaluation {
    case .selection: return (0, 0)
    case .productBelowZero:
      guard m - r < 0 else { return (0, 0) }
      let largest = max(f.magnitude, activation(m - r).magnitude)
      return (
        2 * arithmetic.operationRoundoff * largest + arithmetic.underflow
          + 4 * arithmetic.checkerRoundoff * largest,
        m < 0 ? u * f.magnitude : 0
      )
    case .quotient:
      let size = max(f.magnitude, 0.5)
      return (
        (2 * arithmetic.activationRoundoff + 24 * arithmetic.checkerRoundoff) * size + arithmetic.underflow,
        u * size
      )
    case .share:
      let size = max(m.magnitude + r, 0.25)
      return (
        (arithmetic.activationRoundoff + 8 * arithmetic.checkerRoundoff) * size + arithmetic.underflow,
        u * size
      )
    case .approximation(let unit):
      let size = max(f.magnitude, 0.25 * unit)
      // The exact image is itself evaluated in Float64, by a library good to an ulp.
      let fixed = arithmetic.underflow + 4 * arithmetic.checkerRoundoff * max(1, f.magnitude)
      let threshold = activation == .softplus ? Self.softplusThreshold(m, radius: r) : 0
      return (arithmetic.activationRoundoff * size + fixed + threshold, max(u * size, threshold))
    }
  }

  /// Beyond 20, PyTorch's softplus is x, whatever the precision: it leaves out `log(1 + e⁻ˣ)`. TensorFlow does so
  /// from `−log(2u) − 2`, where what it leaves out is within the allowance.
  ///
  /// Source: `torch.nn.Softplus`, `threshold`; `tensorflow/core/kernels/softplus_op.h`.
  private static func softplusThreshold(_ m: Double, radius r: Double) -> Double {
    m + r < 20 ? 0 : Double.log(onePlus: Double.exp(-max(m - r, 20)))
  }

  /// Above this, an interval's image is taken from its two ends.
  private static let small = 0x1p-10

  /// The image of `[m − r, m + r]` about `f(m)`, and half the image of `[m − s, m + s]`.
  func image(_ m: Double, radius r: Double, scale s: Double) -> (
    midpoint: Double, radius: Double, scale: Double
  ) {
    let f = activation(m)
    if r < Self.small, s < Self.small, let slope = slope(f) {
      // |f″| ≤ 2·f′ for both, so f′ grows by at most e^{2r} ≤ 1 + 4r over the interval. The constant covers the
      // slope itself, which is only good to 2⁻⁵² where f saturates.
      return (f, r * (slope + 0x1p-52) * (1 + 4 * r), s * slope)
    }
    let (low, high) = (activation(m - r), activation(m + r))
    guard isMonotone else {
      return (f, r * steepness, (activation(m + s) - activation(m - s)).magnitude / 2)
    }
    return (f, max(high - f, f - low), (activation(m + s) - activation(m - s)) / 2)
  }

  /// NeuralAmpModelerCore's function falls by 4e-3 beyond 3 or so; of others most have a dip, and the rest lose next to
  /// nothing by being treated so.
  private var isMonotone: Bool {
    switch activation {
    case .fastTanh(.neuralAmp), .fastSigmoid(.neuralAmp), .other: false
    default: true
    }
  }

  /// f′ in terms of f, for the activations that are expensive to evaluate at both ends.
  private func slope(_ f: Double) -> Double? {
    switch activation {
    case .tanh: (1 - f) * (1 + f)
    case .sigmoid: f * (1 - f)
    default: nil
    }
  }
}

import RealModule
import Recurrent

/// What an activation makes of an interval and of an expected scale. All activations are monotone.
struct ActivationBound {
  private let activation: Activation

  init(_ activation: Activation) { self.activation = activation }

  /// Whether a framework rounds when it evaluates the activation: ReLU only selects.
  var isRounded: Bool {
    switch activation {
    case .tanh, .sigmoid, .hardSigmoid, .hardSigmoidKeras2: true
    case .relu, .linear: false
    }
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
    return (f, max(high - f, f - low), (activation(m + s) - activation(m - s)) / 2)
  }

  /// f′ in terms of f, for the activations that are expensive to evaluate at both ends.
  private func slope(_ f: Double) -> Double? {
    switch activation {
    case .tanh: (1 - f) * (1 + f)
    case .sigmoid: f * (1 - f)
    case .relu, .linear, .hardSigmoid, .hardSigmoidKeras2: nil
    }
  }
}

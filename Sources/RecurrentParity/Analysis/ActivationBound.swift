import RealModule
import Recurrent

/// What an activation makes of an interval and of an expected scale. All activations are monotone.
struct ActivationBound {
  private let activation: Activation

  init(_ activation: Activation) { self.activation = activation }

  /// Whether a framework rounds when it evaluates the activation: ReLU only selects.
  var isRounded: Bool {
    switch activation {
    case .tanh: true
    case .relu: false
    }
  }

  /// Above this, an interval's image is taken from its two ends.
  private static let small = 0x1p-10

  /// The image of `[m − r, m + r]` about `f(m)`, and half the image of `[m − s, m + s]`.
  func image(_ m: Double, radius r: Double, scale s: Double) -> (
    midpoint: Double, radius: Double, scale: Double
  ) {
    let f = activation(m)
    switch activation {
    case .tanh where r < Self.small && s < Self.small:
      // |f″| ≤ 2·f′, so f′ grows by at most e^{2r} ≤ 1 + 4r over the interval. The constant covers 1 − f²,
      // which is only good to 2⁻⁵² where f is near ±1.
      let slope = (1 - f) * (1 + f)
      return (f, r * (slope + 0x1p-52) * (1 + 4 * r), s * slope)
    case .tanh, .relu:
      let (low, high) = (activation(m - r), activation(m + r))
      return (f, max(high - f, f - low), (activation(m + s) - activation(m - s)) / 2)
    }
  }
}

/// A rational function that is computed in place of tanh because it is faster, and is not tanh to rounding: they
/// depart from it by 1e-4 to 2e-2. All are odd; all but NeuralAmpModelerCore's,
/// which falls by 4e-3 where tanh goes to 1, increase.
///
/// Eigen's, XLA's and TensorFlow's rational tanh is good to a few ulp and needs no name of its own.
public enum FastTanh: String, CaseIterable, Sendable {
  /// `x (27 + x²) / (27 + 9 x²)`, up to ± 3, where it is 1.
  case cubic
  /// The Padé approximant of degrees 5 and 4, clipped to ± 1.
  case pade54
  /// The Padé approximant of degrees 7 and 6, clipped to ± 1: Lambert's continued fraction, as audio libraries use it.
  case pade76
  /// Source: NeuralAmpModelerCore, `NAM/activations.h`, `fast_tanh`.
  case neuralAmp = "neural-amp"

  /// `f(x)`, in the scalar's own arithmetic.
  @inlinable
  func callAsFunction<S: Scalar>(_ x: S) -> S {
    let square = x * x
    switch self {
    case .cubic:
      return x < -3 ? -1 : x > 3 ? 1 : x * (27 + square) / (27 + 9 * square)
    case .pade54:
      return within1(x * (945 + square * (105 + square)) / (945 + square * (420 + 15 * square)))
    case .pade76:
      let numerator = x * (135135 + square * (17325 + square * (378 + square)))
      return within1(numerator / (135135 + square * (62370 + square * (3150 + 28 * square))))
    case .neuralAmp:
      let size = abs(x)
      let inner = S(0.893229853513558) + S(0.821226666969744) * size
      let numerator = x * (S(2.45550750702956) + S(2.45550750702956) * size + inner * square)
      let outer = abs(x + S(0.814642734961073) * x * size)
      return numerator / (S(2.44506634652299) + (S(2.44506634652299) + square) * outer)
    }
  }

  @inlinable
  func within1<S: Scalar>(_ x: S) -> S { x < -1 ? -1 : x > 1 ? 1 : x }
}

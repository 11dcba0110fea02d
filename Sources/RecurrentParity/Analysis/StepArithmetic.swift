import Recurrent

/// The operations that a cell's step is made of, on blocks of rows.
///
/// Each cell writes its step once in these terms; the certified bound and the control are two ways to
/// evaluate it.
protocol StepArithmetic: Sendable {
  associatedtype Value
  associatedtype Weights: Sendable

  /// Makes a weight matrix `(H, K)` ready for `sum`; a conversion may have rounded it by `roundoff`, relative.
  func weights(_ matrix: Matrix<Double>, roundoff: Double) -> Weights

  /// A pre-activation: *one* inner product over all its terms, the biases included.
  func sum(_ products: [(value: Value, weights: Weights)], biases: [Bias]) -> Value

  func apply(_ activation: Activation, to value: Value) -> Value
}

/// A bias of a pre-activation.
struct Bias: Sendable {
  /// `(H)`.
  var values: [Double]
  /// Of its magnitude: how far a conversion may have rounded it. Zero for a cell's own bias.
  var roundoff = 0.0
}

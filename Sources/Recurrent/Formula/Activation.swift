import RealModule

/// A nonlinearity of a cell. All are monotone.
public enum Activation: String, CaseIterable, Sendable {
  case tanh
  case relu
  case sigmoid
  case linear
  /// Keras 3: `relu6(x + 3) / 6`. Source: `keras/src/activations/activations.py`.
  case hardSigmoid = "hard_sigmoid"
  /// Keras 2 and TF 1: `clip(0.2 x + 0.5, 0, 1)`. Source: `tf_keras/src/backend.py`.
  case hardSigmoidKeras2 = "hard_sigmoid_keras2"

  /// `f(x)`, in the scalar's own arithmetic. NaN stays NaN.
  @inlinable
  public func callAsFunction<S: Scalar>(_ x: S) -> S {
    switch self {
    case .tanh: S.tanh(x)
    case .relu: x < 0 ? 0 : x
    case .sigmoid: 1 / (1 + S.exp(-x))
    case .linear: x
    case .hardSigmoid: clipped(x + 3, to: 6) / 6
    case .hardSigmoidKeras2: clipped(x / 5 + 0.5, to: 1)
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
  func clipped<S: Scalar>(_ x: S, to upper: S) -> S { x < 0 ? 0 : x > upper ? upper : x }
}

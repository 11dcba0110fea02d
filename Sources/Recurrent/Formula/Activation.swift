import RealModule

/// The nonlinearity of a cell.
public enum Activation: String, CaseIterable, Sendable {
  case tanh
  case relu

  /// `f(x)`, in the scalar's own arithmetic.
  @inlinable
  public func callAsFunction<S: Scalar>(_ x: S) -> S {
    switch self {
    case .tanh: S.tanh(x)
    // The comparison is written so that NaN stays NaN, as the frameworks' ReLU keeps it.
    case .relu: x < 0 ? 0 : x
    }
  }

  /// `f` of every element.
  @inlinable
  public func callAsFunction<S: Scalar>(_ x: Matrix<S>) -> Matrix<S> {
    var result = x
    for i in result.elements.indices { result.elements[i] = self(result.elements[i]) }
    return result
  }
}

/// One recurrent cell of any kind.
public enum Cell<S: Scalar>: Equatable, Sendable {
  case rnn(RNNCell<S>)

  /// "rnn"
  public var name: String {
    switch self {
    case .rnn: "rnn"
    }
  }

  public var hiddenSize: Int {
    switch self {
    case .rnn(let cell): cell.gate.hiddenSize
    }
  }

  public var inputSize: Int {
    switch self {
    case .rnn(let cell): cell.gate.inputSize
    }
  }

  /// The activation of the new state.
  public var activation: Activation {
    switch self {
    case .rnn(let cell): cell.activation
    }
  }

  /// How many numbers the cell's weights and biases hold.
  public var parameterCount: Int {
    switch self {
    case .rnn(let cell): cell.gate.parameterCount
    }
  }

  /// The state after the step: `x (B, I)`, `h (B, H)` give `(B, H)`.
  @inlinable
  public func step(x: Matrix<S>, h: Matrix<S>) -> Matrix<S> {
    switch self {
    case .rnn(let cell): cell.step(x: x, h: h)
    }
  }

  public func converted<T: Scalar>(to type: T.Type) -> Cell<T> {
    switch self {
    case .rnn(let cell): .rnn(cell.converted(to: type))
    }
  }
}

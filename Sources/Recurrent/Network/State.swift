/// What a cell hands on to its next step.
public struct State<S: Scalar>: Equatable, Sendable {
  /// `(B, H)`, or `(B, P)` where the state is projected.
  public var h: Matrix<S>
  /// `(B, H)`, an LSTM's only.
  public var c: Matrix<S>?

  public init(h: Matrix<S>, c: Matrix<S>? = nil) {
    self.h = h
    self.c = c
  }

  public func converted<T: Scalar>(to type: T.Type) -> State<T> {
    State<T>(h: h.converted(to: type), c: c?.converted(to: type))
  }
}

/// The states of a pass after every step. Index t is input time in both directions: the backward `h[t]` was
/// computed after `h[t + 1]`.
public struct States<S: Scalar>: Equatable, Sendable {
  /// `(T, B, H)`, or `(T, B, P)` where the state is projected.
  public var h: BatchedSequence<S>
  /// `(T, B, H)`, an LSTM's only.
  public var c: BatchedSequence<S>?

  public init(h: BatchedSequence<S>, c: BatchedSequence<S>? = nil) {
    self.h = h
    self.c = c
  }

  public func converted<T: Scalar>(to type: T.Type) -> States<T> {
    States<T>(h: h.converted(to: type), c: c?.converted(to: type))
  }
}

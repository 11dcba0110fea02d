/// What there is of h and of c: a recurrent state in whatever form, complete or as far as it is recorded.
///
/// Only an LSTM has a c. The forms are named by type aliases: `State` holds matrices, `States` sequences.
public struct StatePair<Hidden, Memory> {
  /// The hidden state, which is the output: of an LSTM with a projection `(B, P)`, else `(B, H)`; over time
  /// with T before it.
  public var h: Hidden
  /// The memory of an LSTM, `(B, H)`; nil for other cells.
  public var c: Memory

  /// Both.
  public init(h: Hidden, c: Memory) {
    self.h = h
    self.c = c
  }
}

extension StatePair: Equatable where Hidden: Equatable, Memory: Equatable {}
extension StatePair: Sendable where Hidden: Sendable, Memory: Sendable {}

extension StatePair where Memory: ExpressibleByNilLiteral {
  /// h alone.
  public init(h: Hidden) { self.init(h: h, c: nil) }
}

extension StatePair where Hidden: ExpressibleByNilLiteral {
  /// c alone.
  public init(c: Memory) { self.init(h: nil, c: c) }
}

extension StatePair where Hidden: ExpressibleByNilLiteral, Memory: ExpressibleByNilLiteral {
  /// Neither.
  public init() { self.init(h: nil, c: nil) }
}

/// The two quantities that a state consists of.
public enum StateKind: String, CaseIterable, Sendable {
  /// The hidden state.
  case h
  /// The memory of an LSTM.
  case c
}

extension StatePair where Memory == Hidden? {
  /// The one of that kind; nil where there is none.
  public subscript(kind: StateKind) -> Hidden? {
    switch kind {
    case .h: h
    case .c: c
    }
  }
}

extension StatePair {
  /// Of a pair that may lack either.
  public subscript<Value>(kind: StateKind) -> Value? where Hidden == Value?, Memory == Value? {
    switch kind {
    case .h: h
    case .c: c
    }
  }
}

/// What a cell hands on to its next step: h `(B, H)`, or `(B, P)` where the state is projected; c `(B, H)`, an
/// LSTM's only.
public typealias State<S: Scalar> = StatePair<Matrix<S>, Matrix<S>?>

/// The states of a pass after every step: h `(T, B, H)`, or `(T, B, P)` where the state is projected; c
/// `(T, B, H)`, an LSTM's only. Index t is input time in both directions: the backward `h[t]` was computed after
/// `h[t + 1]`.
public typealias States<S: Scalar> = StatePair<BatchedSequence<S>, BatchedSequence<S>?>

extension StatePair {
  /// The same states in another scalar type, each value rounded to nearest.
  public func converted<S, T: Scalar>(to type: T.Type) -> State<T>
  where Hidden == Matrix<S>, Memory == Matrix<S>? {
    State<T>(h: h.converted(to: type), c: c?.converted(to: type))
  }

  /// The same states in another scalar type, each value rounded to nearest.
  public func converted<S, T: Scalar>(to type: T.Type) -> States<T>
  where Hidden == BatchedSequence<S>, Memory == BatchedSequence<S>? {
    States<T>(h: h.converted(to: type), c: c?.converted(to: type))
  }
}

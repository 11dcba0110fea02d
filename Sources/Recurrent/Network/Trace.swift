/// Every state that one direction of one layer went through.
public struct PassTrace<S: Scalar>: Sendable {
  public let direction: Direction
  /// `(T, B, H)`. Index t is input time in both directions: the backward `h[t]` was computed after `h[t + 1]`.
  public let h: BatchedSequence<S>
  /// `(B, H)`: each sequence's state after its last valid step.
  public let finalState: Matrix<S>

  public init(direction: Direction, h: BatchedSequence<S>, finalState: Matrix<S>) {
    self.direction = direction
    self.h = h
    self.finalState = finalState
  }
}

/// Every state of one layer, and the output that the next layer reads.
public struct LayerTrace<S: Scalar>: Sendable {
  public let passes: [PassTrace<S>]
  /// `(T, B, D · H)`.
  public let output: BatchedSequence<S>
}

/// Every state of every layer, in data-flow order.
public struct Trace<S: Scalar>: Sendable {
  public let layers: [LayerTrace<S>]
}

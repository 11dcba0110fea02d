/// Every state that one direction of one layer went through.
public struct PassTrace<S: Scalar>: Sendable {
  /// Which way the pass went.
  public let direction: Direction
  /// The states after every step, `(T, B, ·)`, by input time.
  public let states: States<S>
  /// Each sequence's state after its last valid step.
  public let finalState: State<S>

  /// What a pass computed.
  public init(direction: Direction, states: States<S>, finalState: State<S>) {
    self.direction = direction
    self.states = states
    self.finalState = finalState
  }
}

/// Every state of one layer, and the output that the next layer reads.
public struct LayerTrace<S: Scalar>: Sendable {
  /// Forward first.
  public let passes: [PassTrace<S>]
  /// `(T, B, D · H)` concatenated, else `(T, B, H)`.
  public let output: BatchedSequence<S>
}

/// Every state of every layer, in data-flow order.
public struct Trace<S: Scalar>: Sendable {
  /// The lowest first.
  public let layers: [LayerTrace<S>]
}

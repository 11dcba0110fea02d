/// One direction of one layer: a cell and the state it starts from.
public struct Pass<S: Scalar>: Sendable {
  /// Which way it goes through time.
  public var direction: Direction
  /// What makes a step.
  public var cell: Cell<S>
  /// Of the whole batch; nil means zeros.
  public var initialState: State<S>?

  /// A pass of a cell; without an initial state it starts from zeros.
  public init(direction: Direction, cell: Cell<S>, initialState: State<S>? = nil) {
    self.direction = direction
    self.cell = cell
    self.initialState = initialState
  }

  /// The same pass in another scalar type, each value rounded to nearest.
  public func converted<T: Scalar>(to type: T.Type) -> Pass<T> {
    Pass<T>(
      direction: direction, cell: cell.converted(to: type),
      initialState: initialState?.converted(to: type))
  }

  /// Runs the cell along the sequence, each sequence over its own valid steps only.
  ///
  /// - Parameters:
  ///   - input: `(T, B, I)`.
  ///   - lengths: valid steps of each sequence, `0 ... T`; nil means all T. The backward direction of
  ///     sequence `b` starts at `lengths[b] − 1`. Steps beyond are zero in the result.
  public func scan(_ input: BatchedSequence<S>, lengths: [Int]? = nil) -> PassTrace<S> {
    scan(
      input,
      valid: lengths.map { ValidSteps(lengths: $0, timesteps: input.timesteps) }
        ?? ValidSteps(all: input.timesteps, batch: input.batch))
  }

  /// Runs the cell along the sequence, each sequence over its own valid steps only; over the others its state is
  /// carried, and the result is zero there.
  ///
  /// - Parameters:
  ///   - input: `(T, B, I)`.
  ///   - valid: which of its steps are no padding.
  /// - Precondition: the input, the valid steps, the initial state and the cell agree in their shapes.
  @_specialize(where S == Float)
  @_specialize(where S == Double)
  public func scan(_ input: BatchedSequence<S>, valid: ValidSteps) -> PassTrace<S> {
    precondition(valid.timesteps == input.timesteps && valid.batch == input.batch)
    precondition(input.features == cell.inputSize)
    var state = initialState ?? cell.zeroState(batch: input.batch)
    precondition(state.h.rows == input.batch && state.h.columns == cell.stateSize)
    var h = BatchedSequence<S>(zeros: input.timesteps, input.batch, cell.stateSize)
    var c = state.c.map { BatchedSequence<S>(zeros: input.timesteps, input.batch, $0.columns) }
    for t in direction.times(input.timesteps) {
      let next = cell.step(x: input[t], state)
      for b in 0..<input.batch where valid.contains(t, b) {
        state.h.replaceRow(b, with: next.h)
        h.replaceRow(t, b, with: next.h)
        guard let nextC = next.c else { continue }
        state.c?.replaceRow(b, with: nextC)
        c?.replaceRow(t, b, with: nextC)
      }
    }
    return PassTrace(direction: direction, states: States(h: h, c: c), finalState: state)
  }
}

extension Matrix {
  fileprivate mutating func replaceRow(_ index: Int, with other: Matrix) {
    elements.replaceSubrange(index * columns..<(index + 1) * columns, with: other.row(index))
  }
}

extension BatchedSequence {
  fileprivate mutating func replaceRow(_ t: Int, _ b: Int, with step: Matrix<S>) {
    elements.replaceSubrange(range(t, b), with: step.row(b))
  }
}

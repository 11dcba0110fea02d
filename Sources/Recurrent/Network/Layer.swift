/// One direction of one layer: a cell and the state it starts from.
public struct Pass<S: Scalar>: Sendable {
  public var direction: Direction
  public var cell: Cell<S>
  /// `(B, H)`; nil means zeros.
  public var initialState: Matrix<S>?

  public init(direction: Direction, cell: Cell<S>, initialState: Matrix<S>? = nil) {
    self.direction = direction
    self.cell = cell
    self.initialState = initialState
  }

  public func converted<T: Scalar>(to type: T.Type) -> Pass<T> {
    Pass<T>(
      direction: direction, cell: cell.converted(to: type),
      initialState: initialState?.converted(to: type))
  }

  /// Runs the cell along the sequence, each sequence over its own valid steps only.
  ///
  /// - Parameters:
  ///   - input: `(T, B, I)`.
  ///   - lengths: valid steps of each sequence, `1 ... T`; nil means all T. The backward direction of
  ///     sequence `b` starts at `lengths[b] − 1`. Steps beyond are zero in the result.
  public func scan(_ input: BatchedSequence<S>, lengths: [Int]? = nil) -> PassTrace<S> {
    precondition(input.features == cell.inputSize)
    var state = initialState ?? Matrix(zeros: input.batch, cell.hiddenSize)
    precondition(state.rows == input.batch && state.columns == cell.hiddenSize)
    var h = BatchedSequence<S>(zeros: input.timesteps, input.batch, cell.hiddenSize)
    for t in direction.times(input.timesteps) {
      let next = cell.step(x: input[t], h: state)
      for b in 0..<input.batch where t < lengths?[b] ?? input.timesteps {
        let row = b * cell.hiddenSize..<(b + 1) * cell.hiddenSize
        state.elements.replaceSubrange(row, with: next.elements[row])
        h.elements.replaceSubrange(h.range(t, b), with: next.elements[row])
      }
    }
    return PassTrace(direction: direction, h: h, finalState: state)
  }
}

/// A layer: one pass, or two whose outputs are concatenated, forward first.
public struct Layer<S: Scalar>: Sendable {
  public var passes: [Pass<S>]

  public init(passes: [Pass<S>]) {
    precondition(!passes.isEmpty)
    self.passes = passes
  }

  public func converted<T: Scalar>(to type: T.Type) -> Layer<T> {
    Layer<T>(passes: passes.map { $0.converted(to: type) })
  }

  public func run(_ input: BatchedSequence<S>, lengths: [Int]? = nil) -> LayerTrace<S> {
    let traces = passes.map { $0.scan(input, lengths: lengths) }
    return LayerTrace(passes: traces, output: concatenated(traces.map(\.h)))
  }
}

/// The sequences side by side: `(T, B, D₁)` and `(T, B, D₂)` give `(T, B, D₁ + D₂)`.
public func concatenated<S: Scalar>(_ parts: [BatchedSequence<S>]) -> BatchedSequence<S> {
  guard let first = parts.first, parts.count > 1 else { return parts[0] }
  precondition(parts.allSatisfy { $0.timesteps == first.timesteps && $0.batch == first.batch })
  var elements: [S] = []
  elements.reserveCapacity(parts.reduce(0) { $0 + $1.elements.count })
  for t in 0..<first.timesteps {
    for b in 0..<first.batch {
      for part in parts { elements.append(contentsOf: part.elements[part.range(t, b)]) }
    }
  }
  return BatchedSequence(
    timesteps: first.timesteps, batch: first.batch, features: parts.reduce(0) { $0 + $1.features },
    elements: elements)
}

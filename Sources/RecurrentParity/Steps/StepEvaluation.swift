import Recurrent

/// The states that the formula gives for some steps.
struct EvaluatedBlock<A: StepArithmetic>: Sendable {
  /// One for each row; those of sequences that are not valid at their step among them.
  let steps: ArraySlice<StepIndex>
  let states: StatePair<A.Value, A.Value?>
}

/// Evaluates the formula on a problem, window after window.
///
/// With the past recorded, timesteps are independent and go in blocks of rows, on all cores, the windows in any order.
/// Otherwise every timestep follows the one before it, over all sequences, and the windows come in processing order.
struct StepEvaluator<A: StepArithmetic>: Sendable {
  private let problem: StepwiseProblem
  private let arithmetic: A
  private let radius: RecordedRadius
  private let step: CellStep<A>
  /// Where the past is not recorded, the states that the next step starts from.
  private var carried: StatePair<A.Value, A.Value?>?
  /// What steps start from where the problem says that a state is lost.
  private var start: StatePair<A.Value, A.Value?>?

  /// The most rows of one block: enough for the product to reuse the weights, few enough to stay in cache.
  private static var blockRows: Int { 64 }
  /// A multiple of which each block but the last has.
  private static var rowGranule: Int { 8 }

  /// So many rows in blocks of about one length, and in an even number of them where it can be: a last block that is one
  /// too many, or short, leaves cores idle.
  static func blocks(of rows: Int) -> [Range<Int>] {
    guard rows > blockRows else { return rows == 0 ? [] : [0..<rows] }
    let pairs = (rows + 2 * blockRows - 1) / (2 * blockRows)
    let even = (rows + 2 * pairs - 1) / (2 * pairs)
    let length = (even + rowGranule - 1) / rowGranule * rowGranule
    return stride(from: 0, to: rows, by: length).map { $0..<min($0 + length, rows) }
  }

  init(_ problem: StepwiseProblem, in arithmetic: A, radius: RecordedRadius) {
    self.problem = problem
    self.arithmetic = arithmetic
    self.radius = radius
    step = CellStep(problem.cell, conversion: problem.conversion, in: arithmetic)
    guard !problem.isTeacherForced else { return }
    let batch = problem.valid.batch
    func known(_ state: State<Double>) -> StatePair<A.Value, A.Value?> {
      StatePair(
        h: arithmetic.known(state.h.elements, rows: batch, radius: radius.state, scale: .none),
        c: state.c.map { arithmetic.known($0.elements, rows: batch, radius: radius.state, scale: .none) })
    }
    let zeros = problem.cell.zeroState(batch: batch)
    carried = known(problem.initialState ?? zeros)
    start = problem.carrying.map { $0.isZeroed ? known(zeros) : known(problem.initialState ?? zeros) }
  }

  /// What becomes of the steps of a window, block by block, in the order of the steps; of a pass that carries its state
  /// along every step of the window is evaluated, in processing order.
  ///
  /// - Parameter steps: of the window, with finite premises.
  mutating func blocks<Result: Sendable>(
    _ window: ProblemWindow, steps: [StepIndex],
    _ reduce: @escaping @Sendable (EvaluatedBlock<A>) -> Result
  ) -> [Result] {
    guard carried != nil else {
      return Self.blocks(of: steps.count).concurrentMap { [self] block in
        let rows = steps[block]
        defer { WorkContext.current.counter?.advance(by: rows.count) }
        let next = step(
          x: window.inputs(rows, in: arithmetic, radius: radius.input),
          h: window.pasts(.h, rows, in: arithmetic, radius: radius.state)
            ?? arithmetic.known([], rows: 0, radius: .none, scale: .none),
          c: window.pasts(.c, rows, in: arithmetic, radius: radius.state))
        return reduce(EvaluatedBlock(steps: rows, states: next))
      }
    }
    let times = problem.direction == .forward ? Array(window.times) : window.times.reversed()
    return times.map { reduce(next(at: $0, in: window)) }
  }

  /// Goes one timestep on.
  private mutating func next(at t: Int, in window: ProblemWindow) -> EvaluatedBlock<A> {
    let rows = (0..<problem.valid.batch).map { StepIndex(t: t, b: $0) }[...]
    defer { WorkContext.current.counter?.advance(by: rows.count) }
    guard var state = carried else { preconditionFailure("nothing is carried along") }
    if let start {
      let isLost = { [problem] (kind: StateKind) in
        rows.map { problem.valid.contains(t, $0.b) && problem.isLost(kind, before: $0) }
      }
      state.h.replaceRows(where: isLost(.h), with: start.h)
      if let startC = start.c { state.c?.replaceRows(where: isLost(.c), with: startC) }
    }
    let next = step(
      x: window.inputs(rows, in: arithmetic, radius: radius.input),
      h: window.pasts(.h, rows, in: arithmetic, radius: radius.state) ?? state.h,
      c: window.pasts(.c, rows, in: arithmetic, radius: radius.state) ?? state.c)
    let isValid = rows.map { problem.valid.contains(t, $0.b) }
    state.h.replaceRows(where: isValid, with: next.h)
    if let nextC = next.c { state.c?.replaceRows(where: isValid, with: nextC) }
    carried = state
    return EvaluatedBlock(steps: rows, states: next)
  }
}

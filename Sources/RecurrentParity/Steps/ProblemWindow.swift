internal import CProductKernels
import Recurrent

/// What a problem rests on in some timesteps, in memory.
struct ProblemWindow: Sendable {
  let times: Range<Int>
  private let problem: StepwiseProblem
  private let input: SequenceWindow
  private let spread: (radius: SequenceWindow, scale: SequenceWindow)?
  /// With the timestep before the first.
  private let previous: StatePair<SequenceWindow?, SequenceWindow?>
  private let target: StatePair<SequenceWindow?, SequenceWindow?>
  private let returned: SequenceWindow?
  private let areAllValid: Bool

  init(_ problem: StepwiseProblem, _ times: Range<Int>) {
    self.problem = problem
    self.times = times
    let timesteps = problem.input.values.timesteps
    let withPast =
      problem.direction == .forward
      ? max(times.lowerBound - 1, 0)..<times.upperBound
      : times.lowerBound..<min(times.upperBound + 1, timesteps)
    input = SequenceWindow(problem.input.values, times)
    spread = problem.input.spread.map { (SequenceWindow($0.radius, times), SequenceWindow($0.scale, times)) }
    previous = StatePair(
      h: problem.previous.h.map { SequenceWindow($0, withPast) },
      c: problem.previous.c.map { SequenceWindow($0, withPast) })
    target = StatePair(
      h: problem.target.h.map { SequenceWindow($0, times) },
      c: problem.target.c.map { SequenceWindow($0, times) })
    returned = problem.returned.map { SequenceWindow($0, times) }
    areAllValid = problem.valid.areAll
  }

  // MARK: Steps

  /// Every valid step, in the order of time.
  var steps: [StepIndex] {
    times.flatMap { t in
      (0..<problem.valid.batch).filter { areAllValid || problem.valid.contains(t, $0) }.map {
        StepIndex(t: t, b: $0)
      }
    }
  }

  /// Whether every valid step is to be judged.
  var isJudgedWhole: Bool { problem.chosen == nil }

  /// Whether a step starts from the initial state.
  func isFirst(_ step: StepIndex) -> Bool {
    problem.valid.previous(step.t, step.b, problem.direction) == nil
  }

  /// Of each step, whether the input and the past are finite, so that the formula can be evaluated.
  func haveFinitePremises(_ steps: [StepIndex]) -> [Bool] {
    let parts = stride(from: 0, to: steps.count, by: 256).map { steps[$0..<min($0 + 256, steps.count)] }
    return parts.concurrentMap { $0.map { hasFinitePremises($0) } }.flatMap { $0 }
  }

  private func hasFinitePremises(_ step: StepIndex) -> Bool {
    input.row(step).areFinite && StateKind.allCases.allSatisfy { past($0, step)?.areFinite ?? true }
  }

  /// The recorded state of a step; nil where it is not recorded.
  func recorded(_ kind: StateKind, _ step: StepIndex) -> ArraySlice<Double>? { target[kind]?.row(step) }

  /// The state h of a step as the framework returned it, where that is not the recorded one; NaN differs from everything.
  func otherReturned(_ step: StepIndex) -> ArraySlice<Double>? {
    guard let values = returned?.row(step), let recorded = target.h?.row(step) else { return nil }
    return values.areEqual(to: recorded) ? nil : values
  }

  /// The recorded state that a step starts from; nil where it is not recorded.
  func past(_ kind: StateKind, _ step: StepIndex) -> ArraySlice<Double>? {
    guard let window = previous[kind] else { return nil }
    if let start = problem.startingRow(kind, step, width: window.features) { return start }
    guard let before = problem.valid.previous(step.t, step.b, problem.direction) else { return nil }
    // Over a gap the past lies further back.
    return window.covers(before) ? window.row(StepIndex(t: before, b: step.b)) : problem.past(kind, step)
  }

  /// Whether c is lost before the step rather than carried along.
  func losesC(_ step: StepIndex) -> Bool { problem.isLost(.c, before: step) }

  /// How far each recorded state may be from the run's because it was printed in decimal.
  var printing: Double { problem.printing }

  // MARK: Operands

  /// The inputs of the rows; zeros at what is not valid.
  func inputs<A: StepArithmetic>(_ rows: ArraySlice<StepIndex>, in arithmetic: A, radius: Spread) -> A.Value {
    let gathered = { (window: SequenceWindow) in
      self.gathered(rows, width: window.features) { self.isValid($0) ? window.row($0) : nil }
    }
    let values = gathered(input)
    guard let spread else {
      return arithmetic.known(values, rows: rows.count, radius: radius, scale: .none)
    }
    return arithmetic.known(
      values, rows: rows.count, radius: .each(gathered(spread.radius)), scale: .each(gathered(spread.scale)))
  }

  /// The recorded pasts of the rows; nil where they are not recorded.
  func pasts<A: StepArithmetic>(
    _ kind: StateKind, _ rows: ArraySlice<StepIndex>, in arithmetic: A, radius: Spread
  ) -> A.Value? {
    guard let features = previous[kind]?.features else { return nil }
    let values = gathered(rows, width: features) { isValid($0) ? past(kind, $0) : nil }
    let printing = problem.printing
    return arithmetic.known(
      values, rows: rows.count, radius: printing == 0 ? radius : radius.wider(by: printing, about: values),
      scale: printing == 0 ? .none : .each(values.map { _ in printing }))
  }

  func isValid(_ step: StepIndex) -> Bool { areAllValid || problem.valid.contains(step.t, step.b) }

  private func gathered(
    _ rows: ArraySlice<StepIndex>, width: Int, _ row: (StepIndex) -> ArraySlice<Double>?
  ) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(rows.count * width)
    for step in rows { values += row(step) ?? ArraySlice(repeating: 0, count: width) }
    return values
  }
}

extension ArraySlice<Double> {
  var areFinite: Bool {
    withUnsafeBufferPointer { all_finite(best_instruction_set(), $0.count, $0.baseAddress) != 0 }
  }

  fileprivate func areEqual(to other: Self) -> Bool {
    guard count == other.count else { return false }
    return withUnsafeBufferPointer { values in
      other.withUnsafeBufferPointer {
        all_equal(best_instruction_set(), values.count, values.baseAddress, $0.baseAddress) != 0
      }
    }
  }
}

import Dispatch

/// What formulas are tried on: the problem with all that hypotheses change but the formula, and a probe of it. Compositions
/// that change the same share it.
final class StartCache: @unchecked Sendable {
  struct Start: Sendable {
    let problem: StepwiseProblem
    /// Nil where nothing shorter than the run tells.
    let probe: FormulaProbe?
  }

  private let declared: StepwiseProblem
  private let makeProbe: @Sendable (StepwiseProblem) -> FormulaProbe?
  /// Guards the dictionary.
  private let queue = DispatchQueue(label: "starts")
  private var starts: [[Mistake]: Memo<Start>] = [:]

  /// - Parameter makeProbe: of a problem that starts so.
  init(_ declared: StepwiseProblem, _ makeProbe: @escaping @Sendable (StepwiseProblem) -> FormulaProbe?) {
    self.declared = declared
    self.makeProbe = makeProbe
  }

  func start(for composition: Composition) -> Start {
    let memo = queue.sync {
      let key = composition.startingMistakes
      let memo = starts[key] ?? Memo()
      starts[key] = memo
      return memo
    }
    return memo.value {
      let problem = composition.starting(from: declared)
      return Start(problem: problem, probe: makeProbe(problem))
    }
  }
}

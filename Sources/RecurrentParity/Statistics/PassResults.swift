import Recurrent

/// The results of a problem, window after window, as often as they are asked for. Those of a problem of one window are
/// kept, and the first of a longer one from where something is flagged: they are asked for again. The others are
/// evaluated anew each time.
struct PassResults: Sendable {
  let problem: StepwiseProblem
  let arithmetic: ErrorModel
  let rounding: OperandRounding?
  private let prepared: PreparedWeights?
  private let windows: [Range<Int>]
  /// The first of the windows, by their numbers.
  private var kept: [Int: Window] = [:]
  /// How many windows may be kept.
  private let most: Int

  /// Of what is kept, on all cores together.
  private static let keptBytes = 512 << 20

  struct Window: Sendable {
    let window: ProblemWindow
    let judged: [StepIndex]
    /// Those whose premises are not finite.
    let unjudgeable: [StepIndex]
    /// Block by block, in the order of the steps.
    let blocks: [(result: StepwiseResult, summary: BlockSummary)]

    /// Whether a step is less exact than the fixed limits allow.
    var isSuspicious: Bool {
      blocks.contains { block in
        block.summary.tallies.contains { tally in
          tally.rows.contains { RoundoffThreshold.isExceeded($0.statistics) || $0.statistics.isBeyondBound }
        }
      }
    }
  }

  init(
    _ problem: StepwiseProblem, in arithmetic: ErrorModel, rounding: OperandRounding?,
    prepared: PreparedWeights?
  ) {
    self.problem = problem
    self.arithmetic = arithmetic
    self.rounding = rounding
    self.prepared = prepared
    windows = problem.windowsInOrder
    // What is carried along has to be evaluated from the beginning.
    most =
      windows.count == 1
      ? 1
      : problem.isTeacherForced
        ? Self.keptBytes / WorkContext.current.processorCount / max(problem.windowBytes, 1) : 0
  }

  /// The same, with nothing in memory.
  var withoutKept: PassResults {
    var results = self
    results.kept = [:]
    return results
  }

  /// Of timestep t, the element with the largest r/ρ; ties go to the lowest sequence, then to h, then to the lowest
  /// unit. What may overflow is left out.
  func worst(at t: Int) -> FlaggedElement? {
    var problem = problem
    problem.chosen = (0..<problem.valid.batch).filter { problem.valid.contains(t, $0) }.map {
      StepIndex(t: t, b: $0)
    }
    var worst = WorstElements()
    problem.evaluateChosen(in: arithmetic, rounding: rounding) { worst.add(WorstElements($0)) }
    return worst[t]
  }

  mutating func forEach(_ body: (Window) -> Void) {
    var evaluator: BoundEvaluator?
    var judgeable = JudgeableSteps(problem)
    for (number, times) in windows.enumerated() {
      if let known = kept[number] {
        body(known)
        continue
      }
      var found =
        evaluator ?? BoundEvaluator(problem, in: arithmetic, rounding: rounding, prepared: prepared)
      let window = ProblemWindow(problem, times)
      let (judged, unjudgeable) = judgeable.split(window)
      let results = Window(
        window: window, judged: judged, unjudgeable: unjudgeable,
        blocks: found.results(window, steps: judged) { ($0, BlockSummary($0, in: window)) })
      evaluator = found
      if kept.count < most, windows.count == 1 || results.isSuspicious { kept[number] = results }
      body(results)
    }
  }
}

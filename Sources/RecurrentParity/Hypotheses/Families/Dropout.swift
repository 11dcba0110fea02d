import Recurrent

/// Dropout in front of the layer: each of its inputs was 0 or divided by 1 − p.
///
/// Which it was is found step by step from the states, p from the first steps alone: that each input has one of two
/// values is what the other steps have to show.
extension HypothesisCatalogue {
  var dropout: [Hypothesis] {
    guard problem.previous.h != nil, problem.input.spread == nil, hasFrameworkFormula,
      cell.inputSize <= InputSolver.mostInputs,
      isWorth(evaluating: InputSolver.evaluations(inputs: cell.inputSize)),
      let solver = InputSolver(problem, tolerance: fittingTolerance)
    else { return [] }
    let first = solver.first
    guard let factor = solver.factor(of: first), let dropped = solver.dropped(factor) else { return [] }
    let p = 1 - 1 / factor
    return [
      Hypothesis(
        Mistake(.inputDropout, "\((10000 * p).rounded() / 10000)"), .input,
        fit: .init(elements: 1, steps: Set(first.map(\.index))),
        .problem { $0.input = LayerInput(values: dropped) })
    ]
  }
}

/// What a layer must have read, step by step.
private struct InputSolver {
  private let problem: StepwiseProblem
  private let cell: Cell<Double>
  /// The first steps of the first sequence.
  let first: [RecordedStep]

  private let tolerance: Double

  static let mostInputs = 64
  private static let firstSteps = 3
  /// What the search for an input begins with, as multiples of what was fed: without c, an input is not always found
  /// from the first.
  private static let starts = [1, 1.25, 2, 0.5]

  /// About as many, where no input fits.
  static func evaluations(inputs: Int) -> Int { starts.count * 6 * (inputs + 2) }

  /// Nil where the states do not determine the input.
  init?(_ problem: StepwiseProblem, tolerance: Double) {
    self.problem = problem
    self.tolerance = tolerance
    cell = problem.cell
    let equations = cell.stateSize + (problem.target.c == nil ? 0 : cell.hiddenSize)
    guard cell.inputSize <= equations,
      let b = (0..<problem.valid.batch).first(where: { problem.valid.counts[$0] > Self.firstSteps })
    else { return nil }
    let times = problem.valid.times(b, problem.direction).prefix(Self.firstSteps)
    first = times.compactMap { RecordedStep(StepIndex(t: $0, b: b), of: problem) }
    guard first.count == Self.firstSteps else { return nil }
  }

  /// 1 / (1 − p), where all inputs of the steps are 0 or that many times what was fed.
  func factor(of steps: [RecordedStep]) -> Double? {
    var ratios: [Double] = []
    var c = start(steps[0].index.b)
    for var step in steps {
      step.c = step.c ?? c
      guard let read = solved(step) else { return nil }
      c = step.next(cell, inputs: [read]).c.map(\.elements)
      let largest = step.x.map(\.magnitude).max() ?? 0
      ratios += zip(read, step.x).filter { $1.magnitude > 0.1 * largest }.map { $0 / $1 }
    }
    let kept = ratios.filter { $0.magnitude > 0.5 }.sorted()
    guard let median = kept.isEmpty ? nil : kept[kept.count / 2], kept.count < ratios.count, median > 1.001
    else { return nil }
    guard ratios.allSatisfy({ $0.magnitude < 0.01 || ($0 - median).magnitude < 0.01 * median }) else {
      return nil
    }
    // A probability has few digits.
    let p = (1000 * (1 - 1 / median)).rounded() / 1000
    return p < 1 ? 1 / (1 - p) : nil
  }

  /// The input `(T, B, I)` with the values that were dropped; nil where a step's can't be solved for.
  func dropped(_ factor: Double) -> RecordedSequence? {
    let values = problem.input.values
    var result = values.whole
    for b in 0..<problem.valid.batch {
      var c = start(b)
      for t in problem.valid.times(b, problem.direction) {
        guard var step = RecordedStep(StepIndex(t: t, b: b), of: problem) else { return nil }
        step.c = step.c ?? c
        guard let read = solved(step) else { return nil }
        let kept = zip(read, step.x).map { 2 * ($0 * $1) > factor * $1 * $1 ? factor * $1 : 0 }
        c = step.next(cell, inputs: [kept]).c.map(\.elements)
        result.elements.replaceSubrange(result.range(t, b), with: kept)
      }
    }
    return RecordedSequence(result)
  }

  private func start(_ b: Int) -> [Double]? {
    guard cell.kind == .lstm else { return nil }
    return problem.initialState?.c.map { Array($0.row(b)) } ?? [Double](repeating: 0, count: cell.hiddenSize)
  }

  private func solved(_ step: RecordedStep) -> [Double]? {
    Self.starts.lazy.compactMap { start in
      LeastSquares.solved(from: step.x.map { start * $0 }, within: tolerance) {
        step.residuals(cell, inputs: [$0])[0]
      }
    }.first
  }
}

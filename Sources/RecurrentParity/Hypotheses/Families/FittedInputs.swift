import RealModule
import Recurrent

/// Inputs that were multiplied, moved, or read at other steps: by how much is found from a few steps.
extension HypothesisCatalogue {
  var fittedInputs: [Hypothesis] {
    guard problem.isTeacherForced, problem.input.spread == nil, hasFrameworkFormula else { return [] }
    let steps = problem.probedSteps(context.flagged).compactMap { RecordedStep($0, of: problem) }
    return scalings(Array(steps.prefix(3))) + inputsOfOtherSteps(steps)
  }

  /// How near to the record a fit has to come for it to be tried.
  var fittingTolerance: Double { 1024 * context.format.unitRoundoff }

  /// Whether a fit that evaluates so many steps costs little beside judging the pass, or little at all.
  func isWorth(evaluating steps: Int) -> Bool {
    steps <= 2 * problem.stepCount || steps * cell.parameterCount <= 100_000_000
  }

  // MARK: Scale and offset

  /// About as many, where none fits.
  private static var evaluationsOfScalings: Int { 700 }

  private func scalings(_ steps: [RecordedStep]) -> [Hypothesis] {
    guard isWorth(evaluating: Self.evaluationsOfScalings) else { return [] }
    let starts = [1.0, 0.1, 10, 1 / 255.0, 255]
    let scale = fitted(steps, from: starts.map { [$0] }) { x, p in x.map { $0 * p[0] } }
    if let scale {
      return [changingInput(Mistake(.inputScaled, text(scale[0])), steps, scale) { $0 * scale[0] }]
    }
    let offset = fitted(steps, from: [[0]]) { x, p in x.map { $0 + p[0] } }
    if let offset {
      return [changingInput(Mistake(.inputOffset, text(offset[0])), steps, offset) { $0 + offset[0] }]
    }
    let both = fitted(steps, from: starts.map { [$0, 0] }) { x, p in x.map { $0 * p[0] + p[1] } }
    guard let both else { return [] }
    let mistake = Mistake(.inputScaled, "\(text(both[0])), with \(text(both[1])) added")
    return [changingInput(mistake, steps, both) { $0 * both[0] + both[1] }]
  }

  private func fitted(
    _ steps: [RecordedStep], from starts: [[Double]], _ change: ([Double], [Double]) -> [Double]
  ) -> [Double]? {
    func residuals(_ parameters: [Double]) -> [Double] {
      steps.flatMap { $0.residuals(cell, inputs: [change($0.x, parameters)])[0] }
    }
    for start in starts {
      if let found = LeastSquares.solved(from: start, within: fittingTolerance, residuals) { return found }
    }
    return nil
  }

  private func changingInput(
    _ mistake: Mistake, _ steps: [RecordedStep], _ parameters: [Double],
    _ change: @escaping @Sendable (Double) -> Double
  ) -> Hypothesis {
    Hypothesis(
      mistake, .input, fit: .init(elements: parameters.count, steps: Set(steps.map(\.index))),
      .problem { problem in
        problem.input = LayerInput(
          values: problem.input.values.mapped(storage: .float64) { _, window in window.elements.map(change) })
      })
  }

  private func text(_ value: Double) -> String {
    let digits = 3 - Int(Double.log10(max(value.magnitude, 1e-12)).rounded(.down))
    let power = Double.exp10(Double(digits))
    return "\((value * power).rounded() / power)"
  }

  // MARK: Other steps

  /// The most inputs that are tried in a step.
  private static var mostInputs: Int { 4096 }

  /// What one step read, of all that was fed: a shift by as much, or rows of the batch in another order.
  private func inputsOfOtherSteps(_ steps: [RecordedStep]) -> [Hypothesis] {
    let (values, valid) = (problem.input.values, problem.valid)
    guard values.timesteps * values.batch <= Self.mostInputs else { return [] }
    let all = StepIndex.all(valid)
    // The last first: what an early step read may have been before the beginning.
    let found = [steps.last, steps.first].compactMap { $0 }.lazy.compactMap { step in
      source(of: step, among: all).map { (step: step, read: $0) }
    }.first
    guard let (step, read) = found, read != step.index else { return [] }
    if read.b == step.index.b {
      let shift = step.index.t - read.t
      guard shift.magnitude > 1 else { return [] }
      return [feeding(Mistake(.inputTimeShifted, "\(shift)")) { $0.changed { $0.shifted(by: shift) } }]
    }
    guard read.t == step.index.t else { return [] }
    let rows = (0..<valid.batch).map { b -> Int in
      let other = RecordedStep(StepIndex(t: read.t, b: b), of: problem)
      return other.flatMap { source(of: $0, among: all.filter { $0.t == read.t })?.b } ?? b
    }
    guard Set(rows).count == rows.count else { return [] }
    let name = rows.map(String.init).joined(separator: " ")
    return [feeding(Mistake(.inputRows, name)) { $0.changed { $0.rows(rows) } }]
  }

  /// The only one of some inputs that the step may have read.
  private func source(of step: RecordedStep, among all: [StepIndex]) -> StepIndex? {
    let inputs = all.map { Array(problem.input.values.row($0.t, $0.b)) }
    let residuals = step.residuals(cell, inputs: inputs)
    let fitting = all.indices.filter { residuals[$0].allSatisfy { $0.magnitude < fittingTolerance } }
    return fitting.count == 1 ? all[fitting[0]] : nil
  }

  /// Whether the formula is one that `Cell.step` has.
  var hasFrameworkFormula: Bool {
    if case .gru(let gru) = cell { gru.blend == .updateKeeps } else { true }
  }
}

extension RecordedSequence {
  /// Sequence b is what was sequence `rows[b]`.
  fileprivate func rows(_ rows: [Int]) -> RecordedSequence {
    mapped { _, window in
      (0..<window.timesteps).flatMap { t in rows.flatMap { window.elements[window.range(t, $0)] } }
    }
  }
}

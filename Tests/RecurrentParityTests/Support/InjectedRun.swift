import Recurrent
import RecurrentConventions

@testable import RecurrentParity

/// A run that a hypothesis describes: the declared network, computed as the hypothesis says, in the run's own
/// precision, from the initial state on.
struct InjectedRun {
  /// The check of the wrong run by what the file declares.
  let problem: StepwiseProblem
  let context: DiagnosisContext
  let format: FloatFormat

  /// - Parameters:
  ///   - hypotheses: what the run does wrong, all at once.
  ///   - context: of the honest pass.
  init(_ hypotheses: [Hypothesis], in context: DiagnosisContext, format: FloatFormat) {
    let mistakes = hypotheses.sorted { $0.aspects.first < $1.aspects.first }
    var wrong = context.problem
    for hypothesis in mistakes { hypothesis.apply(&wrong) }
    let states = wrong.freeRun(format: format)
    // A hypothesis about the order in which states are returned turns the record, and turns it back.
    var record = context.problem
    record.target = states
    for hypothesis in mistakes { hypothesis.apply(&record) }
    self.init(record.target, in: context, format: format)
  }

  /// A run that recorded these states.
  init(_ states: RecordedStates, in context: DiagnosisContext, format: FloatFormat) {
    var problem = context.problem
    problem.target = states
    problem.previous = states
    problem.returned = nil
    problem.finalState = ReturnedState()
    self.problem = problem
    var wrong = context
    wrong.problem = problem
    self.context = wrong
    self.format = format
  }

  var assessment: Assessment { problem.assessed(in: ErrorModel(format)) }

  func judged() -> PassJudgement { problem.judged(format: format, at: context.place) }

  /// What the diagnosis says of it.
  func findings() -> [Finding] {
    DiagnosisSearch(
      context: context, flagged: assessment.flagged, elementsBeyond: assessment.beyond.count
    ).findings()
  }

  /// The largest literal residual of each timestep: `|h − F|` by the formula as it is written, in Float64, from
  /// the recorded past, relative to the states where those exceed 1.
  func literalResiduals() -> [Int: Double] {
    var residuals: [Int: Double] = [:]
    for step in problem.steps {
      let fed = problem.input.values
      let x = Matrix(rows: 1, columns: fed.features, elements: Array(fed.elements[fed.range(step.t, step.b)]))
      guard let h = row(problem.past(.h, step)) else { continue }
      let next = problem.cell.step(x: x, State(h: h, c: row(problem.past(.c, step))))
      for kind in [StateKind.h, .c] {
        guard let target = problem.target[kind], let expected = next[kind] else { continue }
        for (value, formula) in zip(target.elements[target.range(step.t, step.b)], expected.elements) {
          let residual = (value - formula).magnitude / max(1, formula.magnitude)
          residuals[step.t] = max(residuals[step.t] ?? 0, residual)
        }
      }
    }
    return residuals
  }

  private func row(_ values: ArraySlice<Double>?) -> Matrix<Double>? {
    values.map { Matrix(rows: 1, columns: $0.count, elements: Array($0)) }
  }
}

extension StepwiseProblem {
  /// The states of the problem's formula from its initial state alone, summed term by term in the format.
  func freeRun(format: FloatFormat) -> RecordedStates {
    format == .float64
      ? freeRun(ControlArithmetic<Double>(order: .fromBiases))
      : freeRun(ControlArithmetic<Float>(order: .fromBiases))
  }

  private func freeRun<S: Scalar>(_ arithmetic: ControlArithmetic<S>) -> RecordedStates {
    var free = self
    free.previous = RecordedStates()
    free.target = RecordedStates()
    var evaluator = StepEvaluator(free, in: arithmetic, radius: RecordedRadius(input: .none, state: .none))
    let blocks = free.windows.inOrder(direction).flatMap {
      evaluator.blocks(ProblemWindow(free, $0), steps: []) { $0 }
    }
    let (T, B) = (input.values.timesteps, valid.batch)
    var h = BatchedSequence<Double>(zeros: T, B, cell.stateSize)
    var c = cell.kind == .lstm ? BatchedSequence<Double>(zeros: T, B, cell.hiddenSize) : nil
    for block in blocks {
      for (row, step) in block.steps.enumerated() where valid.contains(step.t, step.b) {
        h.elements.replaceSubrange(h.range(step.t, step.b), with: S.widened(Array(block.states.h.row(row))))
        guard let values = block.states.c?.row(row), let range = c?.range(step.t, step.b) else { continue }
        c?.elements.replaceSubrange(range, with: S.widened(Array(values)))
      }
    }
    return RecordedStates(h: h, c: c)
  }
}

extension ParityCase {
  /// What the hypotheses need to know of one pass, judged by its own parameters.
  func diagnosisContext(_ address: PassAddress) -> DiagnosisContext {
    let reference = references[address.reference]
    return DiagnosisContext(
      problem: reference.problem(layer: address.layer, pass: address.pass, of: self),
      format: self[address].format, reference: reference, parameters: reference, layer: address.layer,
      pass: address.pass, networkInput: input)
  }
}

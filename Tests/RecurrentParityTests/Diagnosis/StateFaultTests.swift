import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// States that a run lost, or that it began with and nothing declares.
@Suite struct StateFaultTests {
  private static let targets = [
    Target("simplernn-tanh", layer: 0, pass: 0), Target("simplegru", layer: 0, pass: 0),
    Target("simplelstm", layer: 0, pass: 0),
    Target("stackedbilstm-ragged", reference: 1, layer: 1, pass: 1),
  ]

  @Test("A state that is lost every few steps is told, with what is lost and how often", arguments: targets)
  func reset(_ target: Target) throws {
    let isLSTM = try bundled(target.fixture)[target.address].cell.kind == .lstm
    let losses: [(Set<StateKind>, String)] =
      isLSTM ? [([.h, .c], "h and c"), ([.h], "h"), ([.c], "c")] : [([.h], "h")]
    for (lost, words) in losses {
      let run = try self.run(target, .carrying) { problem in
        problem.carrying = Carrying(every: 4, lost: lost, isZeroed: false)
      }
      #expect(run.judged().verdict == .mismatch)
      #expect(run.findings().first?.name == "state-reset:\(words) every 4 steps")
    }
  }

  @Test("A state that is lost at some steps is told, and at which", arguments: targets)
  func irregularReset(_ target: Target) throws {
    let steps: Set = [StepIndex(t: 3, b: 0), StepIndex(t: 4, b: 0), StepIndex(t: 4, b: 1)]
    let run = try self.run(target, .carrying) { problem in
      problem.carrying = Carrying(moments: .before(steps), lost: [.h], isZeroed: false)
    }
    let finding = try #require(run.findings().first)
    #expect(finding.name == "state-reset:h before 3 steps" && finding.explains == .all)
    #expect(finding.says.contains("t = 3, 4"))
  }

  @Test("A state that is carried on from another direction is told", arguments: ["stackedbigru-ragged"])
  func carriedFrom(_ name: String) throws {
    let parityCase = try bundled(name)
    let context = parityCase.diagnosisContext(PassAddress(reference: 0, layer: 0, pass: 1))
    let other = parityCase.references[0].layers[0].passes[0].states
    var wrong = context.problem
    wrong.previous = other
    // Every step by itself, from the other direction's recorded state.
    let states = wrong.evaluatedStates
    var run = context
    run.problem.target = states
    run.problem.previous = states
    run.problem.returned = nil
    run.problem.finalState = ReturnedState()
    let assessment = run.problem.assessed(in: ErrorModel(.float32))
    let findings = DiagnosisSearch(
      context: run, flagged: assessment.flagged, elementsBeyond: assessment.beyond.count
    ).findings()
    #expect(findings.first?.name == "state-carried-from:0 forward")
  }

  @Test("Another initial state is told where only what begins there fails", arguments: targets)
  func otherInitialState(_ target: Target) throws {
    let run = try self.run(target, .initialState) { $0.initialState = $0.otherState }
    let finding = try #require(run.findings().first)
    #expect(finding.name.hasPrefix("initial-state-other:h"))
    #expect(finding.explains == .all)
  }

  @Test("It is told from h alone, where c is carried along", arguments: ["simplelstm"])
  func otherInitialStateWithoutC(_ name: String) throws {
    let run = try self.run(Target(name, layer: 0, pass: 0), .initialState) { $0.initialState = $0.otherState }
    var states = run.problem.target
    states.c = nil
    let carried = InjectedRun(states, in: run.context, format: run.format)
    let finding = try #require(carried.findings().first)
    #expect(finding.name.hasPrefix("initial-state-other:h and c"))
    #expect(finding.explains == .all)
  }

  @Test(
    "A first step without the recurrent bias is told",
    arguments: ["stackedbirnn-no-h0", "stackedbilstm-no-h0", "stackedbigru-no-h0"])
  func firstStep(_ name: String) throws {
    let parityCase = try bundled(name)
    let reference = try #require(parityCase.references.firstIndex { $0.name == "pytorch" })
    let context = parityCase.diagnosisContext(PassAddress(reference: reference, layer: 0, pass: 1))
    let hypotheses = HypothesisCatalogue(context: context).firstStepBiases
    // Of a GRU's new gate alone, too.
    #expect(hypotheses.count == (context.problem.cell.kind == .gru ? 2 : 1))
    for ignored in hypotheses {
      let run = InjectedRun([ignored], in: context, format: .float32)
      #expect(run.findings().first?.name == ignored.mistake.name)
    }
  }

  @Test("What was fitted is no finding where nothing else is recorded")
  func nothingElse() throws {
    let run = try self.run(Target("simplelstm", layer: 0, pass: 0), .initialState) { problem in
      problem.initialState = problem.otherState
      problem.valid = ValidSteps(
        lengths: problem.valid.counts.map { _ in 1 }, timesteps: problem.valid.timesteps)
    }
    var context = run.context
    context.problem.valid = ValidSteps(
      lengths: context.problem.valid.counts.map { _ in 1 }, timesteps: context.problem.valid.timesteps)
    context.problem.chosen = nil
    let findings = DiagnosisSearch(context: context, flagged: [0], elementsBeyond: 12).findings()
    #expect(findings.first?.name.hasPrefix("initial-state-other") ?? false)
    #expect(findings.first?.explains == .consistent)
  }

  @Test("Steps that were passed over are told", arguments: ["simplernn-tanh", "simplegru", "simplelstm"])
  func passedOver(_ name: String) throws {
    let parityCase = try bundled(name)
    let address = PassAddress(reference: 0, layer: 0, pass: 0)
    let context = parityCase.diagnosisContext(address)
    let passed = [StepIndex(t: 3, b: 0), StepIndex(t: 4, b: 0), StepIndex(t: 7, b: 1)]
    var wrong = context.problem
    let (T, B) = (wrong.valid.timesteps, wrong.valid.batch)
    wrong.valid = ValidSteps(
      mask: (0..<T).flatMap { t in (0..<B).map { !passed.contains(StepIndex(t: t, b: $0)) } }, timesteps: T,
      batch: B)
    wrong.chosen = nil
    // The free run leaves zeros there, as a framework does that zeroes what is masked.
    let run = InjectedRun(wrong.freeRun(format: .float32), in: context, format: .float32)
    #expect(run.findings().first?.name == "steps-passed-over:3")
  }

  private func run(
    _ target: Target, _ aspects: Aspects, _ change: @escaping @Sendable (inout StepwiseProblem) -> Void
  ) throws -> InjectedRun {
    let parityCase = try bundled(target.fixture)
    return InjectedRun(
      [Hypothesis(Mistake(.stateReset), aspects, .problem(change))],
      in: parityCase.diagnosisContext(target.address), format: .float32)
  }
}

extension StepwiseProblem {
  /// What every step makes of the recorded state that it starts from, rounded to Float32.
  fileprivate var evaluatedStates: RecordedStates {
    var h = BatchedSequence<Double>(zeros: valid.timesteps, valid.batch, cell.stateSize)
    for step in StepIndex.all(valid) {
      guard let recorded = RecordedStep(step, of: self) else { continue }
      let next = recorded.next(cell, inputs: [recorded.x]).h.row(0)
      h.elements.replaceSubrange(h.range(step.t, step.b), with: next.map { Double(Float($0)) })
    }
    return RecordedStates(h: RecordedSequence(h))
  }

  /// Values that no declared state holds.
  fileprivate var otherState: State<Double> {
    let zeros = cell.zeroState(batch: valid.batch)
    func filled(_ matrix: Matrix<Double>, _ step: Double) -> Matrix<Double> {
      var matrix = matrix
      for k in matrix.elements.indices {
        matrix.elements[k] = FloatFormat.float32.round(
          (step * Double(k + 1)).truncatingRemainder(dividingBy: 1) - 0.5)
      }
      return matrix
    }
    return State(h: filled(zeros.h, 0.618034), c: zeros.c.map { filled($0, 0.414214) })
  }
}

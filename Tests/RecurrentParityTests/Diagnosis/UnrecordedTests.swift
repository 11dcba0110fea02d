import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// Runs of which only what was returned is recorded: each hypothesis is run through what is not, and named where it
/// accounts for what rejects the declared formula.
@Suite struct UnrecordedTests {
  static let targets = [
    Target("simplernn-tanh", reference: 1, layer: 0, pass: 0),
    Target("simplegru", reference: 1, layer: 0, pass: 0),
    Target("simplelstm", reference: 1, layer: 0, pass: 0),
  ]

  @Test(
    "A mistake that shows in the last states is named by them alone, or nothing is where its bound is too wide",
    arguments: targets)
  func finalStates(_ target: Target) throws {
    let parityCase = try bundled(target.fixture)
    let context = parityCase.diagnosisContext(target.address)
    let format = parityCase[target.address].format
    var (named, flagged) = (0, 0)
    for hypothesis in HypothesisCatalogue(context: context).singles
    where hypothesis.aspects.isDisjoint(with: [.record, .carrying]) {
      let run = InjectedRun([hypothesis], in: context, format: format)
      let pass = try #require(
        parityCase.returningOnly(run.problem, target.address).judged().references.first?.passes.first)
      guard pass.judgement.verdict == .mismatch else { continue }
      flagged += 1
      let names = pass.judgement.findings.filter(\.isDiagnosis).flatMap { [$0.name] + $0.equivalentTo }
      #expect(
        names.isEmpty || names.contains(hypothesis.name), "\(hypothesis.name) is taken for \(names)")
      if names.contains(hypothesis.name) { named += 1 }
      #expect(pass.judgement.diagnosis == nil)
    }
    // Not all are: what is nearly the declared function, or fades before the last step, does not reach the 32 bits.
    #expect(flagged >= 10 && 2 * named > flagged)
  }

  @Test("An honest run has nothing to be explained", arguments: targets)
  func honest(_ target: Target) throws {
    let parityCase = try bundled(target.fixture)
    let context = parityCase.diagnosisContext(target.address)
    let run = InjectedRun([], in: context, format: parityCase[target.address].format)
    let pass = try #require(
      parityCase.returningOnly(run.problem, target.address).judged().references.first?.passes.first)
    #expect(pass.judgement.verdict != .mismatch)
    #expect(pass.judgement.findings.filter(\.isDiagnosis).isEmpty)
  }

  @Test("What no hypothesis accounts for is named nothing", arguments: targets)
  func foreign(_ target: Target) throws {
    let parityCase = try bundled(target.fixture)
    let context = parityCase.diagnosisContext(target.address)
    var wrong = context
    wrong.problem.cell = wrong.problem.cell.changing { _, gate in
      gate.weightHH = gate.weightHH.mapped { 1.37 * $0 }
    }
    let run = InjectedRun([], in: wrong, format: .float32)
    let pass = try #require(
      parityCase.returningOnly(run.problem, target.address).judged().references.first?.passes.first)
    #expect(pass.judgement.verdict == .mismatch)
    #expect(pass.judgement.findings.filter(\.isDiagnosis).isEmpty)
  }

  @Test("Values that a wide bound admits do not pin a formula down")
  func evidence() {
    func held(_ residual: Double, _ bound: Double, _ count: Int) -> HeldRecord {
      var record = HeldRecord()
      for _ in 0..<count { record.add(residual: residual, bound: bound, isTelling: true) }
      return record
    }
    // 10 bits a value: three are not enough, four are.
    #expect(!held(0, 1, 3).accounts(forWhatRejects: held(1024, 1, 3)))
    #expect(held(0, 1, 4).accounts(forWhatRejects: held(1024, 1, 4)))
    // As wide as what it is to tell apart.
    #expect(!held(0, 1024, 100).accounts(forWhatRejects: held(1024, 1, 100)))
    #expect(!held(2, 1, 4).accounts(forWhatRejects: held(1024, 1, 4)))
    #expect(!held(.nan, 1, 4).accounts(forWhatRejects: held(1024, 1, 4)))
  }

  @Test("Directions merged another way are named from the output alone")
  func links() throws {
    let parityCase = try bundled("stackedbigru-ave")
    for merge in [MergeMode.sum, .mul] {
      let wrong = parityCase.mergingOtherwise(merge)
      let judgements = try #require(wrong.judged().references.first).passes.map(\.judgement)
      for judgement in judgements {
        #expect(judgement.findings.first?.name == "merge-mode:\(merge.rawValue)")
      }
      // With the states recorded beside it, it is the same.
      let recorded = parityCase.mergingOtherwise(merge, keepsStates: true)
      for pass in try #require(recorded.judged().references.first).passes {
        #expect(pass.judgement.diagnosis?.map(\.name) == ["merge-mode:\(merge.rawValue)"])
      }
    }
  }
}

extension ParityCase {
  /// One reference with the one layer, of which nothing but the last states of a run is recorded.
  fileprivate func returningOnly(_ problem: StepwiseProblem, _ address: PassAddress) -> ParityCase {
    changing { changed in
      var reference = references[address.reference]
      reference.layers = [reference.layers[address.layer]]
      var layer = reference.layers[0]
      layer.passes = [layer.passes[address.pass]]
      layer.output = nil
      layer.input = problem.input.values
      layer.passes[0].states = RecordedStates()
      layer.passes[0].finalState = problem.lastStates
      reference.layers = [layer]
      changed.references = [reference]
    }
  }

  /// The first reference's lowest layer with its two directions merged so, and nothing else recorded of them.
  fileprivate func mergingOtherwise(_ merge: MergeMode, keepsStates: Bool = false) -> ParityCase {
    changing { changed in
      var reference = references[0]
      reference.layers = [reference.layers[0]]
      let states = reference.layers[0].passes.compactMap(\.states.h)
      reference.layers[0].output = merge.merged(states, rounding: .float32)
      for pass in reference.layers[0].passes.indices where !keepsStates {
        reference.layers[0].passes[pass].states = RecordedStates()
        reference.layers[0].passes[pass].finalState = ReturnedState()
      }
      changed.references = [reference]
    }
  }
}

extension StepwiseProblem {
  /// The recorded states after the last step of every sequence.
  fileprivate var lastStates: ReturnedState {
    func last(_ sequence: RecordedSequence) -> Matrix<Double> {
      Matrix(
        rows: valid.batch, columns: sequence.features,
        elements: lastSteps.flatMap { Array(sequence.row($0.t, $0.b)) })
    }
    return ReturnedState(h: target.h.map(last), c: target.c.map(last))
  }
}

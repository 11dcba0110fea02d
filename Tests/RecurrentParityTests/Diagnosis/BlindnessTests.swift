import BundledCases
import FixtureManifest
import Recurrent
import Testing

@testable import RecurrentParity

/// A fixture that cannot tell a mistake from an honest run proves nothing of it.
@Suite struct BlindnessTests {
  /// What a bundled run cannot show, and why.
  struct Exception: Hashable {
    let fixture: String
    let hypothesis: String

    static let all: [Exception: String] = [
      Exception(fixture: "simplelstm-sigmoid", hypothesis: "gate-order:cfio"):
        "where all gates have one activation, i and g only appear as their product",
      Exception(fixture: "branches-left-padded", hypothesis: "lengths-ignored"):
        "padded on the left, a backward pass has its states before it reads the padding",
    ].merging(inBfloat16) { reason, _ in reason }
      .merging(ofForgetGate) { reason, _ in reason }.merging(ofSameSign) { reason, _ in reason }

    private static let ofForgetGate = exceptions(
      "lstm-onnx-options",
      [
        "forget-bias-added", "gate-bias-lost:f", "gate-recurrent-bias-lost:f", "gate-input-weights-lost:f",
        "gate-recurrent-weights-lost:f",
      ], "its coupled gates have f = 1 - i, so nothing reads the forget gate's parameters")

    private static let ofSameSign = exceptions(
      "simplernn-relu-same-sign",
      [
        "activation:linear", "activation:elu(alpha 1.0)", "activation:leaky_relu(alpha 0.01)",
        "activation:leaky_relu(alpha 0.2)",
      ], "no pre-activation is negative, which is what its same sign means")

    private static func exceptions(
      _ fixture: String, _ hypotheses: [String], _ reason: String
    ) -> [Exception: String] {
      Dictionary(
        uniqueKeysWithValues: hypotheses.map { (Exception(fixture: fixture, hypothesis: $0), reason) })
    }

    /// The bound of a declared bfloat16 is wider than what these move.
    private static let inBfloat16 = exceptions(
      "tagger-bfloat16",
      small + [
        "gate-order:figo@recurrent", "gate-order:ofgi@recurrent", "gate-recurrent-bias-lost:f",
        "gate-recurrent-bias-lost:o",
      ], "smaller than the bound of bfloat16"
    ).merging(
      exceptions(
        "tagger-mixed-bfloat16", small + ["gate-order:fico@recurrent", "gate-order:ofci@recurrent"],
        "smaller than the bound of bfloat16")
    ) { reason, _ in reason }

    private static let small = [
      "recurrent-activation:hard_sigmoid_keras2", "activation:sin", "output-activation:linear",
      "output-activation:hard_tanh", "fast-activations:cubic", "fast-activations:cubic with sigmoid",
      "fast-activations:neural-amp", "fast-activations:neural-amp with sigmoid", "gate-bias-lost:f",
      "gate-recurrent-weights-lost:i", "gate-recurrent-weights-lost:f", "gate-recurrent-weights-lost:o",
    ]
  }

  @Test(
    "Every convention's mistake that applies to a fixture, made in a run of its network, is caught",
    arguments: try honestFixtures())
  func caught(_ entry: Manifest.Entry) throws {
    let parityCase = try entry.load().beginning
    var missed: Set<String> = []
    for address in parityCase.passAddresses {
      let context = parityCase.diagnosisContext(address)
      let format = parityCase[address].format
      let catalogue = HypothesisCatalogue(context: context)
      // Of the other references of the case, which hold the same network, whole gate blocks only.
      for hypothesis in catalogue.singles where address.reference == 0 || !hypothesis.name.contains("@") {
        // The states of a forward pass are settled before it reads the padding: see `ignoredLengths`.
        // Where arguments are small, the better approximations of tanh are tanh to rounding.
        if hypothesis.name.hasPrefix("fast-activations:pade") { continue }
        // And where no argument exceeds 6, relu6 is relu.
        if hypothesis.name == "activation:relu6", context.problem.cell.activation == .relu { continue }
        if hypothesis.name == "lengths-ignored", context.problem.direction == .forward { continue }
        if !InjectedRun([hypothesis], in: context, format: format).isFlagged {
          missed.insert(hypothesis.name)
        }
      }
    }
    #expect(missed == Set(Exception.all.keys.filter { $0.fixture == entry.case }.map(\.hypothesis)))
  }

  @Test("What the exceptions are about is there")
  func exceptions() throws {
    let names = Set(try honestFixtures().map(\.case))
    #expect(Exception.all.keys.allSatisfy { names.contains($0.fixture) })
  }

  @Test(
    "A forward pass that runs over the padding has the right states, and is caught by those it ends with",
    arguments: ["simplernn-ragged", "simplegru-ragged", "simplelstm-ragged", "stackedbilstm-ragged"])
  func ignoredLengths(_ name: String) throws {
    let parityCase = try bundled(name)
    for address in parityCase.passAddresses where parityCase[address].direction == .forward {
      let context = parityCase.diagnosisContext(address)
      let format = parityCase[address].format
      let last = parityCase.input.timesteps - 1
      var wrong = context.problem
      wrong.valid = ValidSteps(all: last + 1, batch: wrong.valid.batch)
      wrong.steps = StepIndex.all(wrong.valid)
      let states = wrong.freeRun(format: format)
      var problem = InjectedRun(states, in: context, format: format).problem
      #expect(problem.judged(format: format, at: context.place).verdict == .match)
      problem.finalState = ReturnedState(h: states.h?[last], c: states.c?[last])
      let judgement = problem.judged(format: format, at: context.place)
      #expect(judgement.verdict == .mismatch)
      // Where a sequence ends before the others.
      let ends = Set(parityCase.lengths.filter { $0 <= last }.map { $0 - 1 })
      #expect(Set(judgement.timesteps.filter { $0.verdict != .match }.map(\.timestep)) == ends)
      #expect(judgement.contradictions.contains("final_state/h"))
    }
  }
}

extension InjectedRun {
  /// Whether the judge flags it: an element beyond its bound in a few steps is one in all of them; only where there
  /// is none, everything is judged.
  fileprivate var isFlagged: Bool {
    let arithmetic = ErrorModel(format)
    let few = problem.sampled(problem.probedSteps(Set(problem.steps.map(\.t)))).evaluated(
      in: arithmetic)
    return few.explainedShare() < 1 || !problem.assessed(in: arithmetic).flagged.isEmpty
  }
}

extension ParityCase {
  /// The first steps of a long case that only goes forward: what is caught there is caught in the whole.
  fileprivate var beginning: ParityCase {
    let steps = 24
    let goesBack = passAddresses.contains { self[$0].direction == .backward }
    let hasInputs = references.contains { $0.layers.contains { $0.input != nil } }
    guard input.timesteps > steps, !goesBack, !hasInputs else { return self }
    return changing { parityCase in
      parityCase.input = input.first(steps)
      parityCase.lengths = lengths.map { min($0, steps) }
      for address in passAddresses {
        parityCase[address].states.h = self[address].states.h?.first(steps)
        parityCase[address].states.c = self[address].states.c?.first(steps)
        let output = references[address.reference].layers[address.layer].output
        parityCase.references[address.reference].layers[address.layer].output = output?.first(steps)
      }
    }
  }
}

extension RecordedSequence {
  fileprivate func first(_ steps: Int) -> RecordedSequence {
    RecordedSequence(window(0..<steps), storage: storage)
  }
}

import BundledCases
import Testing

@testable import ParityReport
@testable import RecurrentParity

@Suite struct GuideTests {
  /// What is made of the record of a run that fails.
  private static let ofRecords = [
    "state-reset:c every 4 steps", "steps-passed-over:4", "units-interleaved", "input-time-shifted:3",
    "initial-state-other:c; c of sequence 0 was [0.5]", "input-scaled:0.5", "input-offset:0.1",
    "input-rows:1 0 2", "input-dropout:0.3", "final-state-of:its last c",
    "first-recurrent-bias-ignored",
  ]
  /// Where there are as many timesteps as sequences.
  private static let ofSquareBatches = [
    "input-axes-exchanged", "output-axes-exchanged", "ran-along-batch",
  ]

  /// Every name that the catalogue makes of any bundled run, those that it makes of others, and those of lowered
  /// precision.
  private static func names() throws -> Set<String> {
    var names: Set<String> = [
      "precision:tf32", "precision:bfloat16", "precision:float16", "precision:float32", "precision:int8",
    ]
    for entry in try honestFixtures() {
      let parityCase = try entry.load()
      for address in parityCase.passAddresses {
        let catalogue = HypothesisCatalogue(context: parityCase.diagnosisContext(address))
        names.formUnion(catalogue.singles.map(\.mistake.name))
      }
    }
    return names.union(ofRecords).union(ofSquareBatches)
  }

  @Test("Every hypothesis that a diagnosis can name has a guide, and every guide is of one that it can name")
  func covered() throws {
    let names = try Self.names()
    let reached = Set(names.compactMap { MistakeGuide.named($0)?.name })
    #expect(names.filter { MistakeGuide.named($0) == nil } == [])
    #expect(Set(MistakeGuide.all.map(\.name)) == reached)
    #expect(MistakeGuide.all.count == reached.count, "a guide is listed twice")
  }

  @Test("Every mistake that reports promise to name is tried on some bundled run")
  func promised() throws {
    let promised: Set<String> = [
      "bias-hh-ignored", "bias-ih-ignored", "bias-doubled", "biases-swapped", "forget-bias-added",
      "recurrent-weights-transposed", "input-weights-transposed", "weights-swapped", "gate-order:zrn",
      "gate-order:zrn@bias", "gate-order:zrn@recurrent", "gate-order:zrn@input", "gate-order:ifoc",
      "reset-before", "reset-after", "recurrent-bias-merged", "update-gate-inverted", "activation:relu",
      "activation:linear", "recurrent-activation:hard_sigmoid", "initial-state-ignored",
      "initial-state-direction-swapped", "initial-state-layer-swapped:0", "backward-not-reversed",
      "input-time-shifted", "input-time-shifted:-1", "lengths-ignored", "directions-swapped",
      "input-halves-swapped", "layer-input-half:forward", "layer-input-half:backward",
      "initial-states-exchanged", "initial-state-ignored:c", "initial-state-rows:reversed",
      "initial-state-rows:sorted by length", "initial-state-layout:B, D",
      "state-not-carried:h", "state-not-carried:h and c", "state-not-carried:c", "weights-of:0",
      "weights-of:0 forward@recurrent", "input-time-reversed", "input-of:network",
      "input-halves-interleaved", "input-backward-not-reversed", "padding-at-other-end",
    ]
    #expect(promised.subtracting(try Self.names()) == [])
  }

  @Test("A guide says what was done, in a sentence without a gap, and how to mend it")
  func sentences() throws {
    for name in try Self.names() {
      let guide = try #require(MistakeGuide.named(name))
      let what = guide.what(name)
      #expect(what.hasPrefix("The run ") && what.hasSuffix(".") && !what.contains("%"), "\(what)")
      if let parameter = name.split(separator: ":").dropFirst().first, name.contains(":") {
        #expect(what.contains(parameter), "\(what)")
      }
      #expect(guide.happens.hasSuffix("."))
      #expect(!guide.mending.isEmpty)
    }
  }

  @Test("There is no guide to what no diagnosis names", arguments: ["", "bias", "gate-orders:zrn", "spike"])
  func unknown(_ name: String) {
    #expect(MistakeGuide.named(name) == nil)
  }

  @Test("Two mistakes are told in one sentence, and each has what to do")
  func pair() {
    let text = MistakeGuide.sentence(["bias-hh-ignored", "gate-order:zrn"])
    #expect(
      text
        == "did not add bias_hh, and used the stored gate blocks as zrn. In the one-bias formula the bias is "
        + "bias_ih + bias_hh. The blocks must be reordered between frameworks.")
  }
}

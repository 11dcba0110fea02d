import BundledCases
import Testing

@testable import ParityReport
@testable import RecurrentParity

@Suite struct GuideTests {
  /// What is made of the record of a run that fails.
  private static let ofRecords = [
    "state-reset:c every 4 steps", "steps-passed-over:4", "units-interleaved", "input-time-shifted:3",
    "initial-state-other:c", "input-scaled:0.5", "input-offset:0.1",
    "input-rows:1 0 2", "input-dropout:0.3", "final-state-of:its last c",
    "first-recurrent-bias-ignored", "first-recurrent-bias-ignored:n", "stale-buffer", "stale-buffer:n",
    "recurrent-dropout:0.25", "state-carried-from:0", "units-permuted:rotated by 1",
    "lengths-ignored:empty sequences",
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
      // Of layers without recorded states: see `UnrecordedTests`.
      "merge-mode:sum",
      // What is fitted has a value that follows from the run.
      "clip:0.6", "cell-clip:0.6", "clip-of-output:0.6", "zoneout:0.1",
      "peepholes-undeclared:before the activations", "states-printed:4-decimals",
    ]
    for entry in try honestFixtures() {
      let parityCase = try entry.load()
      for address in parityCase.passAddresses {
        let catalogue = HypothesisCatalogue(context: parityCase.diagnosisContext(address))
        names.formUnion((catalogue.singles + catalogue.storedPrecisions).map(\.mistake.name))
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
      "output-activation:linear", "proposal-activation:relu", "fast-activations:cubic with sigmoid",
      "gate-bias-lost:f", "gate-recurrent-bias-lost:n", "gate-input-weights-lost:i",
      "gate-recurrent-weights-lost:z", "forget-gate-coupled", "input-gate-coupled", "input-forget-ignored",
      "clip-ignored", "peepholes-ignored", "peepholes-after-activation:o", "weights-rounded:int8-per-channel",
      "weights-rounded:bfloat16", "parameters-rounded:float16", "parameters-printed:4-decimals",
    ]
    #expect(promised.subtracting(try Self.names()) == [])
  }

  @Test("A guide says what was done, in a sentence without a gap, and how to mend it")
  func sentences() throws {
    for name in try Self.names() {
      let guide = try #require(MistakeGuide.named(name))
      let what = guide.what(name)
      #expect(what.hasPrefix("The run ") && what.hasSuffix(".") && !what.contains("%"), "\(what)")
      if let parameter = name.split(separator: ":").dropFirst().first, Int(parameter) == nil {
        // A gate order is told letter by letter, a layer and its direction with a comma between them.
        let told =
          switch guide.name {
          case "gate-order": parameter.prefix { $0 != "@" }.map(String.init).joined(separator: ", ")
          case "initial-state-layer-swapped": parameter.split(separator: " ").joined(separator: ", ")
          default: String(parameter)
          }
        #expect(what.contains(told), "\(what)")
      }
      #expect(guide.happens.hasSuffix("."))
      #expect(!guide.mending.isEmpty)
    }
  }

  @Test("A guide that needs a parameter has an example, which leads to it")
  func examples() throws {
    for guide in MistakeGuide.all {
      #expect(MistakeGuide.named(guide.exampleName)?.name == guide.name)
      let gaps = ["%", "  "].filter(guide.exampleOfWhat.contains)
      #expect(gaps.isEmpty && !guide.what(guide.name).contains("%"), "\(guide.name)")
      if guide.did.contains("%"), guide.unnamed == "…" {
        #expect(guide.exampleName != guide.name, "\(guide.name) has no example")
      }
    }
  }

  @Test("There is no guide to what no diagnosis names", arguments: ["", "bias", "gate-orders:zrn", "spike"])
  func unknown(_ name: String) {
    #expect(MistakeGuide.named(name) == nil)
  }

  @Test("Two mistakes are told in one sentence, and each has what to do")
  func pair() {
    let text = MistakeWords(["bias-hh-ignored", "gate-order:zrn"]).sentence
    #expect(
      text
        == "did not add bias_hh, and took the three gate blocks of weights and biases to be in the order z, r, n. "
        + "In the one-bias formula the bias is bias_ih + bias_hh. The blocks must be reordered between frameworks."
    )
  }

  @Test("One order of several tensors is told once, two orders each")
  func partialOrders() {
    let same = MistakeWords(["gate-order:ifog@recurrent", "gate-order:ifog@bias"]).did
    #expect(
      same
        == "took the four gate blocks of the recurrent weights and of the biases to be in the order i, f, o, g"
    )
    let other = MistakeWords(["gate-order:ifog@recurrent", "gate-order:igfo@bias"]).did
    #expect(other.contains("the recurrent weights to be in the order i, f, o, g, and took"))
    #expect(other.hasSuffix("the biases to be in the order i, g, f, o"))
  }
}

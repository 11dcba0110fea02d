import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// One direction of one layer of a bundled fixture into which mistakes are injected.
struct Target: CustomTestStringConvertible, Sendable {
  let fixture: String
  let address: PassAddress

  init(_ fixture: String, reference: Int = 0, layer: Int, pass: Int) {
    self.fixture = fixture
    address = PassAddress(reference: reference, layer: layer, pass: pass)
  }

  var testDescription: String { "\(fixture), \(address)" }

  /// Of each kind of cell, a pass to which nearly everything applies: an upper backward layer of ragged sequences
  /// with an initial state, as PyTorch ran it, and one with as many inputs as units, as Keras did.
  static let all = [
    Target("stackedbirnn-ragged", reference: 1, layer: 1, pass: 1),
    Target("stackedrnn-square", layer: 1, pass: 0),
    Target("stackedbigru-ragged", reference: 1, layer: 1, pass: 1),
    Target("stackedgru-square", layer: 1, pass: 0),
    Target("stackedbigru-reset-before", layer: 1, pass: 0),
    Target("stackedbilstm-ragged", reference: 1, layer: 1, pass: 1),
    Target("stackedlstm-square", layer: 1, pass: 0),
  ]
}

@Suite struct PowerTests {
  @Test(
    "Every mistake of the catalogue is flagged where it begins, and the diagnosis names it first",
    arguments: Target.all)
  func singles(_ target: Target) throws {
    let parityCase = try bundled(target.fixture)
    let context = parityCase.diagnosisContext(target.address)
    let format = parityCase[target.address].format
    // Where arguments are small, the better approximations of tanh are tanh to rounding.
    let hypotheses = HypothesisCatalogue(context: context).singles.filter {
      !$0.name.hasPrefix("fast-activations:pade")
    }
    try #require(hypotheses.count >= 10)
    for hypothesis in hypotheses {
      let run = InjectedRun([hypothesis], in: context, format: format)
      let judgement = run.judged()
      // Gates beyond (0, 1) let a GRU's state grow beyond all numbers: nothing is left to explain.
      if judgement.verdict == .invalid, hypothesis.name.hasPrefix("recurrent-activation:") { continue }
      #expect(judgement.verdict == .mismatch, "\(hypothesis.name)")
      // As the literal formula has it, in Float64: an honest step of these sizes is within 1e-6 of it, and what is
      // beyond 1e-4 is no rounding. In between, either may be right.
      let residuals = run.literalResiduals()
      let first = try #require(judgement.firstFlagged, "\(hypothesis.name)")
      #expect(residuals[first.timestep] ?? 0 > 1e-6, "\(hypothesis.name)")
      let earlier = residuals.filter {
        context.problem.direction == .forward ? $0.key < first.timestep : $0.key > first.timestep
      }
      #expect(earlier.allSatisfy { $0.value < 1e-4 }, "\(hypothesis.name)")

      let finding = try #require(run.findings().first, "\(hypothesis.name) is not explained")
      #expect(finding.explainsAll && finding.isWithinBound)
      #expect(
        finding.name == hypothesis.name || finding.equivalentTo.contains(hypothesis.name),
        "\(hypothesis.name) is taken for \(finding.name)")
      #expect(finding.place.at(timesteps: []) == context.place && finding.says.hasPrefix("layer "))
    }
  }

  @Test(
    "An honest run computed in the same way is not flagged, and nothing is to be explained",
    arguments: Target.all)
  func honest(_ target: Target) throws {
    let parityCase = try bundled(target.fixture)
    let run = InjectedRun(
      [], in: parityCase.diagnosisContext(target.address), format: parityCase[target.address].format)
    #expect(run.judged().verdict == .match)
  }

  /// Two mistakes at once.
  struct Pair: CustomTestStringConvertible, Sendable {
    let target: Target
    let names: [String]

    init(_ fixture: String, reference: Int = 0, layer: Int, pass: Int, _ names: String...) {
      target = Target(fixture, reference: reference, layer: layer, pass: pass)
      self.names = names
    }

    var testDescription: String { "\(names.joined(separator: "+")) in \(target.testDescription)" }
  }

  @Test(
    "Two mistakes at once are named together, where no single one accounts for the run",
    arguments: [
      Pair(
        "stackedbirnn-ragged", reference: 1, layer: 1, pass: 1, "bias-hh-ignored",
        "recurrent-weights-transposed"),
      Pair("stackedrnn-square", layer: 1, pass: 0, "activation:relu", "initial-state-ignored"),
      Pair("stackedbigru-ragged", reference: 1, layer: 1, pass: 1, "reset-before", "gate-order:zrn"),
      Pair("stackedgru-square", layer: 1, pass: 0, "recurrent-bias-merged", "recurrent-weights-transposed"),
      Pair("stackedbilstm-ragged", reference: 1, layer: 1, pass: 1, "forget-bias-added", "lengths-ignored"),
      Pair("stackedlstm-square", layer: 1, pass: 0, "recurrent-activation:hard_sigmoid", "gate-order:ifoc"),
      Pair("stackedgru-square", layer: 1, pass: 0, "state-not-carried:h", "reset-before"),
      Pair("stackedlstm-square", layer: 1, pass: 0, "initial-states-exchanged", "forget-bias-added"),
      Pair(
        "stackedbigru-ragged", reference: 1, layer: 1, pass: 1, "weights-of:0@recurrent", "bias-hh-ignored"),
      Pair(
        "stackedbilstm-ragged", reference: 1, layer: 1, pass: 1, "input-backward-not-reversed",
        "backward-not-reversed"),
      Pair("stackedbirnn-ragged", reference: 1, layer: 1, pass: 1, "input-time-reversed", "bias-hh-ignored"),
      Pair("stackedlstm-square", layer: 1, pass: 0, "forget-gate-coupled", "output-activation:linear"),
      Pair("stackedlstm-square", layer: 1, pass: 0, "gate-bias-lost:c", "proposal-activation:relu"),
      Pair(
        "stackedgru-square", layer: 1, pass: 0, "gate-recurrent-bias-lost:h", "gate-recurrent-weights-lost:z"),
      Pair(
        "stackedbilstm-ragged", reference: 1, layer: 1, pass: 1, "input-gate-coupled",
        "fast-activations:cubic with sigmoid"),
      Pair("stackedgru-square", layer: 1, pass: 0, "weights-rounded:bfloat16", "gate-order:rzh"),
      Pair("stackedrnn-square", layer: 1, pass: 0, "weights-rounded:int8-per-channel", "activation:relu"),
    ])
  func pairs(_ pair: Pair) throws {
    let parityCase = try bundled(pair.target.fixture)
    let context = parityCase.diagnosisContext(pair.target.address)
    let catalogue = HypothesisCatalogue(context: context)
    let known = catalogue.singles + catalogue.storedPrecisions
    let hypotheses = pair.names.compactMap { name in known.first { $0.name == name } }
    try #require(hypotheses.count == 2, "known: \(known.map(\.name))")
    let run = InjectedRun(hypotheses, in: context, format: parityCase[pair.target.address].format)
    #expect(run.judged().verdict == .mismatch)
    let finding = try #require(run.findings().first)
    let names = ([finding.name] + finding.equivalentTo).map {
      Set($0.split(separator: "+").map(String.init))
    }
    #expect(names.contains(Set(pair.names)), "taken for \(finding.name)")
    #expect(names.allSatisfy { $0.count == 2 })
  }

  @Test("Mistakes that are one function on the data are each told with the other's name")
  func equivalent() throws {
    // Its two biases are equal.
    let parityCase = try bundled("simplernn-equal-weights")
    let reference = try #require(parityCase.references.firstIndex { $0.name == "pytorch" })
    let address = PassAddress(reference: reference, layer: 0, pass: 0)
    let context = parityCase.diagnosisContext(address)
    let lost = HypothesisCatalogue(context: context).singles.filter { $0.name == "bias-hh-ignored" }
    let findings = InjectedRun(lost, in: context, format: .float32).findings()
    let names = ["bias-hh-ignored", "bias-ih-ignored"]
    #expect(Set(findings.map(\.name)) == Set(names))
    for finding in findings { #expect(finding.equivalentTo == names.filter { $0 != finding.name }) }
  }

  @Test(
    "A mistake that accounts for all but one element is not taken for the reason",
    arguments: ["simplernn-tanh", "simplegru", "simplelstm"])
  func allButOne(_ name: String) throws {
    let parityCase = try bundled(name)
    let address = PassAddress(reference: 1, layer: 0, pass: 0)
    let context = parityCase.diagnosisContext(address)
    let lost = HypothesisCatalogue(context: context).singles.filter { $0.name == "bias-hh-ignored" }
    try #require(lost.count == 1)
    let run = InjectedRun(lost, in: context, format: .float32)
    #expect(run.findings().map(\.name) == ["bias-hh-ignored"])
    var states = run.problem.target
    // The last step: no other starts from it.
    states.h?[11, 2, 3] += 0.01
    #expect(InjectedRun(states, in: context, format: .float32).findings().isEmpty)
  }
}

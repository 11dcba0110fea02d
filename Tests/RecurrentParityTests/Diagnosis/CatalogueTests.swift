import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// What the diagnosis tries, written down once more: a hypothesis that nobody tries is missed by no other test.
@Suite struct CatalogueTests {
  /// A pass, and all that may have gone wrong in it but for the orders of its gates.
  struct Expectation: CustomTestStringConvertible, Sendable {
    let target: Target
    let names: [String]
    /// The letters of the gates, as they are stored.
    let gates: String

    var testDescription: String { target.testDescription }
  }

  private static let activations = [
    "activation:relu", "activation:sigmoid", "activation:linear", "activation:hard_sigmoid",
  ]
  private static let recurrentActivations = [
    "recurrent-activation:hard_sigmoid", "recurrent-activation:hard_sigmoid_keras2",
  ]

  private static let scopes = [nil, "bias", "recurrent", "input"]

  static let expectations = [
    Expectation(
      target: Target("stackedbirnn-ragged", reference: 1, layer: 1, pass: 1),
      names: [
        "bias-hh-ignored", "bias-ih-ignored", "bias-doubled", "recurrent-weights-transposed",
        "directions-swapped",
      ] + activations + [
        "initial-state-ignored", "initial-state-direction-swapped", "initial-state-layer-swapped",
        "input-time-shifted", "input-time-shifted:-1", "input-halves-swapped", "layer-input-half:forward",
        "layer-input-half:backward", "backward-not-reversed", "lengths-ignored",
      ], gates: ""),
    Expectation(
      target: Target("stackedgru-square", layer: 1, pass: 0),
      names: [
        "bias-hh-ignored", "bias-ih-ignored", "bias-doubled", "biases-swapped", "recurrent-bias-merged",
        "recurrent-weights-transposed", "input-weights-transposed", "weights-swapped", "reset-before",
        "update-gate-inverted",
      ] + activations + recurrentActivations + [
        "initial-state-ignored", "initial-state-layer-swapped", "input-time-shifted", "input-time-shifted:-1",
      ], gates: "zrh"),
    Expectation(
      target: Target("stackedbilstm-ragged", reference: 1, layer: 1, pass: 1),
      names: [
        "bias-hh-ignored", "bias-ih-ignored", "bias-doubled", "forget-bias-added",
        "recurrent-weights-transposed", "directions-swapped",
      ] + activations + recurrentActivations + [
        "initial-state-ignored", "initial-state-direction-swapped", "initial-state-layer-swapped",
        "input-time-shifted", "input-time-shifted:-1", "input-halves-swapped", "layer-input-half:forward",
        "layer-input-half:backward", "backward-not-reversed", "lengths-ignored",
      ], gates: "ifgo"),
  ]

  @Test("Everything that may have gone wrong in a pass is tried, the simplest first", arguments: expectations)
  func complete(_ expectation: Expectation) throws {
    let context = try bundled(expectation.target.fixture).diagnosisContext(expectation.target.address)
    let catalogue = HypothesisCatalogue(context: context)
    let (singles, forPairs) = (catalogue.singles.map(\.mistake.name), catalogue.forPairs.map(\.mistake.name))
    let count = expectation.names.count
    #expect(Array(singles.prefix(count)) == expectation.names)
    #expect(Array(forPairs.prefix(count)) == expectation.names)

    // Every other order of the gates: of the whole blocks, or of one parameter alone.
    let orders = singles.dropFirst(count).map { $0.split(separator: "@", maxSplits: 1) }
    #expect(Set(singles).count == singles.count)
    let others = (expectation.gates.isEmpty ? 1 : (1...expectation.gates.count).reduce(1, *)) - 1
    for scope in Self.scopes {
      let names = orders.filter { $0.dropFirst().first.map(String.init) == scope }.map { String($0[0]) }
      #expect(names.count == others)
      let prefix = "gate-order:"
      #expect(names.allSatisfy { $0.hasPrefix(prefix) && $0 != prefix + expectation.gates })
      #expect(names.allSatisfy { $0.dropFirst(prefix.count).sorted() == expectation.gates.sorted() })
    }
    #expect(orders.count == Self.scopes.count * others)
    // In pairs, of the whole blocks only.
    #expect(Array(forPairs.dropFirst(count)) == singles.dropFirst(count).filter { !$0.contains("@") })
  }

  @Test("Mistakes that come to the same are all named, each once, and each says which the others are")
  func equivalent() throws {
    let target = Target("stackedbirnn-ragged", reference: 1, layer: 1, pass: 1)
    let parityCase = try bundled(target.fixture)
    let own = parityCase.diagnosisContext(target.address)
    let zeros = own.problem.cell.zeroState(batch: parityCase.lengths.count)
    // The other direction and two other layers start from zeros: a run that does so may have taken any of these.
    let context = DiagnosisContext(
      problem: own.problem, place: own.place, gateOrder: own.gateOrder,
      otherPass: own.otherPass.map { ($0.cell, nil) }, otherLayersStates: [zeros, zeros],
      forwardWidth: own.forwardWidth)
    let ignored = try #require(
      HypothesisCatalogue(context: context).singles.first { $0.mistake.name == "initial-state-ignored" })
    let findings = InjectedRun([ignored], in: context, format: .float32).findings()
    let names = [
      "initial-state-ignored", "initial-state-direction-swapped", "initial-state-layer-swapped",
    ]
    #expect(findings.map(\.name) == names)
    #expect(findings.map(\.equivalentTo) == names.map { name in names.filter { $0 != name } })
  }
}

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

  private static let rare = [
    "hard_sigmoid_keras2", "elu(alpha 1.0)", "selu", "softsign", "softplus", "leaky_relu(alpha 0.01)",
    "leaky_relu(alpha 0.2)", "hard_tanh",
  ]
  /// Of tanh, in one place.
  private static func others(_ place: String) -> [String] {
    (["relu", "sigmoid", "linear", "hard_sigmoid"] + rare).map { "\(place):\($0)" }
  }
  private static let activations =
    others("activation")
    + ["gelu", "gelu_tanh", "silu", "mish", "relu6", "sin", "scaled_tanh"].map { "activation:\($0)" }
  private static let recurrentActivations = (["tanh", "relu", "linear", "hard_sigmoid"] + rare).map {
    "recurrent-activation:\($0)"
  }
  private static let fast = ["cubic", "pade54", "pade76", "neural-amp"].map { "fast-activations:\($0)" }
  private static let fastWithSigmoid = fast + fast.map { "\($0) with sigmoid" }
  private static func lost(_ letters: String) -> [String] {
    letters.flatMap { letter in
      ["bias", "recurrent-bias", "input-weights", "recurrent-weights"].map { "gate-\($0)-lost:\(letter)" }
    }
  }

  private static let layouts = [
    "initial-state-layout:B, D", "initial-state-layout:D, B", "initial-state-layout:B, L·D",
    "initial-state-layout:L·D, B",
  ]
  private static let rows = [
    "initial-state-rows:reversed", "initial-state-rows:rotated", "initial-state-rows:rotated back",
  ]
  private static let partsOfOthers = ["0", "0 forward", "1 forward"].flatMap { pass in
    ["@bias", "@recurrent", "@recurrent-and-bias"].map { "weights-of:" + pass + $0 }
  }
  /// Of an upper backward pass of ragged sequences.
  private static let ofUpperBackward =
    layouts + rows + partsOfOthers + [
      "initial-state-rows:sorted by length", "weights-of:1 forward@input", "input-backward-not-reversed",
      "input-halves-interleaved", "input-time-reversed", "padding-at-other-end", "state-not-carried:h",
      "state-not-carried:h (to zeros)",
    ]

  private static let scopes = [nil, "bias", "recurrent", "input"]

  static let expectations = [
    Expectation(
      target: Target("stackedbirnn-ragged", reference: 1, layer: 1, pass: 1),
      names: [
        "bias-hh-ignored", "bias-ih-ignored", "bias-doubled", "recurrent-weights-transposed",
        "directions-swapped",
      ] + activations + fast + [
        "initial-state-ignored", "initial-state-direction-swapped", "initial-state-layer-swapped:0 forward",
        "initial-state-layer-swapped:0",
        "input-time-shifted", "input-time-shifted:-1", "input-halves-swapped", "layer-input-half:forward",
        "layer-input-half:backward", "backward-not-reversed", "lengths-ignored",
      ] + ofUpperBackward, gates: ""),
    Expectation(
      target: Target("stackedgru-square", layer: 1, pass: 0),
      names: [
        "bias-hh-ignored", "bias-ih-ignored", "bias-doubled", "biases-swapped", "recurrent-bias-merged",
        "recurrent-weights-transposed", "input-weights-transposed", "weights-swapped", "reset-before",
        "update-gate-inverted",
      ] + activations + recurrentActivations + fastWithSigmoid + lost("zrh") + [
        "initial-state-ignored", "initial-state-layer-swapped:0", "input-time-shifted",
        "input-time-shifted:-1", "initial-state-layout:B, L·D", "initial-state-layout:L·D, B",
        "input-of:network", "input-time-reversed", "state-not-carried:h", "state-not-carried:h (to zeros)",
        "weights-of:0", "weights-of:0@bias", "weights-of:0@input", "weights-of:0@recurrent",
        "weights-of:0@recurrent-and-bias",
      ] + rows, gates: "zrh"),
    Expectation(
      target: Target("stackedbilstm-ragged", reference: 1, layer: 1, pass: 1),
      names: [
        "bias-hh-ignored", "bias-ih-ignored", "bias-doubled", "forget-bias-added",
        "recurrent-weights-transposed", "directions-swapped",
      ] + activations + others("output-activation") + others("proposal-activation") + recurrentActivations
        + fastWithSigmoid + lost("ifgo") + [
          "forget-gate-coupled", "input-gate-coupled",
          "initial-state-ignored", "initial-state-direction-swapped", "initial-state-layer-swapped:0 forward",
          "initial-state-layer-swapped:0",
          "input-time-shifted", "input-time-shifted:-1", "input-halves-swapped", "layer-input-half:forward",
          "layer-input-half:backward", "backward-not-reversed", "lengths-ignored",
        ] + ofUpperBackward + [
          "initial-state-ignored:h", "initial-state-ignored:c", "initial-states-exchanged",
          "state-not-carried:c", "state-not-carried:c (to zeros)", "state-not-carried:h and c",
          "state-not-carried:h and c (to zeros)",
        ], gates: "ifgo"),
  ]

  @Test("Everything that may have gone wrong in a pass is tried", arguments: expectations)
  func complete(_ expectation: Expectation) throws {
    let context = try bundled(expectation.target.fixture).diagnosisContext(expectation.target.address)
    let catalogue = HypothesisCatalogue(context: context)
    let singles = catalogue.singles.map(\.mistake.name)
    let isOrder = { (name: String) in name.hasPrefix("gate-order:") }
    #expect(Set(singles.filter { !isOrder($0) }) == Set(expectation.names))

    // Every other order of the gates: of the whole blocks, or of one parameter alone.
    let orders = singles.filter(isOrder).map { $0.split(separator: "@", maxSplits: 1) }
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
    // Of three mistakes together, orders of the whole blocks only.
    #expect(catalogue.forTriples.allSatisfy { !$0.mistake.name.contains("@") })
  }

  @Test("Mistakes that come to the same are all named, each once, and each says which the others are")
  func equivalent() throws {
    let target = Target("stackedbirnn-ragged", reference: 1, layer: 1, pass: 1)
    let parityCase = try bundled(target.fixture)
    // The other direction and two other layers start from zeros: a run that does so may have taken any of these.
    var context = parityCase.diagnosisContext(target.address)
    let zeros = context.problem.cell.zeroState(batch: parityCase.lengths.count)
    var network = context.parameters
    for layer in network.layers.indices {
      for pass in network.layers[layer].passes.indices where (layer, pass) != (context.layer, context.pass) {
        network.layers[layer].passes[pass].initialState = zeros
      }
    }
    context = DiagnosisContext(
      problem: context.problem, format: context.format, reference: network, parameters: network,
      layer: context.layer, pass: context.pass, networkInput: context.networkInput)
    let ignored = try #require(
      HypothesisCatalogue(context: context).singles.first { $0.mistake.name == "initial-state-ignored" })
    let findings = InjectedRun([ignored], in: context, format: .float32).findings()
    let names = [
      "initial-state-ignored", "initial-state-direction-swapped", "initial-state-layer-swapped:0",
      "initial-state-layer-swapped:0 forward",
    ]
    #expect(findings.map(\.name) == names)
    #expect(findings.map(\.equivalentTo) == names.map { name in names.filter { $0 != name } })
  }
}

import BundledCases
import FixtureEditing
import FixtureManifest
import HDF5
import ParityFixtures
import Recurrent
import Testing

@testable import RecurrentParity

/// What is recorded of a model around its layers.
@Suite struct ModelReadingTests {
  private static let model = "/references/pytorch/model"

  /// A model with inputs and outputs of several types, and movements of one output and of a computed state.
  private static func addModel(_ tree: inout FixtureTree) throws {
    try tree.setAttribute("format_version", of: "/", to: 2)
    let state = "/references/pytorch/layers/0/forward/initial_state/h"
    let shape = try #require(tree.datasets[state]).shape
    for group in [
      "", "/inputs", "/outputs", "/spread", "/spread/outputs", "/spread/outputs/logits", "/spread/layers",
      "/spread/layers/0", "/spread/layers/0/forward", "/spread/layers/0/forward/initial_state",
      "/spread/layers/0/forward/initial_state/h",
    ] { tree.groups[model + group] = [:] }
    tree.groups[model] = [
      "left_out": #"[{"path": "cell", "class": "LSTMCell", "by": "user", "why": "asked for"}]"#,
      "unused": #"["spare"]"#,
      "repeated": #"[{"path": "step", "class": "Linear", "calls": 12, "why": "in a loop"}]"#,
    ]
    tree.groups[model + "/spread"] = ["runs": 8, "seed": 3, "pinned": "keras in port.h5"]
    tree.datasets[model + "/inputs/tokens"] = DatasetValue(.integers([1, 2, .max, 4]), shape: [2, 2])
    tree.datasets[model + "/outputs/logits"] = DatasetValue([0.5, .nan, -.infinity], shape: [1, 3])
    tree.datasets[model + "/outputs/labels"] = DatasetValue(.integers([2]), shape: [])
    let logits = model + "/spread/outputs/logits"
    tree.datasets[logits + "/whole"] = DatasetValue([0.25], shape: [])
    tree.datasets[logits + "/axis0"] = DatasetValue([0.25], shape: [1])
    tree.datasets[logits + "/axis1"] = DatasetValue([0.125, 0.5, .infinity], shape: [3])
    let moved = model + "/spread/layers/0/forward/initial_state/h"
    tree.datasets[moved + "/whole"] = DatasetValue([1], shape: [])
    for (axis, count) in shape.enumerated() {
      tree.datasets[moved + "/axis\(axis)"] = DatasetValue(
        [Double](repeating: 1, count: count), shape: [count])
    }
    tree.groups[moved] = ["moved": .bool(false)]
  }

  private func read(_ change: (inout FixtureTree) throws -> Void = { _ in }) throws -> ParityCase {
    let copy = try FixtureCopy(try Originals.shared.tree("stackedbigru")) {
      try Self.addModel(&$0)
      try change(&$0)
    }
    return try ParityCase(contentsOf: copy.path)
  }

  @Test("Everything is read, integers exactly, and nothing is left unread")
  func complete() throws {
    let parityCase = try read()
    #expect(parityCase.unread.isEmpty)
    let reference = try #require(parityCase.references.first { $0.name == "pytorch" })
    let model = try #require(reference.model)
    #expect(model.inputs.map(\.name) == ["tokens"] && model.inputs[0].values == .integers([1, 2, .max, 4]))
    #expect(
      model.outputs.map(\.name) == ["labels", "logits"] && model.outputs.map(\.shape) == [[], [1, 3]])
    guard case .floats(let logits, .float32) = model.outputs[1].values else {
      Issue.record("\(model.outputs[1])")
      return
    }
    let values = logits.whole.elements
    #expect(values[0] == 0.5 && values[1].isNaN && values[2] == -.infinity)
    #expect(model.leftOut == [LeftOutModule(path: "cell", type: "LSTMCell", by: .user, why: "asked for")])
    #expect(model.unused == ["spare"])
    #expect(model.repeated == [RepeatedModule(path: "step", type: "Linear", calls: 12, why: "in a loop")])
    let spread = try #require(model.spread)
    #expect(spread.runs == 8 && spread.seed == 3 && spread.pinned == "keras in port.h5")
    #expect(
      spread.boundaries[.modelOutput("logits")]
        == BoundarySpread(whole: 0.25, axes: [[0.25], [0.125, 0.5, .infinity]]))
    #expect(
      spread.boundaries[.initialState(layer: 0, direction: .forward, .h)]?.moved == false)
    #expect(parityCase.references.first { $0.name == "keras" }?.model == nil)
  }

  /// Beside the movements of free runs those of runs with the outputs held.
  private static func addHeld(_ tree: inout FixtureTree) throws {
    try tree.setAttribute("pinned", of: model + "/spread", to: nil)
    for group in ["/held", "/held/outputs", "/held/outputs/logits"] {
      tree.groups[model + "/spread" + group] = [:]
    }
    let logits = model + "/spread/held/outputs/logits"
    tree.datasets[logits + "/whole"] = DatasetValue([0.0625], shape: [])
    tree.datasets[logits + "/axis0"] = DatasetValue([0.0625], shape: [1])
    tree.datasets[logits + "/axis1"] = DatasetValue([0.125, 0, 0.25], shape: [3])
  }

  @Test("What rounding moves with the outputs held is read beside what it moves freely")
  func held() throws {
    let parityCase = try read { try Self.addHeld(&$0) }
    #expect(parityCase.unread.isEmpty)
    let reference = try #require(parityCase.references.first { $0.name == "pytorch" })
    let spread = try #require(reference.model?.spread)
    let logits = BoundarySpread(whole: 0.0625, axes: [[0.0625], [0.125, 0, 0.25]])
    #expect(spread.held == [.modelOutput("logits"): logits])
    #expect(spread.boundaries[.modelOutput("logits")]?.whole == 0.25 && spread.boundaries.count == 2)
    #expect(try read().references.allSatisfy { $0.model?.spread?.held.isEmpty ?? true })
  }

  @Test("What was kept of a long run is read, and of a whole one there is nothing to say")
  func trimmed() throws {
    let kept = #"{"sequences": 2, "steps": 10}"#
    let parityCase = try read { try $0.setAttribute("trimmed", of: Self.model, to: .string(kept)) }
    #expect(
      parityCase.references.compactMap { $0.model?.trimmed } == [ModelTrimming(steps: 10, sequences: 2)])
    #expect(parityCase.unread.isEmpty)
    #expect(try read().references.allSatisfy { $0.model?.trimmed == nil })
  }

  @Test("Bools are read as 0 and 1, in h5py's type or as integers")
  func bools() throws {
    let parityCase = try read { tree in
      tree.datasets[Self.model + "/outputs/labels"] = DatasetValue(.unsigned([.max, 1]), shape: [2])
    }
    let outputs = try #require(parityCase.references.first { $0.name == "pytorch" }?.model?.outputs)
    #expect(outputs[0].values == .integers([-1, 1]))
  }

  @Test(
    "An unknown name is listed in every place of a model",
    arguments: [
      "", "/spread", "/spread/outputs/logits", "/spread/layers/0", "/spread/layers/0/forward",
      "/spread/layers/0/forward/initial_state/h",
    ])
  func unread(_ place: String) throws {
    let found = try read { $0.datasets["\(Self.model)\(place)/zzz"] = DatasetValue([0], shape: [1]) }.unread
    #expect(found.map(\.path) == [Self.model + place] && found.map(\.name) == ["zzz"])
  }

  struct Rule: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// Behind the path of the model.
    var place: String
    var problem: String
    var change: @Sendable (inout FixtureTree) throws -> Void

    init(
      _ name: String, _ place: String, _ problem: String,
      _ change: @escaping @Sendable (inout FixtureTree) throws -> Void
    ) {
      (testDescription, self.place, self.problem, self.change) = (name, place, problem, change)
    }
  }

  private static let rules = [
    Rule("strings", "/outputs/labels", "expected floats, integers or bools, found string") {
      $0.datasets[model + "/outputs/labels"] = DatasetValue(.strings(["a"]), shape: [1])
    },
    Rule(
      "held beside pinned runs", "/spread/held",
      "expected no held runs beside pinned ones, found both: every run was pinned"
    ) {
      try addHeld(&$0)
      try $0.setAttribute("pinned", of: model + "/spread", to: "keras")
    },
    Rule(
      "a held spread of nothing", "/spread/held/outputs/other",
      "expected one that is recorded: labels, logits, found \"other\""
    ) {
      try addHeld(&$0)
      $0.groups[model + "/spread/held/outputs/other"] = [:]
    },
    Rule("another shape, held", "/spread/held/outputs/logits/axis1", "expected shape (3), found shape (2)") {
      try addHeld(&$0)
      try $0.change(model + "/spread/held/outputs/logits/axis1") { $0.reshape([2]) }
    },
    Rule("no runs", "/spread", "attribute runs: expected an integer, found nothing") {
      try $0.setAttribute("runs", of: model + "/spread", to: nil)
    },
    Rule("no run", "/spread", "attribute runs: expected at least 1, found 0") {
      try $0.setAttribute("runs", of: model + "/spread", to: 0)
    },
    Rule(
      "a spread of nothing", "/spread/outputs/other",
      "expected one that is recorded: labels, logits, found \"other\""
    ) {
      $0.groups[model + "/spread/outputs/other"] = [:]
    },
    Rule("a spread of no layer", "/spread/layers/9", "expected one that is recorded: 0, 1, found \"9\"") {
      $0.groups[model + "/spread/layers/9"] = [:]
    },
    Rule("a spread of no input", "/spread/layers/0/input", "expected a recorded input of layer 0, found none")
    {
      $0.groups[model + "/spread/layers/0/input"] = [:]
    },
    Rule("another shape", "/spread/outputs/logits/axis1", "expected shape (3), found shape (2)") {
      try $0.change(model + "/spread/outputs/logits/axis1") { $0.reshape([2]) }
    },
    Rule("no whole", "/spread/outputs/logits/whole", "cannot open dataset: expected a dataset, found nothing")
    {
      try $0.remove(model + "/spread/outputs/logits/whole")
    },
    Rule(
      "a negative movement", "/spread/outputs/logits/axis1", "expected movements of at least 0, found -1.0"
    ) {
      try $0.change(model + "/spread/outputs/logits/axis1", at: 1) { _ in -1 }
    },
    Rule(
      "no JSON", "", "attribute unused: expected JSON as the format describes it, found \"spare\""
    ) { try $0.setAttribute("unused", of: model, to: "spare") },
    Rule(
      "repeated how often", "", "attribute repeated: expected JSON as the format describes it, found \"[{}]\""
    ) {
      try $0.setAttribute("repeated", of: model, to: "[{}]")
    },
    Rule(
      "trimmed to nothing", "",
      "attribute trimmed: expected at least one step and one sequence, found 0 and 2"
    ) {
      try $0.setAttribute("trimmed", of: model, to: #"{"steps": 0, "sequences": 2}"#)
    },
    Rule(
      "trimmed to what", "",
      "attribute trimmed: expected JSON as the format describes it, found \"{\"steps\": 4}\""
    ) { try $0.setAttribute("trimmed", of: model, to: #"{"steps": 4}"#) },
    Rule("a spread of several wholes", "/spread/outputs/logits/whole", "expected shape (), found shape (1)") {
      try $0.change(model + "/spread/outputs/logits/whole") { $0.shape = [1] }
    },
    Rule(
      "a spread of no state", "/spread/layers/0/backward/initial_state/h",
      "expected a recorded initial state, found none"
    ) {
      let moved = model + "/spread/layers/0/backward"
      for group in ["", "/initial_state", "/initial_state/h"] { $0.groups[moved + group] = [:] }
      try $0.remove("/references/pytorch/layers/0/backward/initial_state")
    },
    Rule("left out by whom", "", "attribute left_out: expected by \"user\" or \"recorder\", found \"nobody\"")
    {
      try $0.setAttribute(
        "left_out", of: model, to: #"[{"path": "a", "class": "b", "by": "nobody", "why": ""}]"#)
    },
  ]

  @Test("A broken rule is named with its place", arguments: rules)
  func broken(_ rule: Rule) throws {
    let error = #expect(throws: FixtureError.self) { try read(rule.change) }
    #expect(error?.path == Self.model + rule.place && error?.problem == rule.problem)
  }
}

import FixtureEditing
import HDF5
import Recurrent
import Testing

@testable import ParityFixtures
@testable import RecurrentParity

/// Options of cells that version 2 adds: what they mean, and that none is passed over.
@Suite struct OptionTests {
  private func judged(
    _ name: String, _ options: JudgingOptions = .steps, _ change: (inout FixtureTree) throws -> Void
  ) throws -> CaseJudgement {
    var tree = try Originals.shared.tree(name)
    try tree.raiseVersion()
    let copy = try FixtureCopy(tree, changing: change)
    let parityCase = try ParityCase(contentsOf: copy.path)
    #expect(parityCase.unread.isEmpty)
    return parityCase.judged(options)
  }

  private func set(_ attributes: [String: AttributeValue], _ places: [String], _ tree: inout FixtureTree)
    throws
  {
    for place in places {
      for (name, value) in attributes { try tree.setAttribute(name, of: place, to: value) }
    }
  }

  private static let cells = ["stackedbirnn-onnx", "stackedbigru-onnx", "stackedbilstm-onnx"]

  @Test(
    "The version alone changes nothing",
    arguments: cells + ["stackedbilstm-projection-ragged", "stackedbigru-reset-before"])
  func version(_ name: String) throws {
    #expect(try judged(name) { _ in }.verdict == .match)
  }

  @Test(
    "A clip that nothing reaches changes nothing, and one that is reached is not what was run",
    arguments: cells)
  func clip(_ name: String) throws {
    #expect(try judged(name) { try set(["clip": .double(1e3)], $0.layers, &$0) }.verdict == .match)
    #expect(try judged(name) { try set(["clip": .int(1000)], $0.layers, &$0) }.verdict == .match)
    #expect(try judged(name) { try set(["clip": .double(0.1)], $0.layers, &$0) }.verdict == .mismatch)
  }

  @Test("Coupled gates, another f of c and peepholes are not what a plain LSTM ran; peepholes of zero are")
  func lstm() throws {
    let name = "stackedbilstm-onnx"
    #expect(try judged(name) { try set(["input_forget": .bool(false)], $0.layers, &$0) }.verdict == .match)
    #expect(try judged(name) { try set(["input_forget": .bool(true)], $0.layers, &$0) }.verdict == .mismatch)
    #expect(try judged(name) { try set(["output_activation": "tanh"], $0.layers, &$0) }.verdict == .match)
    #expect(try judged(name) { try set(["output_activation": "relu"], $0.layers, &$0) }.verdict == .mismatch)
    for (value, verdict) in [(0.0, Verdict.match), (0.1, .mismatch)] {
      let judgement = try judged(name) { tree in
        for pass in tree.passes where pass.hasPrefix("/references/onnxruntime/") {
          tree.datasets["\(pass)/weights/P"] = DatasetValue(
            [Double](repeating: value, count: 21), shape: [21])
        }
      }
      let onnx = try #require(judgement.references.first { $0.reference.name == "onnxruntime" })
      #expect(onnx.verdict == verdict)
      #expect(onnx.passes.allSatisfy { $0.judgement.verdict == verdict })
    }
  }

  @Test("An activation's parameters are part of it", arguments: cells)
  func parameters(_ name: String) throws {
    // What relu is with a slope of 0 below.
    func relu(_ attributes: [String: AttributeValue]) throws -> Verdict {
      try judged(name.replacing("-onnx", with: "-hard-sigmoid")) { try set(attributes, $0.layers, &$0) }
        .verdict
    }
    if name != "stackedbirnn-onnx" {
      // Keras 2 and ONNX's defaults are one function, and Keras 3's another.
      #expect(try relu([:]) == .match)
      #expect(
        try relu([
          "recurrent_activation": "hard_sigmoid", "recurrent_alpha": .double(0.2),
          "recurrent_beta": .double(0.5),
        ]) == .mismatch)
    }
    #expect(try judged(name) { try set(["activation": "softsign"], $0.layers, &$0) }.verdict == .mismatch)
  }

  @Test("What a direction says of its activations goes before what the layer says", arguments: cells)
  func directions(_ name: String) throws {
    let activations: [String: AttributeValue] = ["activation": "tanh", "recurrent_activation": "sigmoid"]
    let others: [String: AttributeValue] = ["activation": "relu", "recurrent_activation": "hard_sigmoid"]
    #expect(
      try judged(name) {
        try set(others, $0.layers, &$0)
        try set(activations, $0.passes, &$0)
      }.verdict == .match)
    let judgement = try judged(name) {
      try set(others, $0.layers, &$0)
      try set(activations, $0.passes.filter { $0.hasSuffix("/forward") }, &$0)
    }
    for reference in judgement.references {
      for pass in reference.passes {
        #expect(pass.judgement.verdict == (pass.pass.direction == .forward ? .match : .mismatch))
      }
    }
  }

  @Test("Options that have no formula make a layer inconclusive, right or wrong, and nothing is diagnosed")
  func otherOptions() throws {
    let text = #"{"zoneout": 0.1, "gate": "leaky", "stateful": true, "none": null, "shape": [1, 2]}"#
    for isWrong in [false, true] {
      let judgement = try judged("stackedbigru-onnx", JudgingOptions()) {
        try set(["other_options": .string(text)], ["/references/keras/layers/1"], &$0)
        if isWrong {
          try $0.change("/references/keras/layers/1/forward/weights/recurrent_kernel", at: 0) { $0 + 1 }
        }
      }
      let keras = try #require(judgement.references.first { $0.reference.name == "keras" })
      #expect(keras.passes.map(\.judgement.verdict) == [.match, .match, .inconclusive, .inconclusive])
      for pass in keras.passes.suffix(2) {
        let options = ["gate leaky", "none null", "shape of several values", "stateful true", "zoneout 0.1"]
        #expect(pass.judgement.findings.map(\.subject) == [.unjudged(.options(options))])
        #expect(pass.judgement.diagnosis == nil)
      }
      for cross in judgement.cross where [cross.statesOf, cross.weightsOf].contains("keras") {
        let judged = cross.passes.filter { $0.layer == 1 }.map(\.stepwise)
        #expect(judged.allSatisfy { $0.verdict == .inconclusive && $0.diagnosis == nil })
      }
      if !isWrong { #expect(judgement.verdict == .inconclusive) }
    }
  }

  @Test("No options at all are none")
  func noOptions() throws {
    #expect(
      try judged("stackedbigru-onnx") { try set(["other_options": "{}"], $0.layers, &$0) }.verdict == .match)
  }

  @Test("A state that is not finite is invalid, whatever the options")
  func notFinite() throws {
    let judgement = try judged("stackedbigru-onnx") {
      try set(["other_options": #"{"zoneout": 0.1}"#], $0.layers, &$0)
      try $0.change("/references/keras/layers/1/forward/h", at: 0) { _ in .nan }
    }
    #expect(judgement.verdict == .invalid)
  }

  @Test("How calls were put together, and the module's path, are for people")
  func informational() throws {
    let judgement = try judged("stackedbigru-onnx") { tree in
      for (kind, count, sizes) in [
        ("single", 1, "[]"), ("chained", 2, "[5, 7]"), ("stacked", 3, "[1, 1, 1]"),
      ] {
        try set(
          [
            "calls": .string("{\"count\": \(count), \"kind\": \"\(kind)\", \"sizes\": \(sizes)}"),
            "module": "encoder.rnn",
          ],
          tree.layers, &tree)
      }
    }
    #expect(judgement.verdict == .match)
    #expect(judgement.parityCase.references[0].layers.map(\.module) == ["encoder.rnn", "encoder.rnn"])
  }

  @Test("Where an initial state came from is read; one that a model made is the run's own in a cross check")
  func sources() throws {
    for source in StateSource.allCases {
      let judgement = try judged("stackedbigru-onnx") { tree in
        let states = tree.passes.map { "\($0)/initial_state" }
        try set(["source": .string(source.rawValue)], states, &tree)
      }
      #expect(judgement.verdict == .match)
      let passes = judgement.parityCase.references.flatMap { $0.layers.flatMap(\.passes) }
      #expect(passes.allSatisfy { $0.initialStateSource == source })
      // Of a port that forgot it the state shows in the cross check, unless the model made it.
      let forgotten = try judged("departures/port-initial-state-forgotten") { tree in
        for pass in tree.passes where tree.groups["\(pass)/initial_state"] != nil {
          try set(["source": .string(source.rawValue)], ["\(pass)/initial_state"], &tree)
        }
      }
      #expect(forgotten.cross.map(\.verdict).allSatisfy { $0 == (source == .given ? .mismatch : .match) })
      #expect(forgotten.verdict >= (source == .given ? .mismatch : .differs), "\(source)")
    }
  }
}

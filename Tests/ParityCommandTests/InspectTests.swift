import FixtureEditing
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct InspectTests {
  @Test("What a fixture holds is told: sizes, cells, parameters, precision, evidence, and what is recorded")
  func fixture() async throws {
    let path = BundledFixture(name: "simplelstm").path
    let outcome = try await ParityProcess()("inspect", path)
    #expect(outcome.status == 0)
    #expect(outcome.firstLine == "simplelstm · \(path)")
    #expect(outcome.output.contains("\n  input: T = 12, B = 3, I = 5, float32; seed "))
    #expect(outcome.output.contains("\n  valid steps: all 12\n"))
    // 4 · (7·5 + 7·7 + 7) with one bias, 4 · 7 more with two.
    #expect(outcome.output.contains("convention keras, one-bias formula, 364 parameters\n"))
    #expect(outcome.output.contains("convention pytorch, two-bias formula, 392 parameters\n"))
    let row = outcome.output.split(separator: "\n").first { $0.contains("lstm_0") }
    #expect(
      row?.split(separator: " ").joined(separator: " ")
        == "0 lstm_0 forward lstm tanh 5 7 364 float32 stepwise output, h, c, initial state, final state")
    // It judges nothing.
    for verdict in ["match", "drift", "residual"] { #expect(!outcome.output.contains(verdict)) }
    #expect(outcome.errors == "")
  }

  @Test("Ragged lengths, lower precision and a record without h are told")
  func lesser() async throws {
    let ragged = try await ParityProcess()("inspect", BundledFixture(name: "stackedbigru-ragged").path)
    #expect(ragged.output.contains(#/\n  valid steps: \d+, \d+, \d+\n/#))
    let half = try await ParityProcess()(
      "inspect", BundledFixture.departures + "/bfloat16-stackedbirnn.h5")
    #expect(half.output.contains(" bfloat16 "))
    let scratch = try Scratch()
    let file = try scratch.changed(as: "outputs.h5") {
      try $0.remove("/references/keras/layers/0/forward/h")
      try $0.remove("/references/keras/layers/0/output")
    }
    let outputs = try await ParityProcess()("inspect", file)
    #expect(outputs.status == 0)
    #expect(outputs.output.contains(" outputs  initial state, final state\n"))
    #expect(outputs.output.contains(" stepwise output, h, initial state, final state\n"))
  }

  @Test("Every direction is told by its own, with the activation and what it starts from")
  func directions() async throws {
    let parity = try ParityProcess()
    func rows(_ output: String) -> [String] {
      output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    }
    let relu = try await parity("inspect", BundledFixture(name: "birnn-relu").path)
    let given = "rnn relu 5 7 91 float32 stepwise output, h, initial state, final state"
    for direction in ["forward", "backward"] {
      #expect(rows(relu.output).contains("0 bidirectional_0 \(direction) \(given)"))
    }
    #expect(relu.output.contains("\n  One bidirectional layer of plain RNN cells with relu.\n"))
    // What the run was made with, as it is recorded.
    #expect(relu.output.contains("\n    {\"backend\": \"tensorflow\", "))
    let trained = try await parity("inspect", BundledFixture(name: "digits-bigru-keras-trained").path)
    let zeros = "gru tanh 8 12 792 float32 stepwise output, h, final state"
    #expect(rows(trained.output).contains("0 bidirectional_0 backward \(zeros)"))
  }

  @Test("Of a model all that is recorded around the layers is told")
  func model() async throws {
    let outcome = try await ParityProcess()("inspect", BundledFixture.departures + "/port-cell-replaced.h5")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\n    input tokens: ("))
    #expect(outcome.output.contains("\n    output output: (") && outcome.output.contains("), float32\n"))
    #expect(
      outcome.output.contains("\n    lower (") && outcome.output.contains(") was left out by the user: "))
    #expect(outcome.output.contains(#/\n    spread: 8 runs, seed 0, of \d+ boundaries, pinned to /#))
    #expect(outcome.output.contains(#/\n    layer 0: (module \S+; )?1 call; T = \d+, B = \d+/#))
  }

  @Test("What version 2 says of a layer is told, and of nothing nothing")
  func secondVersion() async throws {
    let scratch = try Scratch()
    let layer = "/references/keras/layers/0"
    let file = try scratch.changed(as: "second.h5") {
      try $0.setAttribute("format_version", of: "/", to: 2)
      try $0.setAttribute("module", of: layer, to: "encoder")
      try $0.setAttribute(
        "calls", of: layer, to: #"{"count": 2, "kind": "chained", "sizes": [5, 7]}"#)
      try $0.setAttribute("pair", of: layer, to: "a")
      try $0.setAttribute("precision", of: layer, to: "tf32")
      try $0.setAttribute("other_options", of: layer, to: #"{"zoneout": 0.1}"#)
      try $0.setAttribute("source", of: "\(layer)/forward/initial_state", to: "computed")
      $0.groups["/references/keras/model"] = [
        "unused": #"["spare"]"#, "trimmed": #"{"sequences": 3, "steps": 12}"#,
        "repeated": #"[{"path": "step", "class": "Linear", "calls": 12, "why": "in a loop"}]"#,
      ]
    }
    let outcome = try await ParityProcess()("inspect", file)
    #expect(
      outcome.output.contains(
        "\n    layer 0: module encoder; 2 calls chained: 5, 7 steps; pair a; declares tf32; "
          + "without a formula here: zoneout 0.1; initial state computed\n"))
    #expect(outcome.output.contains("\n    spare was not called\n"))
    #expect(outcome.output.contains("\n    step (Linear) was called 12 times: in a loop\n"))
    #expect(outcome.output.contains("\n    trimmed to at most 12 steps and 3 sequences of every layer\n"))
    #expect(outcome.output.contains("\n    spread: not measured\n"))
    let first = try await ParityProcess()("inspect", BundledFixture.simple.path)
    #expect(!first.output.contains("layer 0:") && !first.output.contains("spread"))
  }

  @Test("A wrong run is told like any other, and a folder one fixture after the other")
  func folder() async throws {
    let outcome = try await ParityProcess()("inspect", BundledFixture.departures)
    #expect(outcome.status == 0)
    for entry in try BundledFixture.manifest() where entry.isDeparture {
      #expect(outcome.output.contains("\(entry.name) · "))
    }
  }

  @Test("What is no fixture is status 2, and the others are told all the same")
  func broken() async throws {
    let scratch = try Scratch()
    try scratch.write("broken.h5", Data("no HDF5".utf8))
    try scratch.copy(as: "good.h5")
    let outcome = try await ParityProcess(folder: scratch.folder)("inspect", "broken.h5", "good.h5")
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("parity: broken.h5: /: "))
    #expect(outcome.output.contains("simplernn-tanh · good.h5\n"))
    #expect(try await ParityProcess()("inspect").status == 64)
    #expect(try await ParityProcess()("inspect", "absent.h5").status == 2)
  }
}

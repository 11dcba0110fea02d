import FixtureEditing
import ReportContract
import Testing

/// Runs that were tampered with, in copies of the bundled fixtures.
@Suite(.timeLimit(.minutes(2))) struct FlaggedTests {
  /// Where in a dataset `(T, 3, 7)` an element lies.
  private func index(_ t: Int, _ b: Int, _ unit: Int) -> Int { (t * 3 + b) * 7 + unit }

  /// `keras` with one value of `h` and of `output` changed at t = 5, sequence 1, unit 2.
  private func oneWrongValue(_ scratch: Scratch) throws -> String {
    let index = index(5, 1, 2)
    return try scratch.changed(as: "wrong.h5") {
      try $0.change("/references/keras/layers/0/forward/h", at: index) { $0 + 0.01 }
      try $0.change("/references/keras/layers/0/output", at: index) { $0 + 0.01 }
    }
  }

  @Test("A single wrong value fails the command, and the text names its layer, timestep, sequence and unit")
  func text() async throws {
    let scratch = try Scratch()
    let outcome = try await ParityProcess()("report", oneWrongValue(scratch))
    #expect(outcome.status == 1)
    #expect(outcome.firstLine == "MISMATCH  1 case: 1 mismatch")
    #expect(outcome.output.contains("    layer 0 (rnn_0), forward: no known mistake accounts for it\n"))
    #expect(outcome.output.contains("      mismatch from t = 5, sequence 1, unit 2 of h: residual 1.0e-02"))
    #expect(outcome.output.contains("    layer 0 forward     ·····##·····\n"))
    #expect(outcome.output.contains("  pytorch · match"))
    #expect(outcome.errors == "")
  }

  @Test("The JSON report flags a single wrong value where it is, the step that reads it, and nothing else")
  func json() async throws {
    let scratch = try Scratch()
    let report = try await ParityProcess()("report", "--format", "json", oneWrongValue(scratch)).json
    let references = try #require(report["cases"]?.elements.first?["references"]).elements
    #expect(references.map { $0["verdict"]?.string } == ["mismatch", "match"])
    let layer = try #require(references.first?["layers"]?.elements.first)
    let first = try #require(layer["first_flagged"])
    #expect(first["timestep"] == .number(5) && first["batch"] == .number(1) && first["unit"] == .number(2))
    let flagged = layer["timesteps"]?.elements.filter { $0["verdict"] != .string("match") }
    #expect(flagged?.map { $0["t"] } == [.number(5), .number(6)])
  }

  @Test("In a backward direction the first departing step is the latest")
  func backward() async throws {
    let scratch = try Scratch()
    let index = index(5, 0, 3)
    let file = try scratch.changed(.bidirectional, as: "wrong.h5") {
      try $0.remove("/references/pytorch/layers/0/output")
      try $0.change("/references/pytorch/layers/0/backward/h", at: index) { $0 + 0.01 }
    }
    let outcome = try await ParityProcess()("report", file)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("    layer 0 (rnn), backward: no known mistake accounts for it\n"))
    #expect(outcome.output.contains("      mismatch from t = 5, sequence 0, unit 3 of h: "))
    #expect(outcome.output.contains("    layer 0 backward    ····##······\n"))
    #expect(!outcome.output.contains("layer 0 (rnn), forward:"))
  }

  @Test("The bundled departures fail the command, each by the verdict that the manifest foretells")
  func departures() async throws {
    let expected = try BundledFixture.manifest().filter(\.isDeparture)
    let outcome = try await ParityProcess()("report", BundledFixture.departures)
    #expect(outcome.status == 1)
    try #require(!expected.isEmpty)
    for entry in expected { #expect(outcome.output.contains("\n\(entry.name) · \(entry.verdict) · ")) }
  }

  @Test("A wrong port fails by the cross check, though both references match their own weights")
  func port() async throws {
    let outcome = try await ParityProcess()("report", BundledFixture.departures + "/port-bias-hh-dropped.h5")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("\n  keras · match"))
    #expect(outcome.output.contains("\n  pytorch · match"))
    #expect(outcome.output.contains("\n  keras states by pytorch weights · mismatch\n"))
    #expect(
      outcome.output.contains(
        "\n    layer 1 (rnn_1), forward: bias-hh-ignored: by pytorch's weights, keras did"))
    #expect(outcome.output.contains(#/\n      bias differs by \d/#))
  }

  @Test("A recorded infinity is invalid at its timestep, and the rest is judged")
  func infinity() async throws {
    let scratch = try Scratch()
    let index = index(7, 2, 0)
    let file = try scratch.changed(as: "overflow.h5") {
      try $0.remove("/references/keras/layers/0/output")
      try $0.change("/references/keras/layers/0/forward/h", at: index) { _ in .infinity }
    }
    let outcome = try await ParityProcess()("report", file)
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("invalid from t = 7, sequence 2, unit 0 of h: no finite value to judge"))
    #expect(outcome.output.contains("\n  pytorch · match"))
  }
}

import FixtureEditing
import Foundation
import ReportContract
import Testing

@Suite(.timeLimit(.minutes(5))) struct DiagnoseTests {
  @Test("A run that matches has nothing to be told, and says so by status 0")
  func match() async throws {
    let outcome = try await ParityProcess()("diagnose", BundledFixture.simple.path)
    #expect(outcome.status == 0)
    #expect(outcome.firstLine == "simplernn-tanh · match")
    #expect(outcome.output.contains("\n  keras by its own weights · match\n"))
    #expect(outcome.output.contains("\n  pytorch states by keras weights · match\n"))
    #expect(!outcome.output.contains("residual"))
    #expect(outcome.errors == "")
  }

  @Test("A network that forgets its rounding is told from one that amplifies it without limit")
  func growth() async throws {
    for (name, kind) in [("simplernn-tanh", "contractive"), ("simplernn-chaotic", "chaotic")] {
      let outcome = try await ParityProcess()("diagnose", BundledFixture(name: name).path)
      let layers = outcome.output.split(separator: "\n").filter { $0.contains("layer 0 (") }
      #expect(layers.count == 2)
      for layer in layers {
        #expect(layer.contains("forward · match · \(kind): a disturbance grows "))
        let growth = try #require(layer.firstMatch(of: #/grows ([0-9.]+) times a step/#)?.1)
        #expect((Double(growth) ?? 1 > 1) == (kind == "chaotic") && growth != "1")
      }
    }
  }

  @Test("A wrong port is told by its mistake, what it means in the port, and how to mend it")
  func port() async throws {
    let outcome = try await ParityProcess()(
      "diagnose", BundledFixture.departures + "/port-bias-hh-dropped.h5")
    #expect(outcome.status == 1)
    #expect(outcome.firstLine == "port-bias-hh-dropped · mismatch")
    // Both references agree with themselves; the cross check tells.
    #expect(outcome.output.contains("\n  keras by its own weights · match\n"))
    let told = try #require(
      outcome.output.split(separator: "\n  keras states by pytorch weights · mismatch\n").dropFirst().first)
    #expect(told.contains("    layer 1, forward · mismatch\n      from t = 0, sequence "))
    #expect(told.contains("\n      parameters that differ: bias by 5.6e-01\n"))
    #expect(told.contains("\n      bias-hh-ignored: r/ρ falls to 0."))
    #expect(told.contains("by pytorch's weights, keras did not add bias_hh. The port's bias holds"))
    #expect(told.contains("\n    Keras: bias = bias_ih + bias_hh; "))
    #expect(told.contains("\n      explained the other way round\n"))
    #expect(outcome.errors == "")
  }

  @Test("What to do about a mistake is told once, however many layers have it")
  func once() async throws {
    let outcome = try await ParityProcess()(
      "diagnose", BundledFixture.departures + "/port-initial-state-forgotten.h5")
    #expect(outcome.output.components(separatedBy: "initial-state-ignored: r/ρ").count > 2)
    #expect(outcome.output.components(separatedBy: "\n  initial-state-ignored: ").count == 2)
  }

  @Test("Every bundled departure of a known mistake is told by its name, in the report and in the diagnosis")
  func departures() async throws {
    for (name, hypothesis) in [
      ("port-directions-swapped", "directions-swapped"), ("port-gru-gates-not-reordered", "gate-order:zrn"),
      ("port-gru-recurrent-bias-merged", "recurrent-bias-merged"), ("port-gru-reset-before", "reset-before"),
      ("port-initial-state-forgotten", "initial-state-ignored"),
      ("port-lstm-forget-bias-added", "forget-bias-added"),
      ("port-lstm-gates-reordered", "gate-order:igof"),
      ("port-recurrent-kernel-transposed", "recurrent-weights-transposed"),
      ("bfloat16-stackedbigru", "precision:bfloat16"), ("float16-stackedbilstm", "precision:float16"),
      ("autocast-bfloat16-stackedbigru", "precision:bfloat16"), ("int8-stackedbilstm", "precision:int8"),
    ] {
      let path = "\(BundledFixture.departures)/\(name).h5"
      let diagnosis = try await ParityProcess()("diagnose", path)
      #expect(diagnosis.status == 1)
      #expect(diagnosis.output.contains("\n      \(hypothesis): r/ρ falls to 0."), "\(name)")
      let report = try await ParityProcess()("report", "--format", "json", path)
      let entry = try #require(report.cases.first)
      let layers = ["references", "cross"].flatMap { entry[$0]?.elements ?? [] }
        .flatMap { $0["layers"]?.elements ?? [] }
      let first = layers.compactMap { $0["diagnosis"]?.elements.first?["hypothesis"]?.string }
      #expect(first.contains(hypothesis), "\(name): \(first)")
    }
  }

  @Test("What no mistake accounts for is said to be so, with the shape of what remains")
  func unexplained() async throws {
    let scratch = try Scratch()
    let file = try scratch.changed(as: "spike.h5") {
      // The last step of sequence 0: no step has it for its past.
      try $0.remove("/references/keras/layers/0/output")
      try $0.remove("/references/keras/layers/0/forward/final_state")
      try $0.change("/references/keras/layers/0/forward/h", at: 11 * 3 * 7 + 2) { $0 + 0.01 }
    }
    let outcome = try await ParityProcess()("diagnose", file, "--reference", "keras")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("unexplained: no hypothesis, nor two together, accounts for it"))
    #expect(outcome.output.contains("one spike; 1 of 252 elements, units 2, t 11, sequences 0"))
    #expect(!outcome.output.contains("falls to"))
  }

  @Test("What cannot be decided is status 1: nobody may take it for a match")
  func inconclusive() async throws {
    let scratch = try Scratch()
    // Of a chaotic run the final state alone proves nothing.
    let file = try scratch.changed(BundledFixture(name: "simplernn-chaotic"), as: "final.h5") {
      try $0.remove("/references/keras/layers/0/forward/h")
      try $0.remove("/references/keras/layers/0/output")
    }
    let outcome = try await ParityProcess()("diagnose", file, "--reference", "keras")
    #expect(outcome.firstLine == "simplernn-chaotic · inconclusive")
    #expect(outcome.status == 1)
  }

  @Test("Filters, broken input and a missing path have the statuses of the report")
  func statuses() async throws {
    let parity = try ParityProcess()
    let filtered = try await parity("diagnose", BundledFixture.stacked.path, "--layer", "1")
    #expect(filtered.status == 0)
    #expect(filtered.output.contains("layer 1 (") && !filtered.output.contains("layer 0 ("))
    #expect(try await parity("diagnose", "absent.h5").status == 2)
    let usage = try await parity("diagnose")
    #expect(usage.status == 64)
    #expect(usage.output == "")
    #expect(usage.errors.contains("Missing expected argument"))
    let nothing = try await parity("diagnose", BundledFixture.simple.path, "--layer", "7")
    #expect(nothing.status == 2)
  }
}

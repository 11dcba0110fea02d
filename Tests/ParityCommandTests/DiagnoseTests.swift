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
    // The cause first, then where it shows.
    #expect(told.contains("    layer 1 (rnn_1), forward · mismatch\n      bias-hh-ignored: r/ρ falls to 0."))
    #expect(
      told.contains("by pytorch's weights, keras did not add bias_hh. If keras is the port, its bias holds"))
    #expect(told.contains("\n      Keras: bias = bias_ih + bias_hh; "))
    #expect(told.contains("\n      mismatch from t = 0, sequence "))
    #expect(told.contains("\n      bias differs by 5.6e-01, where a conversion rounds by 3.3e-08 at most\n"))
    #expect(told.contains("\n      explained the other way round\n"))
    #expect(outcome.errors == "")
  }

  @Test("What to do about a mistake is told once, however many layers have it")
  func once() async throws {
    let outcome = try await ParityProcess()(
      "diagnose", BundledFixture.departures + "/port-initial-state-forgotten.h5")
    #expect(outcome.output.components(separatedBy: "initial-state-ignored: r/ρ").count == 2)
    #expect(outcome.output.components(separatedBy: "\n  initial-state-ignored: ").count == 2)
    #expect(
      outcome.output.contains(
        "\n    both layers, both directions · mismatch\n      initial-state-ignored: r/ρ"))
    // Where it shows is told of each.
    #expect(outcome.output.contains("\n      layer 1 (bidirectional_1), backward: mismatch from t = 11, "))
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
    #expect(outcome.output.contains("unexplained: no hypothesis, nor several together, accounts for it"))
    #expect(outcome.output.contains("one spike; 1 of 252 elements, units 2, t 11, sequences 0"))
    #expect(!outcome.output.contains("falls to"))
  }

  @Test("The reference that is declared to be right is told from the one that departs")
  func original() async throws {
    let parity = try ParityProcess()
    let path = BundledFixture.departures + "/port-gru-reset-before.h5"
    for (original, words, mending) in [
      (
        "pytorch", "keras departs from pytorch, the original: it applied the reset", "Keras: reset_after=True"
      ),
      ("keras", "So it is pytorch that departs.", "PyTorch: always resets after"),
    ] {
      let told = try await parity("diagnose", path, "--original", original)
      #expect(told.status == 1)
      let words = words.split(separator: " ").joined(separator: "\\s+")
      #expect(try told.output.contains(Regex(words)), "\(told.output)")
      #expect(told.output.contains("\n      \(mending)"))
      #expect(
        told.output.contains(#/keras\s+declares\s+reset_after\s+false,\s+pytorch\s+reset_after\s+true/#))
      let report = try await parity("report", "--format", "json", path, "--original", original)
      #expect(try report.cases.first?["original"] == .string(original))
      #expect(ReportContract.violations(in: try report.json) == [])
    }
    let unknown = try await parity("diagnose", path, "--original", "nobody")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("--original nobody: no fixture has a reference of that name"))
  }

  @Test("Weights that were trained further are told as that, and not tensor by tensor")
  func anotherCheckpoint() async throws {
    let scratch = try Scratch()
    let weights = "/references/keras/layers/0/forward/weights/"
    let file = try scratch.changed(as: "further.h5") {
      for name in ["kernel", "recurrent_kernel", "bias"] {
        for index in 0..<(name == "bias" ? 7 : name == "kernel" ? 35 : 49) {
          try $0.change(weights + name, at: index) { $0 + 0.01 * Double(index % 5 - 2) + 0.003 }
        }
      }
    }
    let outcome = try await ParityProcess()("diagnose", file)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains(#/these are two different sets of weights: one was trained further/#))
    #expect(!outcome.output.contains("weight_ih differs"))
    let report = try await ParityProcess()("report", "--format", "json", file)
    #expect(ReportContract.violations(in: try report.json) == [])
    let relation = try #require(report.cases.first?["cross"]?.elements.first?["weights"])
    #expect(relation["relation"] == .string("another-checkpoint"))
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

import ParityReport
import Recurrent
import Testing

@testable import ParityTesting

@Suite struct ImplementationTests {
  private func failures<Element>(
    _ implementation: Implementation<Element>, _ fixture: String, reference: String?,
    comparedWith: [String]? = nil
  ) -> [String] {
    outcome(implementation, fixture, reference: reference, comparedWith: comparedWith).failures
  }

  private func outcome<Element>(
    _ implementation: Implementation<Element>, _ fixture: String, reference: String?,
    comparedWith: [String]? = nil
  ) -> ParityOutcome {
    .implementation(
      implementation,
      ImplementationOptions(
        source: .path(fixtures + fixture + ".h5"), reference: reference, comparedWith: comparedWith,
        name: "implementation"), failOn: .drift, tolerance: nil)
  }

  // MARK: What is right

  /// Every convention, both ends of padding, every merge mode, projections, and inputs that are no output below.
  static let honest = [
    ("stackedbilstm-ragged", "pytorch"), ("stackedbilstm-ragged", "keras"),
    ("stackedbigru-onnx", "onnxruntime"),
    ("lstm-flax-nnx", "flax"), ("gru-mlx", "mlx"), ("branches-left-padded", "keras"),
    ("stackedbigru-mul", "keras"),
    ("stackedbilstm-projection-ragged", "pytorch"), ("lstm-onnx-peepholes", "onnxruntime"),
    ("tagger", "pytorch"),
    ("alternatinggru", "keras"), ("stackedbirnn-no-h0", "pytorch"),
  ]

  @Test(
    "What computes a reference's formula matches, in input time and in processing order", arguments: honest)
  func passes(_ fixture: String, _ reference: String) {
    for axes in [SequenceLayout.Axes.timeMajor, .batchMajor] {
      for steps in [SequenceLayout.Steps.inputTime, .processingOrder] {
        let implementation = LibraryRun.pass(Float.self, SequenceLayout(axes: axes, steps: steps))
        #expect(failures(implementation, fixture, reference: reference) == [])
      }
    }
  }

  @Test("Chunks of any size match", arguments: honest.prefix(7))
  func streaming(_ fixture: String, _ reference: String) {
    let outcome = outcome(
      .streaming(LibraryStream.self, chunks: [[1], [3, 1], [100]]), fixture, reference: reference)
    #expect(outcome.failures == [])
    let names = outcome.report.cases[0].references.map(\.name)
    #expect(
      Set(names).isSuperset(of: ["implementation [1]", "implementation [3, 1]", "implementation [100]"]))
  }

  @Test(
    "A whole network matches by whatever it returns", arguments: [SequenceLayout.Axes.timeMajor, .batchMajor])
  func network(_ axes: SequenceLayout.Axes) {
    let all = LibraryRun.network(Float.self, axes) { trace, layout in
      .states(
        trace.layers.map { layer in
          layer.passes.map { pass in
            var states = ComputedStates<Float>()
            states.h = LibraryRun.tensor(pass.states.h, layout)
            states.c = pass.states.c.map { LibraryRun.tensor($0, layout) }
            return states
          }
        })
    }
    let output = LibraryRun.network(Float.self, axes) { trace, layout in
      .output(LibraryRun.tensor(trace.layers[trace.layers.count - 1].output, layout))
    }
    for (fixture, reference) in [("stackedbilstm-ragged", "pytorch"), ("stackedbigru-sum", "keras")] {
      #expect(failures(all, fixture, reference: reference) == [])
      #expect(failures(output, fixture, reference: reference) == [])
    }
  }

  @Test("Other types are held to their own precision")
  func elements() {
    #expect(failures(LibraryRun.pass(Double.self), "stackedbilstm", reference: "pytorch") == [])
    // Float32 in Double's place: not what Float64 computes.
    let widened = Implementation<Double>.pass(Double.self) { pass in
      let float = Pass(
        direction: pass.direction, cell: pass.cell.cell.converted(to: Float.self),
        initialState: State<Float>(
          h: Matrix(rows: 3, columns: 7, elements: pass.initialState.h.values.map { Float($0) })))
      let trace = float.scan(
        BatchedSequence(timesteps: 12, batch: 3, features: 5, elements: pass.input.values.map { Float($0) }))
      return .states(h: trace.states.h.elements.map { Double($0) })
    }
    let outcome = outcome(widened, "simplegru", reference: "pytorch")
    #expect(outcome.report.cases[0].references.first { $0.name == "implementation" }?.verdict == "drift")
    #expect(outcome.failures.contains { $0.contains("float32") })
  }

  // MARK: What is wrong

  @Test("A value that is not finite fails wherever it is", arguments: ["h", "c", "final h", "final c"])
  func notFinite(_ place: String) {
    for value in [Float.nan, .infinity] {
      let broken = LibraryRun.pass(Float.self) { states, pass in
        states.finalH = ParityTensor(shape: [3, 7], values: Array(states.h?.values.suffix(21) ?? []))
        states.finalC = ParityTensor(shape: [3, 7], values: Array(states.c?.values.suffix(21) ?? []))
        switch place {
        case "h": states.h?.values[40] = value
        case "c": states.c?.values[40] = value
        case "final h": states.finalH?.values[3] = value
        default: states.finalC?.values[3] = value
        }
      }
      #expect(failures(broken, "simplelstm", reference: "pytorch") != [])
    }
  }

  @Test("The last states alone are judged, and found wrong")
  func lastStates() {
    func last(_ offset: Float) -> Implementation<Float> {
      LibraryRun.pass(Float.self) { states, _ in
        let h = states.h?.values.suffix(21).map { $0 + offset } ?? []
        states = .finalState(h: h)
      }
    }
    #expect(failures(last(0), "simplegru", reference: "keras") == [])
    #expect(failures(last(0.01), "simplegru", reference: "keras").contains { $0.contains("mismatch") })
  }

  @Test("What forgets its state between chunks fails, and only there")
  func forgetting() {
    let forgetful = Implementation<Float>.streaming(Float.self, chunks: [[100], [6]]) { cell in
      var stream = LibraryStream(cell, forgets: true)
      return { stream.states(of: $0) }
    }
    let report = outcome(forgetful, "simplegru", reference: "pytorch").report.cases[0]
    #expect(report.references.first { $0.name == "implementation [100]" }?.verdict == "match")
    let flagged = report.references.first { $0.name == "implementation [6]" }
    #expect(flagged?.verdict == "mismatch")
    #expect(flagged?.layers[0].firstFlagged.value?.timestep == 6)
  }

  @Test("A mistake in one layer is found there alone")
  func place() {
    let wrong = LibraryRun.pass(Float.self) { states, pass in
      if pass.layer == 1, pass.direction == .backward { states.h?.values.reverse() }
    }
    let report = outcome(wrong, "stackedbigru", reference: "pytorch").report.cases[0]
    let layers = report.references.first { $0.name == "implementation" }?.layers ?? []
    #expect(layers.map { $0.verdict == "match" } == [true, true, true, false])
  }

  // MARK: What is refused

  static let refusals: [(String, String, @Sendable (inout ComputedStates<Float>) -> Void)] = [
    (
      "simplegru", "layer 0, forward: h: expected shape (12, 3, 7), found shape (12, 3, 6)",
      { $0.h = ParityTensor(shape: [12, 3, 6], values: Array(repeating: 0, count: 216)) }
    ),
    (
      "simplegru", "h: expected 252 values for its shape (12, 3, 7), found 5",
      { $0.h = ParityTensor(shape: [12, 3, 7], values: [1, 2, 3, 4, 5]) }
    ),
    (
      "simplegru", "h: expected shape (12, 3, 7), found shape (251)",
      { $0.h = Array(repeating: Float(0), count: 251).parityTensor }
    ),
    (
      "simplegru", "h: expected shape (12, 3, 7), found shape (2, ?)",
      { $0.h = [[Float(1)], [2, 3]].parityTensor }
    ),
    ("simplegru", "a gru has no c, found a c", { $0.c = $0.h }),
    ("simplegru", "expected states, or last states, found nothing", { $0 = ComputedStates() }),
    ("simplegru", "final h: expected shape (3, 7), found shape (12, 3, 7)", { $0.finalH = $0.h }),
    ("simplelstm", "c: expected the h of every step beside it, found none", { $0.h = nil }),
  ]

  @Test("What is returned is checked: place, expected, found", arguments: refusals.indices)
  func refused(_ index: Int) {
    let (fixture, text, change) = Self.refusals[index]
    let failures = failures(
      LibraryRun.pass(Float.self) { states, _ in change(&states) }, fixture, reference: "pytorch")
    #expect(failures.count == 1)
    #expect(failures.first?.contains(text) == true, "\(failures)")
  }

  @Test("What is asked for and not there is named with what is")
  func choices() {
    let implementation = LibraryRun.pass(Float.self)
    #expect(
      failures(implementation, "simplegru", reference: nil).first?.contains(
        "reference:: expected the name of one: keras, pytorch, found none") == true)
    #expect(
      failures(implementation, "simplegru", reference: "torch").first?.contains(
        "expected one of keras, pytorch, found \"torch\"") == true)
    #expect(
      failures(implementation, "simplegru", reference: "keras", comparedWith: ["jax"]).first?.contains(
        "\"jax\"")
        == true)
    #expect(
      failures(.pass(Float.self) { .states(h: try $0.weights["kernel"]) }, "simplegru", reference: "pytorch")
        .first?
        .contains("expected one of bias_hh, bias_ih, weight_hh, weight_ih, found \"kernel\"") == true)
    #expect(
      failures(
        .pass(Float.self) { .states(h: [Float](repeating: 0, count: try $0.lengths.count)) },
        "branches-left-padded",
        reference: "keras"
      ).first?.contains("lengths: expected padding behind the steps alone, found a mask") == true)
    for sizes in [[], [0], [2, -1]] {
      #expect(
        failures(.streaming(LibraryStream.self, chunks: [sizes]), "simplegru", reference: "keras").first?
          .contains(
            "chunks: expected sizes of at least 1") == true)
    }
    #expect(
      failures(.streaming(LibraryStream.self, chunks: []), "simplegru", reference: "keras").first?.contains(
        "at least one list of sizes") == true)
  }

  @Test("A network of the recurrent layers alone is refused where something is between them")
  func between() {
    let output = LibraryRun.network(Float.self) { trace, layout in
      .output(LibraryRun.tensor(trace.layers[trace.layers.count - 1].output))
    }
    #expect(failures(output, "tagger", reference: "pytorch").first?.contains("judge it pass by pass") == true)
  }

  @Test("Whatever the implementation throws is a failure with its place")
  func thrown() {
    struct OutOfMemory: Error {}
    let failures = failures(
      .pass(Float.self) { _ in throw OutOfMemory() }, "simplegru", reference: "pytorch")
    #expect(failures.first?.contains("layer 0, forward: the implementation threw OutOfMemory()") == true)
  }
}

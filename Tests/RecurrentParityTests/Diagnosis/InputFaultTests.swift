import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// What a layer read, found from the states that it made of it.
@Suite struct InputFaultTests {
  private static let fixtures = ["simplernn-tanh", "simplegru", "simplelstm"]

  @Test("A scale or an offset of the input is found, and holds at all other steps", arguments: fixtures)
  func scaled(_ name: String) throws {
    let scaled = try run(name) { $0.map { 0.5 * $0 } }
    #expect(scaled.findings().first?.name == "input-scaled:0.5")
    let moved = try run(name) { $0.map { $0 + 0.25 } }
    #expect(moved.findings().first?.name == "input-offset:0.25")
    let both = try run(name) { $0.map { 2 * $0 - 0.125 } }
    #expect(both.findings().first?.name == "input-scaled:2.0, with -0.125 added")
  }

  @Test("A shift by any number of steps is found", arguments: fixtures)
  func shifted(_ name: String) throws {
    for shift in [3, -2] {
      let run = try run(name) { $0.shifted(by: shift) }
      #expect(run.findings().first?.name == "input-time-shifted:\(shift)")
    }
  }

  @Test("Rows of the batch in another order are found", arguments: fixtures)
  func rows(_ name: String) throws {
    let run = try run(name) { values in
      values.mapped { _, window in
        (0..<window.timesteps).flatMap { t in [1, 2, 0].flatMap { window.elements[window.range(t, $0)] } }
      }
    }
    #expect(run.findings().first?.name == "input-rows:1 2 0")
  }

  @Test("Dropout that was left on is found, with its probability", arguments: fixtures)
  func dropout(_ name: String) throws {
    let run = try run(name) { values in
      values.mapped(storage: .float64) { first, window in
        window.elements.enumerated().map { index, value in
          let isDropped = ((first * window.batch * window.features + index) * 7919) % 10 < 3
          return isDropped ? 0 : FloatFormat.float32.round(value / 0.7)
        }
      }
    }
    #expect(run.findings().first?.name == "input-dropout:0.3")
  }

  @Test("An input that was changed in one step alone is called none of these", arguments: fixtures)
  func otherwise(_ name: String) throws {
    let run = try run(name) { values in
      values.mapped { first, window in
        var window = window
        if 0..<window.timesteps ~= 5 - first {
          for k in window.range(5 - first, 1) { window.elements[k] *= 1.5 }
        }
        return window.elements
      }
    }
    #expect(run.judged().verdict == .mismatch)
    #expect(run.findings().isEmpty)
  }

  private func run(
    _ name: String, _ change: @escaping @Sendable (RecordedSequence) -> RecordedSequence
  ) throws -> InjectedRun {
    let context = try bundled(name).diagnosisContext(PassAddress(reference: 0, layer: 0, pass: 0))
    let hypothesis = Hypothesis(
      Mistake(.inputScaled), .input,
      .problem { $0.input = LayerInput(values: change($0.input.values)) })
    return InjectedRun([hypothesis], in: context, format: .float32)
  }
}

extension RecordedSequence {
  fileprivate func map(_ change: @escaping @Sendable (Double) -> Double) -> RecordedSequence {
    mapped(storage: .float64) { _, window in window.elements.map { FloatFormat.float32.round(change($0)) } }
  }
}

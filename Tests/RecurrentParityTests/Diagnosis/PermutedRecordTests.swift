import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// What was recorded in the wrong place.
@Suite struct PermutedRecordTests {
  private static let address = PassAddress(reference: 0, layer: 0, pass: 0)

  @Test("Units that alternate between the directions are told", arguments: ["birnn-tanh", "bigru", "bilstm"])
  func interleaved(_ name: String) throws {
    let parityCase = try bundled(name).changing { parityCase in
      let layer = parityCase.references[0].layers[0]
      let (forward, backward) = (layer.passes[0].h, layer.passes[1].h)
      let width = forward.features
      for pass in 0..<2 {
        var h = forward.whole
        for t in 0..<h.timesteps {
          for b in 0..<h.batch {
            for unit in 0..<width {
              let place = pass * width + unit
              h[t, b, unit] = (place % 2 == 0 ? forward : backward)[t, b, place / 2]
            }
          }
        }
        parityCase.references[0].layers[0].passes[pass].states.h = RecordedSequence(h)
      }
      parityCase.references[0].layers[0].output = nil
    }
    for pass in try #require(parityCase.judged().references.first).passes {
      #expect(pass.judgement.diagnosis?.first?.name == "units-interleaved")
    }
  }

  @Test(
    "Units that were recorded in another order are told",
    arguments: ["simplernn-tanh", "simplegru", "simplelstm"])
  func permuted(_ name: String) throws {
    let context = try bundled(name).diagnosisContext(Self.address)
    let size = context.problem.cell.stateSize
    for (order, words) in [
      (Array(1..<size) + [0], "rotated by \(size - 1)"),
      (Array((0..<size).reversed()), "in another order"),
    ] {
      func permuted(_ sequence: RecordedSequence) -> RecordedSequence {
        var values = sequence.whole
        for start in stride(from: 0, to: values.elements.count, by: size) {
          for unit in 0..<size { values.elements[start + unit] = sequence.elements[start + order[unit]] }
        }
        return RecordedSequence(values)
      }
      let states = context.problem.target
      let run = InjectedRun(
        RecordedStates(h: states.h.map(permuted), c: states.c.map(permuted)), in: context, format: .float32)
      let finding = try #require(run.findings().first)
      #expect(finding.name == "units-permuted:\(words)" && finding.explains == .all)
    }
  }

  @Test("A final state of another pass, or of the other end, is called what it is")
  func finalStates() throws {
    let original = try bundled("bilstm")
    let passes = original.references[0].layers[0].passes
    func names(_ state: Matrix<Double>) throws -> [String] {
      let changed = original.changing { parityCase in
        parityCase.references[0].layers[0].output = nil
        parityCase.references[0].layers[0].passes[1].finalState.h = state
      }
      let judgement = try #require(changed.judged().references.first).passes[1].judgement
      #expect(judgement.verdict == .mismatch)
      return judgement.diagnosis?.map(\.name) ?? []
    }
    let last = original.input.timesteps - 1
    #expect(try names(passes[1].h[last]) == ["final-state-of:the state after its first step"])
    #expect(try names(passes[0].h[last]) == ["final-state-of:the last state of layer 0 forward"])
    let c = try #require(passes[1].states.c)
    #expect(try names(c[0]) == ["final-state-of:its last c"])
    #expect(try names(passes[1].h[3]).isEmpty)
  }

  @Test(
    "Gates that were cut at multiples of the input's width are told", arguments: ["simplegru", "simplelstm"])
  func cuts(_ name: String) throws {
    let context = try bundled(name).diagnosisContext(Self.address)
    let cut = try #require(HypothesisCatalogue(context: context).gateBlockCuts.first)
    #expect(InjectedRun([cut], in: context, format: .float32).findings().first?.name == cut.mistake.name)
  }

  @Test("What one direction alone took from the other is not called exchanged")
  func halfExchanged() throws {
    let original = try bundled("bilstm")
    func names(_ change: (inout [RecordedPass]) -> Void) throws -> [[String]] {
      let changed = original.changing { change(&$0.references[0].layers[0].passes) }
      return try #require(changed.judged().references.first).passes.map {
        $0.judgement.diagnosis?.map(\.name) ?? []
      }
    }
    let half = try names { $0[1].cell = $0[0].cell }
    #expect(half[0].isEmpty)
    #expect(!half[1].contains("directions-swapped"))
    let exchanged = try names { passes in
      (passes[0].cell, passes[1].cell) = (passes[1].cell, passes[0].cell)
    }
    #expect(exchanged == [["directions-swapped"], ["directions-swapped"]])
  }

  @Test(
    "Axes of one length that were exchanged are told",
    arguments: ["simplernn-tanh", "simplegru", "simplelstm"])
  func axes(_ name: String) throws {
    let context = try bundled(name).squareBatch.diagnosisContext(Self.address)
    let names = ["input-axes-exchanged", "output-axes-exchanged", "ran-along-batch"]
    for name in names {
      let hypothesis = try #require(
        HypothesisCatalogue(context: context).singles.first { $0.mistake.name == name })
      #expect(InjectedRun([hypothesis], in: context, format: .float32).findings().first?.name == name)
    }
  }
}

extension ParityCase {
  /// As many timesteps as sequences.
  fileprivate var squareBatch: ParityCase {
    changing { parityCase in
      let size = input.batch
      func first(_ sequence: RecordedSequence?) -> RecordedSequence? {
        sequence.map { RecordedSequence($0.window(0..<size), storage: $0.storage) }
      }
      parityCase.input = first(input) ?? input
      parityCase.valid = ValidSteps(all: size, batch: size)
      for address in passAddresses {
        parityCase[address].states.h = first(self[address].states.h)
        parityCase[address].states.c = first(self[address].states.c)
        parityCase[address].finalState = ReturnedState()
        let output = references[address.reference].layers[address.layer].output
        parityCase.references[address.reference].layers[address.layer].output = first(output)
      }
    }
  }
}

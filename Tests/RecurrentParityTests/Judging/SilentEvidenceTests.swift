import BundledCases
import Recurrent
import Testing

@testable import RecurrentParity

/// What cannot be told from the numbers is neither right nor wrong, and never a match.
@Suite struct SilentEvidenceTests {
  private static let cells = ["simplernn-tanh", "simplegru", "simplelstm"]

  @Test(
    "A run whose sums may overflow is no other formula: it is inconclusive, and says why", arguments: cells)
  func overflow(_ name: String) throws {
    // 3e38 is below the largest Float32, and the sum of two of them is above it.
    let changed = try bundled(name).changing { parityCase in
      for address in parityCase.passAddresses {
        parityCase[address].cell = parityCase[address].cell.changing { _, gate in
          gate.weightIH.elements = gate.weightIH.elements.map { $0 < 0 ? -3e38 : 3e38 }
        }
      }
    }
    for pass in changed.judged().references.flatMap(\.passes) {
      #expect(pass.judgement.verdict == .inconclusive)
      #expect(pass.judgement.timesteps.allSatisfy { $0.verdict == .inconclusive })
      #expect(pass.judgement.findings.map(\.subject) == [.unjudged(.overflow(format: "float32"))])
      #expect(pass.judgement.figures.maxResidual.isNaN && pass.judgement.figures.effectiveRoundoffRms.isNaN)
    }
  }

  @Test(
    "Where one unit may overflow, the others are judged, and a fault of theirs is flagged", arguments: cells)
  func partialOverflow(_ name: String) throws {
    let changed = try bundled(name).changing { parityCase in
      for address in parityCase.passAddresses {
        parityCase[address].cell = parityCase[address].cell.changing { _, gate in
          for k in 0..<gate.inputSize { gate.weightIH[0, k] = 3e38 }
        }
        parityCase[address].h[4, 1, 3] += 0.5
      }
    }
    for pass in changed.judged(.verdictOnly).references.flatMap(\.passes) {
      #expect(pass.judgement.verdict == .mismatch)
      let first = try #require(pass.judgement.firstFlagged)
      #expect((first.timestep, first.batch, first.unit) == (4, 1, 3))
    }
  }

  @Test("A precision in which the sums would overflow explains nothing")
  func overflowExplainsNothing() throws {
    let original = try bundled("simplernn-tanh")
    let address = PassAddress(reference: 0, layer: 0, pass: 0)
    let changed = original.changing { parityCase in
      // Beyond the range of float16 in every sum; the states of ±1 and 0 are in every format.
      parityCase[address].cell.gate.weightIH.elements = parityCase[address].cell.gate.weightIH.elements.map {
        1e6 * $0
      }
      parityCase[address].h.elements = parityCase[address].h.elements.map { $0 < 0 ? 1 : -1 }
      parityCase.references[0].layers[0].output = nil
      parityCase[address].finalState = ReturnedState()
    }
    let judgement = try #require(changed.judged().references.first?.passes.first).judgement
    #expect(judgement.verdict == .mismatch)
    #expect(judgement.precisions.isEmpty)
  }

  @Test("States of zero, of sums without a term, are evidence of nothing", arguments: cells)
  func allZero(_ name: String) throws {
    let changed = try bundled(name).changing { $0.silence() }
    for parityCase in [
      changed, changed.changing { $0.input.elements = changed.input.elements.map { _ in 1 } },
    ] {
      let judgement = parityCase.judged()
      for pass in judgement.references.flatMap(\.passes) {
        #expect(pass.judgement.verdict == .inconclusive)
        #expect(pass.judgement.findings.map(\.subject) == [.unjudged(.allZero)])
      }
      #expect(judgement.cross.allSatisfy { $0.verdict == .inconclusive })
    }
  }

  @Test("A layer of dead ReLU units is a proof: its terms are there, and each sum is negative")
  func deadUnits() throws {
    let changed = try bundled("simplernn-relu").changing { parityCase in
      parityCase.silence()
      for address in parityCase.passAddresses {
        parityCase[address].cell = parityCase[address].cell.changing { _, gate in
          gate.weightIH.elements = gate.weightIH.elements.map { _ in -1 }
        }
      }
      parityCase.input.elements = parityCase.input.elements.map { _ in 1 }
    }
    #expect(changed.judged().verdict == .match)
  }

  @Test("What rests on a dataset that nothing was written to is no match; a mismatch stays one")
  func unwritten() throws {
    let original = try bundled("simplelstm")
    let address = PassAddress(reference: 0, layer: 0, pass: 0)
    let changed = original.changing { $0[address].unwritten = ["/input"] }
    let judgement = changed.judged()
    let pass = try #require(judgement.references.first?.passes.first).judgement
    #expect(pass.verdict == .inconclusive)
    #expect(pass.findings.map(\.subject) == [.unjudged(.unwritten(["/input"]))])
    // By the other's weights too, and the other's states by these.
    #expect(judgement.cross.allSatisfy { $0.verdict == .inconclusive })
    let wrong = changed.changing { $0[address].h[3, 0, 0] += 0.5 }
    #expect(wrong.judged(.verdictOnly).references.first?.verdict == .mismatch)
  }
}

extension ParityCase {
  /// Everything that was recorded becomes zero.
  fileprivate mutating func silence() {
    input.elements = input.elements.map { _ in 0 }
    for address in passAddresses {
      self[address].cell = self[address].cell.changing { _, gate in
        gate.weightIH.elements = gate.weightIH.elements.map { _ in 0 }
        gate.weightHH.elements = gate.weightHH.elements.map { _ in 0 }
        gate.biasIH = gate.biasIH?.map { _ in 0 }
        gate.biasHH = gate.biasHH?.map { _ in 0 }
      }
      self[address].initialState = nil
      self[address].finalState = ReturnedState()
      for kind in StateKind.allCases {
        let zeros = self[address].states[kind]?.elements.map { _ in 0.0 } ?? []
        switch kind {
        case .h: self[address].states.h?.elements = zeros
        case .c: self[address].states.c?.elements = zeros
        }
      }
    }
    for reference in references.indices {
      for layer in references[reference].layers.indices { references[reference].layers[layer].output = nil }
    }
  }
}

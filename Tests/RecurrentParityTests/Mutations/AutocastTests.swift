import Recurrent
import Testing

@testable import RecurrentParity

/// A GRU that PyTorch ran under autocast. Its gates were computed in bfloat16, its states were not.
@Suite struct AutocastTests {
  private let run: ParityCase

  init() throws { run = try bundled("autocast-bfloat16-stackedbigru") }

  @Test("Its states are in no coarser format, and no rounding of operands alone explains them")
  func notByOperands() {
    for address in run.passAddresses {
      let problem = run.references[0].problem(layer: address.layer, pass: address.pass, of: run)
      #expect(!FloatFormat.bfloat16.holds(all: run[address].h.elements))
      let rounding = OperandRounding(format: .bfloat16, rule: .toNearestOrEven)
      #expect(!problem.assessed(in: WorkingArithmetic(.float32), rounding: rounding).explainsAll)
    }
  }

  @Test("It is drift to bfloat16, reproduced element for element by what autocast rounds")
  func named() throws {
    for pass in try #require(run.judged(.verdictOnly).references.first).passes {
      #expect(pass.judgement.verdict == .drift)
      #expect(pass.judgement.precisions.map(\.hypothesis) == ["precision:bfloat16"])
      let finding = try #require(pass.judgement.precisions.first)
      #expect(finding.explains && finding.maxBoundRatio <= 1)
      #expect(finding.says.contains("as autocast does"))
    }
  }

  @Test("One wrong element of it is a mismatch at its step, and the rest stays drift")
  func spike() throws {
    for address in run.passAddresses {
      let last = run[address].direction == .forward ? 11 : 0
      let changed = run.changing {
        // A layer above would be fed it.
        $0.spike(address, t: last, b: 1, unit: 2, by: 3e-3, inOutput: false)
      }
      let passes = try #require(changed.judged(.verdictOnly).references.first).passes
      let pass = try #require(
        passes.first { $0.layer == address.layer && $0.pass.direction == run[address].direction })
      let flagged = pass.judgement.timesteps.filter { $0.verdict == .mismatch }
      #expect(flagged.map(\.timestep) == [last])
      #expect(pass.judgement.timesteps.allSatisfy { $0.verdict == .mismatch || $0.verdict == .drift })
      #expect(pass.judgement.precisions.map(\.explains) == [false])
    }
  }

  @Test("A wrong weight of the size of its rounding is not taken for it")
  func wrongBias() throws {
    for address in run.passAddresses {
      let changed = run.changing { changed in
        changed[address].cell = changed[address].cell.changing { kind, gate in
          // Two spacings of bfloat16: every product rounds to another value.
          if kind == .new { gate.biasHH = gate.biasHH?.map { $0 * (1 + 4 * 0x1p-8) } }
        }
      }
      let passes = try #require(changed.judged(.verdictOnly).references.first).passes
      let pass = try #require(
        passes.first { $0.layer == address.layer && $0.pass.direction == run[address].direction })
      #expect(pass.judgement.verdict == .mismatch)
      #expect(pass.judgement.precisions.allSatisfy { !$0.explains })
    }
  }
}

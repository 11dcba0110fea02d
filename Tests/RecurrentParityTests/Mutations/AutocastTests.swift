import BundledCases
import Foundation
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
      #expect(!problem.assessed(in: ErrorModel(.float32), rounding: rounding).explainsAll)
    }
  }

  @Test("It is drift to bfloat16, reproduced element for element by what autocast rounds")
  func named() throws {
    for pass in try #require(run.judged(.verdictOnly).references.first).passes {
      #expect(pass.judgement.verdict == .drift)
      #expect(pass.judgement.precisions.map(\.name) == ["precision:bfloat16"])
      let finding = try #require(pass.judgement.precisions.first)
      #expect(finding.explainsAll && finding.isWithinBound)
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
      #expect(pass.judgement.precisions.map(\.explainsAll) == [false])
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
      #expect(pass.judgement.precisions.allSatisfy { !$0.explainsAll })
    }
  }

  @Test(
    "A run that rounds as autocast does is drift to that format, whichever way a sum at a tie is rounded",
    arguments: [FloatFormat.float16, .bfloat16], [-1.0, 0, 1])
  func simulated(_ low: FloatFormat, side: Double) throws {
    let original = try bundled("simplegru-long")
    let pytorch = try #require(original.references.first { $0.name == "pytorch" })
    func run(_ side: Double) throws -> ParityCase {
      // An honest sum of N terms is off by N u S at most; with its bias each has 4 or 6.
      let simulation = AutocastGRU(low: low, offset: side * 3 * FloatFormat.float32.unitRoundoff)
      return try original.changing { parityCase in
        parityCase.references = [pytorch]
        parityCase.references[0].layers[0].output = nil
        parityCase.references[0].layers[0].passes[0].finalState = ReturnedState()
        try simulation(&parityCase.references[0].layers[0].passes[0], input: original.input)
      }
    }
    let judgement = try #require(try run(side).judged(.verdictOnly).references.first?.passes.first).judgement
    #expect(judgement.verdict == .drift)
    #expect(judgement.precisions.map(\.name) == ["precision:\(low.name)"])
    let finding = try #require(judgement.precisions.first)
    #expect(finding.explainsAll && finding.isWithinBound)
    #expect(finding.says.contains("as autocast does"))

    // Some sum does round to another value on the one side than on the other: in Float32 alone they differ by 1e-6.
    let address = PassAddress(reference: 0, layer: 0, pass: 0)
    let (below, above) = (try run(-1)[address].h, try run(1)[address].h)
    let difference = zip(below.elements, above.elements).map { ($0 - $1).magnitude }.max() ?? 0
    #expect(difference > 0.1 * low.unitRoundoff)
  }
}

/// PyTorch's GRU cell under autocast, written out operation by operation.
private struct AutocastGRU {
  let low: FloatFormat
  /// By how much every sum is off before it is rounded, relative to the sum of its terms' magnitudes.
  let offset: Double

  /// Puts the run in the place of the recorded one.
  func callAsFunction(_ pass: inout RecordedPass, input: RecordedSequence) throws {
    guard case .gru(let cell) = pass.cell else { preconditionFailure("no GRU") }
    try #require(cell.resetAfter && cell.activation == .tanh && cell.recurrentActivation == .sigmoid)
    for b in 0..<input.batch {
      var h = pass.initialState.map { Array($0.h.row(b)) } ?? [Double](repeating: 0, count: pass.h.features)
      for t in 0..<input.timesteps {
        h = step(cell, Array(input.elements[input.range(t, b)]), h)
        pass.h.elements.replaceSubrange(pass.h.range(t, b), with: h)
      }
    }
  }

  private func step(_ cell: GRUCell<Double>, _ x: [Double], _ h: [Double]) -> [Double] {
    h.indices.map { unit in
      func input(_ gate: Gate<Double>) -> Double { linear(gate.weightIH, gate.biasIH, unit, x) }
      func recurrent(_ gate: Gate<Double>) -> Double { linear(gate.weightHH, gate.biasHH, unit, h) }
      func gate(_ gate: Gate<Double>) -> Double {
        low.round(1 / (1 + exp(-low.round(input(gate) + recurrent(gate)))))
      }
      let (r, z) = (gate(cell.reset), gate(cell.update))
      let n = low.round(tanh(low.round(input(cell.new) + low.round(r * recurrent(cell.new)))))
      // The old state takes part: from here on it is Float32.
      let own = FloatFormat.float32
      return own.round(own.round(own.round(h[unit] - n) * z) + n)
    }
  }

  private func linear(_ weights: Matrix<Double>, _ bias: [Double]?, _ unit: Int, _ x: [Double]) -> Double {
    let products = x.indices.map { low.round(weights[unit, $0]) * low.round(x[$0]) }
    let terms = products + [low.round(bias?[unit] ?? 0)]
    let size = terms.reduce(0) { $0 + $1.magnitude }
    return low.round(terms.reduce(0, +) + offset * size)
  }
}

import BundledCases
import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentParity

/// What becomes of the product of the state and its weights.
@Suite struct RecurrentProductTests {
  private static let fixtures = ["simplernn-tanh", "simplegru", "simplelstm"]

  @Test("A buffer that is not cleared is told, and of a GRU in which gate", arguments: fixtures)
  func staleBuffer(_ name: String) throws {
    let context = try context(name)
    let kinds = context.problem.cell.gates.map(\.kind)
    let scopes: [(Set<GateKind>, String)] =
      kinds.contains(.new)
      ? [([.new], "stale-buffer:\(context.letter(of: .new))"), (Set(kinds), "stale-buffer")]
      : [(Set(kinds), "stale-buffer")]
    for (scope, name) in scopes {
      let states = context.problem.steppedAlone { cell, pasts in
        // What the earlier steps left is one more bias.
        cell.changing { kind, gate in
          guard scope.contains(kind) else { return }
          // Of a GRU's new gate inside of what r multiplies.
          let own = kind == .new ? gate.biasHH : gate.biasIH
          var bias = own ?? [Double](repeating: 0, count: gate.hiddenSize)
          for past in pasts.dropLast() {
            for unit in bias.indices {
              bias[unit] += zip(gate.weightHH.row(unit), past).reduce(0) { $0 + $1.0 * $1.1 }
            }
          }
          if kind == .new { gate.biasHH = bias } else { gate.biasIH = bias }
        }
      }
      let run = InjectedRun(states, in: context, format: .float32)
      #expect(run.judged().verdict == .mismatch)
      let finding = try #require(run.findings().first)
      #expect(finding.name == name && finding.explains == .all)
    }
  }

  @Test("Dropout on the recurrent weights is told, with its probability", arguments: fixtures)
  func dropout(_ name: String) throws {
    for (p, seed) in [(0.25, 3), (0.5, 4)] as [(Double, UInt64)] {
      let context = try context(name)
      let run = InjectedRun(
        context.problem.steppedAlone { cell, _ in cell.dropping(p, seed: seed) }, in: context,
        format: .float32)
      let finding = try #require(run.findings().first)
      #expect(finding.name == "recurrent-dropout:\(p)" && finding.explains == .all)
    }
  }

  @Test("Where the mask is another at every step, it is not told as one", arguments: fixtures)
  func changingMask(_ name: String) throws {
    let context = try context(name)
    let states = context.problem.steppedAlone { cell, pasts in
      cell.dropping(0.25, seed: UInt64(pasts.count))
    }
    #expect(InjectedRun(states, in: context, format: .float32).findings().isEmpty)
  }

  @Test("Where the weights that are left are not divided by 1 − p, it is no dropout", arguments: fixtures)
  func otherFactor(_ name: String) throws {
    let context = try context(name)
    let states = context.problem.steppedAlone { cell, _ in
      cell.dropping(0.25, seed: 3).changing { _, gate in
        gate.weightHH.elements = gate.weightHH.elements.map { 0.9 * $0 }
      }
    }
    let names = InjectedRun(states, in: context, format: .float32).findings().map(\.name)
    #expect(!names.contains { $0.hasPrefix("recurrent-dropout") })
  }

  private func context(_ name: String) throws -> DiagnosisContext {
    try bundled(name).diagnosisContext(PassAddress(reference: 0, layer: 0, pass: 0))
  }
}

extension Cell<Double> {
  /// As a training step has it: each recurrent weight is 0 with probability p, or divided by 1 − p.
  fileprivate func dropping(_ p: Double, seed: UInt64) -> Cell {
    var random = Randomness(seed: seed)
    return changing { _, gate in
      gate.weightHH.elements = gate.weightHH.elements.map {
        Double.random(in: 0..<1, using: &random) < p ? 0 : $0 / (1 - p)
      }
    }
  }
}

extension StepwiseProblem {
  /// A run in Float of every sequence by itself, by the literal formula.
  ///
  /// - Parameter cell: from the declared one, and from the states that the sequence's steps began with up to here.
  fileprivate func steppedAlone(_ cell: (Cell<Double>, [[Double]]) -> Cell<Double>) -> RecordedStates {
    let (T, B) = (valid.timesteps, valid.batch)
    let x = input.values
    var h = BatchedSequence<Double>(zeros: T, B, self.cell.stateSize)
    var c = self.cell.kind == .lstm ? BatchedSequence<Double>(zeros: T, B, self.cell.hiddenSize) : nil
    for b in 0..<B {
      func row(_ values: ArraySlice<Double>) -> Matrix<Float> {
        Matrix(rows: 1, columns: values.count, elements: values.map { Float($0) })
      }
      let start = initialState ?? self.cell.zeroState(batch: B)
      var state = State(h: row(start.h.row(b)), c: start.c.map { row($0.row(b)) })
      var pasts: [[Double]] = []
      for t in valid.times(b, direction) {
        pasts.append(state.h.elements.map { Double($0) })
        state = cell(self.cell, pasts).converted(to: Float.self).step(x: row(x.row(t, b)), state)
        h.elements.replaceSubrange(h.range(t, b), with: state.h.elements.map { Double($0) })
        guard let values = state.c?.elements, let range = c?.range(t, b) else { continue }
        c?.elements.replaceSubrange(range, with: values.map { Double($0) })
      }
    }
    return RecordedStates(h: RecordedSequence(h), c: c.map { RecordedSequence($0) })
  }
}

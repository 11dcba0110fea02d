import Recurrent

@testable import RecurrentParity

/// A run computed here, as a framework computes one: every sum and every state rounded, each step from the rounded
/// state before it. No substitute for a real run, but one whose faults are known.
struct SimulatedRun {
  /// What sums and states are rounded to.
  var format = FloatFormat.float32
  /// What the hardware does to the operands of the matrix products.
  var operand: @Sendable (Double) -> Double = { $0 }
  /// Changes a state of sequence 1 before the run goes on from it.
  var fault: [Place: @Sendable (inout [Double]) -> Void] = [:]

  /// The reference's network, run on the case.
  func callAsFunction(_ reference: Reference, on parityCase: ParityCase) -> Reference {
    var run = reference
    var input = parityCase.input
    for layer in run.layers.indices {
      for pass in run.layers[layer].passes.indices {
        simulate(&run.layers[layer].passes[pass], layer: layer, input: input, lengths: parityCase.lengths)
      }
      run.layers[layer].input = nil
      input = RecordedSequence(
        run.layers[layer].merge.merged(run.layers[layer].passes.map(\.h.whole)))
      run.layers[layer].output = input
    }
    return run
  }

  private func simulate(
    _ pass: inout RecordedPass, layer: Int, input: RecordedSequence, lengths: [Int]
  ) {
    pass.format = format
    var final = Matrix<Double>(zeros: lengths.count, pass.h.features)
    for (b, length) in lengths.enumerated() {
      var state =
        pass.initialState.map { Array($0.h.row(b)) } ?? [Double](repeating: 0, count: pass.h.features)
      for t in pass.direction.times(length) {
        let x = Array(input.elements[input.range(t, b)])
        state = (0..<pass.h.features).map { unit in
          format.round(pass.cell.activation(preactivation(pass.cell.gate, unit, x, state)))
        }
        if b == 1 { fault[Place(layer, pass.direction, t)]?(&state) }
        pass.h.elements.replaceSubrange(pass.h.range(t, b), with: state)
      }
      final.elements.replaceSubrange(b * pass.h.features..<(b + 1) * pass.h.features, with: state)
    }
    pass.finalState = ReturnedState(h: final)
  }

  private func preactivation(_ gate: Gate<Double>, _ unit: Int, _ x: [Double], _ h: [Double]) -> Double {
    var sum = format.round((gate.biasIH?[unit] ?? 0) + (gate.biasHH?[unit] ?? 0))
    for k in x.indices { add(operand(x[k]) * operand(gate.weightIH[unit, k]), to: &sum) }
    for k in h.indices { add(operand(h[k]) * operand(gate.weightHH[unit, k]), to: &sum) }
    return sum
  }

  private func add(_ term: Double, to sum: inout Double) { sum = format.round(sum + format.round(term)) }
}

extension ParityCase {
  /// The case with one reference, as the simulation runs it.
  func simulated(_ simulation: SimulatedRun, reference name: String = "pytorch") -> ParityCase {
    changing { changed in
      changed.references = references.filter { $0.name == name }.map { simulation($0, on: self) }
    }
  }
}

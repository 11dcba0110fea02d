import Recurrent

/// First steps that leave out the product with a state of zeros, and its bias with it.
extension HypothesisCatalogue {
  var firstStepBiases: [Hypothesis] {
    // A GRU that resets after the product has b_hn in a sum that no input reaches.
    if case .gru(let gru) = cell, gru.resetAfter { return [] }
    let startsFromZero = problem.initialState.map { $0 == cell.zeroState(batch: problem.valid.batch) } ?? true
    let hasBias = cell.gates.contains { $0.gate.biasHH?.contains { $0 != 0 } ?? false }
    guard startsFromZero, hasBias, problem.input.spread == nil else { return [] }
    // One more input, which is 1 at first steps, takes the bias off again.
    let (values, firsts) = (problem.input.values, Set(problem.firstSteps))
    let flagging = LayerInput(
      values: values.mapped(features: values.features + 1) { first, window in
        (0..<window.timesteps).flatMap { t in
          (0..<window.batch).flatMap { b in
            window.elements[window.range(t, b)] + [firsts.contains(StepIndex(t: first + t, b: b)) ? 1 : 0]
          }
        }
      })
    let unbiased = cell.changing { _, gate in
      let taken = gate.biasHH ?? [Double](repeating: 0, count: gate.hiddenSize)
      gate.weightIH = Matrix(
        rows: gate.hiddenSize, columns: gate.inputSize + 1,
        elements: taken.indices.flatMap { gate.weightIH.row($0) + [-taken[$0]] })
    }
    return [
      Hypothesis(
        Mistake(.firstRecurrentBiasIgnored), [.input, .parameters],
        .problem { problem in
          problem.input = flagging
          problem.cell = unbiased
        })
    ]
  }
}

extension StepwiseProblem {
  /// The first step of every sequence, in processing order.
  var firstSteps: [StepIndex] {
    (0..<valid.batch).compactMap { b in valid.times(b, direction).first.map { StepIndex(t: $0, b: b) } }
  }
}

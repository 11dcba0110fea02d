import Recurrent

/// Dropout on the recurrent weights that stayed on: the same of them are 0 at every step, the others divided by 1 − p.
extension HypothesisCatalogue {
  var recurrentDropout: [Hypothesis] {
    guard problem.isTeacherForced, problem.input.spread == nil, cell.weightHR == nil,
      cell.stateSize <= WeightMaskSolver.widestState, cell.inputSize == problem.input.values.features,
      cell.hasPlainSums
    else { return [] }
    let steps = stepsForMasks
    guard steps.count == Self.stepsForMasks else { return [] }
    // A probability has few digits.
    let found = (1..<20).lazy.compactMap { twentieth -> (p: Double, masks: [WeightMaskSolver.Masks])? in
      let p = 0.05 * Double(twentieth)
      let solver = WeightMaskSolver(
        cell, steps: steps, factor: 1 / (1 - p), tolerance: 64 * context.format.unitRoundoff)
      guard let first = solver.masks(unit: 0) else { return nil }
      let others = (1..<cell.hiddenSize).lazy.map(solver.masks).prefix { $0 != nil }.compactMap { $0 }
      let masks = [first] + others
      return masks.count == cell.hiddenSize ? (p, masks) : nil
    }.first
    guard let (p, masks) = found else { return [] }
    let weights = cell.gates.reduce(0) { $0 + $1.gate.weightHH.elements.count }
    return [
      Hypothesis(
        Mistake(.recurrentDropout, "\((1000 * p).rounded() / 1000)"), .recurrentWeights,
        fit: .init(elements: weights + 1, steps: Set(steps.map(\.index))),
        .cell { cell in
          cell = cell.changing { kind, gate in
            for unit in 0..<gate.hiddenSize {
              let mask = masks[unit][kind] ?? 0
              for k in 0..<gate.weightHH.columns {
                gate.weightHH[unit, k] *= mask >> k & 1 == 1 ? 1 / (1 - p) : 0
              }
            }
          }
        })
    ]
  }

  /// Enough that three masks of a row that fit by chance are none.
  private static var stepsForMasks: Int { 8 }

  /// Steps from all over the run whose past is not zero.
  private var stepsForMasks: [RecordedStep] {
    let count = problem.stepCount
    let all = problem.steps(numbers: Array(0..<min(count, 1024)))
    let telling = all.filter { step in
      problem.past(.h, step)?.allSatisfy { $0.isFinite && $0 != 0 } ?? false
    }
    let most = Self.stepsForMasks
    guard telling.count >= most else { return [] }
    return (0..<most).compactMap { RecordedStep(telling[$0 * telling.count / most], of: problem) }
  }
}

extension Cell<Double> {
  /// Whether its gates read nothing but the input, the state and biases, and nothing limits their sums.
  fileprivate var hasPlainSums: Bool {
    guard clip == nil, zoneout == 0 else { return false }
    return switch self {
    case .rnn, .gru: true
    case .lstm(let cell):
      !cell.inputForget && cell.departure == LSTMDeparture()
        && [cell.input, cell.forget, cell.output].allSatisfy { $0.peephole == nil }
    }
  }
}

import Recurrent

/// First steps that leave out the product with a state of zeros, and its bias with it.
extension HypothesisCatalogue {
  var firstStepBiases: [Hypothesis] {
    let startsFromZero = problem.initialState.map { $0 == cell.zeroState(batch: problem.valid.batch) } ?? true
    let biased = cell.gates.filter { $0.gate.biasHH?.contains { $0 != 0 } ?? false }.map(\.kind)
    guard startsFromZero, !biased.isEmpty, problem.input.spread == nil else { return [] }
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
    func hypothesis(_ parameter: String?, _ kinds: Set<GateKind>) -> Hypothesis {
      let unbiased = cell.takingRecurrentBiasOffAtLastInput(of: kinds)
      return Hypothesis(
        Mistake(.firstRecurrentBiasIgnored, parameter), [.input, .parameters, .reset],
        .problem { problem in
          problem.input = flagging
          problem.cell = unbiased
        })
    }
    let all = hypothesis(nil, Set(biased))
    // Of a GRU some layers have a bias there and nowhere else.
    guard cell.kind == .gru, biased.contains(.new), biased.count > 1 else { return [all] }
    return [all, hypothesis(context.letter(of: .new), [.new])]
  }
}

extension Cell<Double> {
  /// With one more input, times which the recurrent bias of some gates is taken off.
  fileprivate func takingRecurrentBiasOffAtLastInput(of kinds: Set<GateKind>) -> Cell {
    func column(_ gate: Gate<Double>) -> Matrix<Double> {
      Matrix(
        rows: gate.hiddenSize, columns: 1,
        elements: gate.biasHH?.map { -$0 } ?? [Double](repeating: 0, count: gate.hiddenSize))
    }
    let isInner = if case .gru(let gru) = self { gru.resetAfter } else { false }
    let inputSize = inputSize
    var changed = changing { kind, gate in
      let isTaken = kinds.contains(kind) && !(isInner && kind == .new)
      gate.weightIH = gate.weightIH.joined(with: isTaken ? column(gate) : Matrix(zeros: gate.hiddenSize, 1))
    }
    changed.changeGRU { gru in
      guard isInner, kinds.contains(.new) else { return }
      gru.innerInput = Matrix(zeros: gru.new.hiddenSize, inputSize).joined(with: column(gru.new))
    }
    return changed
  }
}

extension StepwiseProblem {
  /// The first step of every sequence, in processing order.
  var firstSteps: [StepIndex] {
    (0..<valid.batch).compactMap { b in valid.times(b, direction).first.map { StepIndex(t: $0, b: b) } }
  }
}

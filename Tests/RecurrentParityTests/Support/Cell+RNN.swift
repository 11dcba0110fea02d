import Recurrent

@testable import RecurrentParity

extension Cell<Double> {
  /// The parameters of a plain cell; setting them makes it one.
  var rnn: RNNCell<Double>? {
    get {
      switch self {
      case .rnn(let cell): cell
      case .gru, .lstm: nil
      }
    }
    set { if let newValue { self = .rnn(newValue) } }
  }

  /// The only gate of a plain cell.
  var gate: Gate<Double> {
    get { gates[0].gate }
    set { rnn?.gate = newValue }
  }

  func step(x: Matrix<Double>, h: Matrix<Double>) -> Matrix<Double> { step(x: x, State(h: h)).h }
}

extension RecordedPass {
  /// The recorded states of a plain cell, of which every bundled fixture has all.
  var h: RecordedSequence {
    get {
      guard let h = states.h else { preconditionFailure("the fixture records no states") }
      return h
    }
    set { states.h = newValue }
  }
}

extension Reference {
  /// The check of one pass by its own parameters, on what the layer below handed on.
  func problem(layer index: Int, pass passIndex: Int, of parityCase: ParityCase) -> StepwiseProblem {
    let pass = layers[index].passes[passIndex]
    let valid = parityCase.valid(in: layers[index])
    return StepwiseProblem(
      cell: pass.cell, direction: pass.direction,
      input: LayerInput(values: handedOn(toLayer: index, of: parityCase)), target: pass.states,
      previous: pass.states, initialState: pass.initialState, valid: valid,
      steps: StepIndex.all(valid))
  }

  /// What a layer really read: what the framework handed on, where that is recorded.
  func handedOn(toLayer index: Int, of parityCase: ParityCase) -> RecordedSequence {
    if let input = layers[index].input { return input }
    guard index > 0 else { return parityCase.input }
    let below = layers[index - 1]
    return below.output ?? RecordedSequence(below.merge.merged(below.passes.map(\.h.whole)))
  }
}

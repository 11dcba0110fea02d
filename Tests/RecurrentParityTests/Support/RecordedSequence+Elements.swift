import Recurrent

@testable import RecurrentParity

/// Sequences in memory, as tests change them.
extension RecordedSequence {
  var elements: [Double] {
    get { whole.elements }
    set {
      self = RecordedSequence(
        BatchedSequence(timesteps: timesteps, batch: batch, features: features, elements: newValue))
    }
  }

  subscript(t: Int, b: Int, d: Int) -> Double {
    get { whole[t, b, d] }
    set { elements[(t * batch + b) * features + d] = newValue }
  }

  subscript(t: Int) -> Matrix<Double> {
    get { whole[t] }
    set {
      var changed = whole
      changed[t] = newValue
      self = RecordedSequence(changed)
    }
  }

  func range(_ t: Int, _ b: Int) -> Range<Int> { whole.range(t, b) }

  func converted<S: Scalar>(to type: S.Type) -> BatchedSequence<S> { whole.converted(to: type) }
}

extension RecordedStates {
  init(h: BatchedSequence<Double>?, c: BatchedSequence<Double>? = nil) {
    self.init(h: h.map { RecordedSequence($0) }, c: c.map { RecordedSequence($0) })
  }
}

extension LayerInput {
  init(values: BatchedSequence<Double>) { self.init(values: RecordedSequence(values)) }
}

extension StepwiseProblem {
  /// The steps that are judged.
  var steps: [StepIndex] {
    get { chosen ?? StepIndex.all(valid) }
    set { chosen = newValue }
  }
}

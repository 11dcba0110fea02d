import Recurrent

/// What a step reads beside its input: as more features behind it, so that any formula that reads the input reads these.
extension LayerInput {
  /// With more features `(T, B, K)`, each to within a radius and with a scale of its own.
  func adding(
    _ values: RecordedSequence, radius: RecordedSequence, scale: RecordedSequence, in arithmetic: ErrorModel
  ) -> LayerInput {
    let roundoff = isHeld(by: arithmetic.format) ? 0 : arithmetic.operandRoundoff
    let own =
      spread ?? (
        radius: self.values.mapped(storage: .float64) { _, window in
          window.elements.map { roundoff * $0.magnitude }
        }, scale: self.values.mapped { _, window in window.elements.map { _ in 0 } }
      )
    return LayerInput(
      values: self.values.joined(with: values),
      spread: (own.radius.joined(with: radius), own.scale.joined(with: scale)))
  }
}

extension RecordedSequence {
  /// The features of another sequence behind its own.
  func joined(with other: RecordedSequence) -> RecordedSequence {
    MergeMode.concat.merged([self, other], rounding: .float64)
  }
}

extension StepwiseProblem {
  /// The recorded state h that every step starts from, `(T, B, S)`; zeros at steps that are not valid, and nil where it
  /// is not recorded.
  var pasts: BatchedSequence<Double>? {
    guard let recorded = previous.h else { return nil }
    var pasts = BatchedSequence<Double>(zeros: valid.timesteps, valid.batch, recorded.features)
    for step in StepIndex.all(valid) {
      guard let past = past(.h, step) else { continue }
      pasts.elements.replaceSubrange(pasts.range(step.t, step.b), with: past)
    }
    return pasts
  }
}

extension Cell<Double> {
  /// The recurrent weights of some gates once more, for features behind the input; the other gates do not read these.
  ///
  /// - Returns: nil where the formula has no place for them: of a GRU that resets before the product.
  func readingAddedState(_ kinds: Set<GateKind>) -> Cell? {
    if case .gru(let gru) = self, !gru.resetAfter { return nil }
    var changed = changing { kind, gate in
      // What r multiplies is read apart.
      let reads = kinds.contains(kind) && kind != .new
      gate.weightIH = gate.weightIH.joined(
        with: reads ? gate.weightHH : Matrix(zeros: gate.weightHH.rows, gate.weightHH.columns))
    }
    let inputSize = inputSize
    changed.changeGRU { gru in
      guard kinds.contains(.new) else { return }
      gru.innerInput = Matrix(zeros: gru.new.hiddenSize, inputSize).joined(with: gru.new.weightHH)
    }
    return changed
  }
}

extension Matrix<Double> {
  /// The columns of another matrix behind its own.
  func joined(with other: Matrix) -> Matrix {
    Matrix(
      rows: rows, columns: columns + other.columns,
      elements: (0..<rows).flatMap { Array(row($0)) + Array(other.row($0)) })
  }
}

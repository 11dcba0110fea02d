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
  /// The recorded state h that every step starts from, `(T, B, S)`, read in windows; zeros at steps that are not valid,
  /// and nil where it is not recorded.
  var pasts: RecordedSequence? {
    guard let recorded = previous.h else { return nil }
    return RecordedSequence(
      timesteps: valid.timesteps, batch: valid.batch, features: recorded.features, storage: .float64
    ) { times in pasts(in: times, from: recorded) }
  }

  private func pasts(in times: Range<Int>, from recorded: RecordedSequence) -> [Double] {
    let reach = max(times.lowerBound - 1, 0)..<min(times.upperBound + 1, recorded.timesteps)
    let window = SequenceWindow(recorded, reach)
    var pasts = BatchedSequence<Double>(zeros: times.count, valid.batch, recorded.features)
    for t in times {
      for b in 0..<valid.batch where valid.contains(t, b) {
        let range = pasts.range(t - times.lowerBound, b)
        if let start = startingRow(.h, StepIndex(t: t, b: b), width: recorded.features) {
          pasts.elements.replaceSubrange(range, with: start)
        } else if let before = valid.previous(t, b, direction) {
          // Over a gap the past lies further back.
          let row =
            window.covers(before) ? window.row(StepIndex(t: before, b: b)) : recorded.row(before, b)
          pasts.elements.replaceSubrange(range, with: row)
        }
      }
    }
    return pasts.elements
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

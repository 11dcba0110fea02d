import Recurrent

/// Inputs of the layer that are another sequence, or the same with its axes in another order.
extension HypothesisCatalogue {
  var otherInputs: [Hypothesis] { inputsOfOthers + orders + lowerHalves }

  /// What another layer was fed or returned.
  private var inputsOfOthers: [Hypothesis] {
    guard context.layer > 0 else { return [] }
    let network = [(name: "network", values: context.networkInput)]
    let lower = context.reference.layers[..<(context.layer - 1)].enumerated().compactMap { index, layer in
      (layer.output ?? layer.mergedStates).map { (name: "layer \(index)", values: $0) }
    }
    return (network + lower).compactMap { name, values in
      // Where the layers below are not recorded the problem's input is theirs, of another width than this cell reads.
      guard values.hasAxes(of: problem.input.values), values.features == cell.inputSize else { return nil }
      let values = values.zeroed(outside: problem.valid)
      guard values.differs(from: problem.input.values, valid: problem.valid) else { return nil }
      return Hypothesis(
        Mistake(.inputOf, name), .input, .problem { $0.input = LayerInput(values: values) })
    }
  }

  private var orders: [Hypothesis] {
    let (timesteps, batch) = (problem.valid.timesteps, problem.valid.batch)
    // What is fed at every step alike has no order.
    guard timesteps > 1, problem.input.values.varies(in: problem.valid) else { return [] }
    var all: [Hypothesis] = []
    if let lengths = problem.valid.lengths {
      all.append(
        feeding(Mistake(.inputTimeReversed)) { $0.changed { $0.reversed(lengths: lengths) } })
    }
    if problem.valid.areAll, timesteps == batch {
      all.append(feeding(Mistake(.inputAxesExchanged)) { $0.changed(\.exchangingAxes) })
    }
    return all
  }

  /// Of the output of two directions below.
  private var lowerHalves: [Hypothesis] {
    guard let width = context.forwardWidth, width < cell.inputSize else { return [] }
    var all: [Hypothesis] = []
    if 2 * width == cell.inputSize, width > 1 {
      all.append(
        feeding(Mistake(.inputHalvesInterleaved)) { $0.changed(\.withHalvesInterleaved) })
    }
    if let lengths = problem.valid.lengths {
      all.append(
        feeding(Mistake(.inputBackwardNotReversed)) {
          $0.changed { values in
            values.joined(values.reversed(lengths: lengths), from: width)
          }
        })
    }
    return all
  }
}

extension LayerInput {
  /// The values, and how far they are known, changed in the same way.
  func changed(_ change: (RecordedSequence) -> RecordedSequence) -> LayerInput {
    LayerInput(
      values: change(values), spread: spread.map { (radius: change($0.radius), scale: change($0.scale)) })
  }
}

extension RecordedSequence {
  /// As many timesteps as sequences, with the two exchanged.
  var exchangingAxes: RecordedSequence {
    precondition(timesteps == batch)
    return RecordedSequence(timesteps: timesteps, batch: batch, features: features, storage: storage) {
      [self] times in
      let whole = whole
      return times.flatMap { t in
        (0..<batch).flatMap { whole.elements[whole.range($0, t)] }
      }
    }.settled
  }

  /// Whether a sequence has two steps that differ.
  fileprivate func varies(in valid: ValidSteps) -> Bool {
    (0..<batch).contains { b in
      let times = valid.times(b, .forward)
      guard let first = times.first.map({ row($0, b) }) else { return false }
      return times.dropFirst().contains { !row($0, b).elementsEqual(first) }
    }
  }

  /// Its own features up to `width`, and another's behind.
  fileprivate func joined(_ other: RecordedSequence, from width: Int) -> RecordedSequence {
    RecordedSequence(timesteps: timesteps, batch: batch, features: features, storage: storage) {
      [self] times in
      let (own, others) = (window(times).elements, other.window(times).elements)
      return own.indices.map { $0 % features < width ? own[$0] : others[$0] }
    }.settled
  }
}

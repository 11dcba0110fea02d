import Recurrent

extension RecordedSequence {
  /// Each window of this one, changed.
  ///
  /// - Parameter change: of the timesteps that the window begins with and of its values; keeps T and B.
  func mapped(
    features: Int? = nil, storage: FloatFormat? = nil,
    _ change: @escaping @Sendable (Int, BatchedSequence<Double>) -> [Double]
  ) -> RecordedSequence {
    changed(features: features, storage: storage) { times in change(times.lowerBound, window(times)) }
  }

  /// Another sequence of as many steps, at once where it is small.
  private func changed(
    features: Int? = nil, storage: FloatFormat? = nil, _ read: @escaping @Sendable (Range<Int>) -> [Double]
  ) -> RecordedSequence {
    RecordedSequence(
      timesteps: timesteps, batch: batch, features: features ?? self.features,
      storage: storage ?? self.storage, read: read
    ).settled
  }

  /// With zeros at the steps that are not valid.
  package func zeroed(outside valid: ValidSteps) -> RecordedSequence {
    guard !valid.areAll else { return self }
    return mapped { first, window in
      var elements = window.elements
      for t in 0..<window.timesteps {
        for b in 0..<window.batch where !valid.contains(first + t, b) {
          let range = window.range(t, b)
          elements.replaceSubrange(range, with: repeatElement(0, count: range.count))
        }
      }
      return elements
    }
  }

  /// One of `count` equal parts of the last axis.
  package func part(_ index: Int, of count: Int) -> RecordedSequence {
    guard count > 1 else { return self }
    let width = features / count
    return columns(index * width..<(index + 1) * width)
  }

  /// Some features of every step.
  func columns(_ range: Range<Int>) -> RecordedSequence {
    mapped(features: range.count) { _, window in
      var elements: [Double] = []
      elements.reserveCapacity(window.timesteps * window.batch * range.count)
      for start in stride(from: 0, to: window.elements.count, by: window.features) {
        elements += window.elements[start + range.lowerBound..<start + range.upperBound]
      }
      return elements
    }
  }

  /// The units at even places, then those at odd ones.
  var withHalvesParted: RecordedSequence {
    let width = features / 2
    return mapped { _, window in
      window.elements.indices.map { index in
        let unit = index % window.features
        return window.elements[index - unit + unit % width * 2 + unit / width]
      }
    }
  }

  /// The two halves of the last axis by turns.
  var withHalvesInterleaved: RecordedSequence {
    let width = features / 2
    return mapped { _, window in
      window.elements.indices.map { index in
        let unit = index % window.features
        return window.elements[index - unit + unit / 2 + unit % 2 * width]
      }
    }
  }

  /// What is there, `steps` later: zeros where nothing came before or after.
  func shifted(by steps: Int) -> RecordedSequence {
    changed { times in
      var result = BatchedSequence<Double>(zeros: times.count, batch, features)
      let filled = times.clamped(to: max(steps, 0)..<max(min(timesteps + steps, timesteps), max(steps, 0)))
      let source = window(filled.lowerBound - steps..<filled.upperBound - steps)
      let start = (filled.lowerBound - times.lowerBound) * batch * features
      result.elements.replaceSubrange(start..<start + source.elements.count, with: source.elements)
      return result.elements
    }
  }

  /// Each sequence backwards, within its length.
  func reversed(lengths: [Int]) -> RecordedSequence {
    changed { times in
      var result = window(times)
      // Sequences of one length are turned together.
      for length in Set(lengths) {
        let reached = times.lowerBound..<min(times.upperBound, length)
        guard !reached.isEmpty else { continue }
        let mirrored = length - reached.upperBound..<length - reached.lowerBound
        let source = window(mirrored)
        for t in reached {
          for b in lengths.indices where lengths[b] == length {
            result.elements.replaceSubrange(
              result.range(t - times.lowerBound, b),
              with: source.elements[source.range(length - 1 - t - mirrored.lowerBound, b)])
          }
        }
      }
      return result.elements
    }
  }
}

extension MergeMode {
  /// The merged output of one pass or of two, rounded once as a framework does it.
  func merged(_ parts: [RecordedSequence], rounding format: FloatFormat) -> RecordedSequence {
    guard parts.count == 2 else { return parts[0] }
    let features = self == .concat ? parts[0].features + parts[1].features : parts[0].features
    let storage =
      self == .concat
      ? (parts[0].storage.unitRoundoff <= parts[1].storage.unitRoundoff ? parts[0].storage : parts[1].storage)
      : format
    return RecordedSequence(
      timesteps: parts[0].timesteps, batch: parts[0].batch, features: features, storage: storage
    ) { times in
      let merged = merged(parts.map { $0.window(times) }).elements
      return self == .concat ? merged : merged.map { format.round($0) }
    }.settled
  }
}

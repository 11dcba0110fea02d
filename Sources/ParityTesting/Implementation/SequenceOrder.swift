import Recurrent

/// Where the steps of one pass stand in a layout, and back.
struct SequenceOrder {
  let layout: SequenceLayout
  let valid: ValidSteps
  let direction: Direction
  /// Of each sequence, the input time of every index of the layout.
  private let times: [[Int]]

  init(_ layout: SequenceLayout, valid: ValidSteps, direction: Direction) {
    self.layout = layout
    self.valid = valid
    self.direction = direction
    times = (0..<valid.batch).map { b in
      guard layout.steps == .processingOrder else { return Array(0..<valid.timesteps) }
      let processed = valid.times(b, direction)
      return processed + (0..<valid.timesteps).filter { !valid.contains($0, b) }
    }
  }

  /// Which steps are valid, by the index of the layout.
  var laidOutValid: ValidSteps {
    layout.steps == .inputTime ? valid : ValidSteps(lengths: valid.counts, timesteps: valid.timesteps)
  }

  /// A sequence `(T, B, D)` of input time in the layout.
  func laidOut<Element: ParityElement>(_ sequence: BatchedSequence<Double>) -> ParityTensor<Element> {
    let (T, B, D) = (sequence.timesteps, sequence.batch, sequence.features)
    var values = [Element](repeating: 0, count: T * B * D)
    for b in 0..<B {
      for t in 0..<T {
        let start = index(t, b) * D
        for (offset, value) in sequence.elements[sequence.range(times[b][t], b)].enumerated() {
          values[start + offset] = Element(value)
        }
      }
    }
    return ParityTensor(shape: layout.shape(timesteps: T, batch: B, features: D), values: values)
  }

  /// What was returned in the layout, in input time: `(T, B, D)`.
  ///
  /// - Parameter tensor: of the layout's shape.
  func inInputTime<Element>(_ tensor: ParityTensor<Element>, features D: Int) -> BatchedSequence<Double> {
    let (T, B) = (valid.timesteps, valid.batch)
    var sequence = BatchedSequence<Double>(zeros: T, B, D)
    for b in 0..<B {
      for t in 0..<T {
        let start = index(t, b) * D
        let range = sequence.range(times[b][t], b)
        for offset in 0..<D {
          sequence.elements[range.lowerBound + offset] = Double(tensor.values[start + offset])
        }
      }
    }
    return sequence
  }

  /// The number of a row in the layout.
  private func index(_ t: Int, _ b: Int) -> Int {
    layout.axes == .timeMajor ? t * valid.batch + b : b * valid.timesteps + t
  }
}

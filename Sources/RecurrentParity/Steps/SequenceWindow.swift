import Recurrent

/// Some timesteps of a sequence, by their own numbers; all of one that is in memory anyway.
struct SequenceWindow: Sendable {
  private let first: Int
  private let values: BatchedSequence<Double>

  init(_ sequence: RecordedSequence, _ times: Range<Int>) {
    (first, values) = sequence.surroundings(of: times)
  }

  var features: Int { values.features }

  func covers(_ t: Int) -> Bool { first..<first + values.timesteps ~= t }

  func row(_ step: StepIndex) -> ArraySlice<Double> { values.elements[values.range(step.t - first, step.b)] }
}

/// A sequence that is read row by row, mostly forwards or backwards: of a file, a window at a time.
struct SequenceRows {
  private let sequence: RecordedSequence
  private let windows: [Range<Int>]
  private var window: SequenceWindow?

  init(_ sequence: RecordedSequence) {
    self.sequence = sequence
    windows = sequence.windows()
  }

  var features: Int { sequence.features }

  mutating func row(_ step: StepIndex) -> ArraySlice<Double> {
    if let window, window.covers(step.t) { return window.row(step) }
    guard let times = windows.first(where: { $0.contains(step.t) }) else {
      preconditionFailure("the step is one of the sequence's")
    }
    let window = SequenceWindow(sequence, times)
    self.window = window
    return window.row(step)
  }
}

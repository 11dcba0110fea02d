import Recurrent

/// A recorded sequence `(T, B, D)` that is read in windows of timesteps when it is needed: from memory, from a file, or
/// as a change of another sequence.
///
/// What cannot be read gives NaN, which is never a match; `ParityCase.readFailure` says why.
public struct RecordedSequence: Sendable {
  /// T
  public let timesteps: Int
  /// B
  public let batch: Int
  /// D
  public let features: Int
  /// A format that holds every value.
  public let storage: FloatFormat
  private let source: Source

  private enum Source: Sendable {
    case memory(BatchedSequence<Double>)
    case reading(@Sendable (Range<Int>) -> [Double])
  }

  /// Values in memory that are known to be consistent.
  ///
  /// - Parameter storage: a format that holds every value.
  package init(_ sequence: BatchedSequence<Double>, storage: FloatFormat = .float64) {
    timesteps = sequence.timesteps
    batch = sequence.batch
    features = sequence.features
    self.storage = storage
    source = .memory(sequence)
  }

  /// - Parameter read: the values of some timesteps, `(n, B, D)`; from any thread.
  package init(
    timesteps: Int, batch: Int, features: Int, storage: FloatFormat,
    read: @escaping @Sendable (Range<Int>) -> [Double]
  ) {
    self.timesteps = timesteps
    self.batch = batch
    self.features = features
    self.storage = storage
    source = .reading(read)
  }

  /// The values of some timesteps, `(n, B, D)`.
  public func window(_ times: Range<Int>) -> BatchedSequence<Double> {
    switch source {
    case .memory(let sequence):
      if times == 0..<timesteps { return sequence }
      let step = batch * features
      return BatchedSequence(
        timesteps: times.count, batch: batch, features: features,
        elements: Array(sequence.elements[times.lowerBound * step..<times.upperBound * step]))
    case .reading(let read):
      return BatchedSequence(
        timesteps: times.count, batch: batch, features: features, elements: times.isEmpty ? [] : read(times))
    }
  }

  /// The same with what is in memory around them anyway.
  ///
  /// - Returns: the timestep that the values begin with, too.
  func surroundings(of times: Range<Int>) -> (first: Int, values: BatchedSequence<Double>) {
    if case .memory(let sequence) = source { return (0, sequence) }
    return (times.lowerBound, window(times))
  }

  /// All of it, in memory.
  public var whole: BatchedSequence<Double> { window(0..<timesteps) }

  /// The same in memory, where that is small.
  package var settled: RecordedSequence {
    guard case .reading = source, 8 * timesteps * batch * features <= Self.smallBytes else { return self }
    return RecordedSequence(whole, storage: storage)
  }

  private static let smallBytes = 1 << 20

  /// One step of one sequence, `(D)`.
  package func row(_ t: Int, _ b: Int) -> ArraySlice<Double> {
    if case .memory(let sequence) = source { return sequence.elements[sequence.range(t, b)] }
    let step = window(t..<t + 1)
    return step.elements[step.range(0, b)]
  }

  /// The timesteps in ranges that take about as many bytes as `bytes` says, ascending.
  ///
  /// - Parameter bytes: for each timestep; nil for the values alone.
  package func windows(ofBytes bytes: Int? = nil) -> [Range<Int>] {
    SequenceWindows(timesteps: timesteps, bytesPerTimestep: bytes ?? 16 * batch * features).ranges
  }

  /// The same for a search that most often ends with the first values: of a file it then reads no more.
  var windowsOfSearch: [Range<Int>] {
    guard case .reading = source, timesteps > 1 else { return windows() }
    return [0..<1] + windows()
  }

  /// The first value, in the order of time, that is as asked for.
  package func firstValue(_ isWanted: (Double) -> Bool) -> Double? {
    for times in windowsOfSearch {
      if let value = window(times).elements.first(where: isWanted) { return value }
    }
    return nil
  }

  func hasAxes(of other: RecordedSequence) -> Bool {
    (timesteps, batch, features) == (other.timesteps, other.batch, other.features)
  }
}

extension RecordedSequence: Equatable {
  /// Whether the two hold the same values; both are read.
  public static func == (a: RecordedSequence, b: RecordedSequence) -> Bool {
    a.hasAxes(of: b) && a.windows().allSatisfy { a.window($0) == b.window($0) }
  }
}

/// How a sequence is cut so that a window of it stays small, however long it is.
struct SequenceWindows {
  /// Ascending, without gaps.
  let ranges: [Range<Int>]

  /// Of one window, where nothing else is asked for.
  static let bytes = 64 << 20

  init(timesteps: Int, bytesPerTimestep: Int, bytes: Int = Self.bytes) {
    let most = max(1, bytes / max(bytesPerTimestep, 1))
    // All of about one length: a short one at the end would leave cores idle.
    let count = max(1, (timesteps + most - 1) / most)
    let length = max(1, (timesteps + count - 1) / count)
    ranges = stride(from: 0, to: timesteps, by: length).map { $0..<min($0 + length, timesteps) }
  }

  /// In the order in which a pass comes by them.
  func inOrder(_ direction: Direction) -> [Range<Int>] {
    direction == .forward ? ranges : ranges.reversed()
  }
}

import Recurrent

/// A sequence `(T, B, D)` on its way from what computes it to what reads it: in memory while it is small, else in a
/// temporary file that nobody else sees and that goes with it.
///
/// Sendable, though unchecked: windows are written one after the other, before any is read.
final class SequenceSpool: @unchecked Sendable {
  private let timesteps: Int
  private let batch: Int
  private let features: Int
  private var memory: [Double]
  /// Nil where the sequence is in memory.
  private let file: TemporaryFile?
  /// Whether all that was handed over could be written.
  private var isComplete = true

  /// Above this it is a file.
  private static let memoryBytes = 8 << 20

  init(timesteps: Int, batch: Int, features: Int) {
    (self.timesteps, self.batch, self.features) = (timesteps, batch, features)
    let count = timesteps * batch * features
    file = 8 * count > Self.memoryBytes ? TemporaryFile() : nil
    memory = file == nil ? [Double](repeating: 0, count: count) : []
  }

  /// Writes the values of some timesteps, `(n, B, D)`.
  func write(_ window: BatchedSequence<Double>, at first: Int) {
    let start = first * batch * features
    guard let file else {
      memory.replaceSubrange(start..<start + window.elements.count, with: window.elements)
      return
    }
    // On a full disk nothing more can be kept: then all of it reads as NaN.
    if !window.elements.withUnsafeBytes({ file.write($0, at: 8 * start) }) { isComplete = false }
  }

  /// What was written; zeros where nothing was.
  var sequence: RecordedSequence {
    guard file != nil else {
      return RecordedSequence(
        BatchedSequence(timesteps: timesteps, batch: batch, features: features, elements: memory))
    }
    return RecordedSequence(timesteps: timesteps, batch: batch, features: features, storage: .float64) {
      self.read($0)
    }
  }

  private func read(_ times: Range<Int>) -> [Double] {
    let (start, count) = (times.lowerBound * batch * features, times.count * batch * features)
    guard let file, isComplete else { return [Double](repeating: .nan, count: count) }
    var values = [Double](repeating: 0, count: count)
    // Behind the end of what was written are zeros.
    let isRead = values.withUnsafeMutableBytes { file.read(into: $0, at: 8 * start) } != nil
    return isRead ? values : [Double](repeating: .nan, count: count)
  }
}

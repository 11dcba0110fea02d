import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A sequence `(T, B, D)` on its way from what computes it to what reads it: in memory while it is small, else in a
/// temporary file that nobody else sees and that goes with it.
///
/// Sendable, though unchecked: windows are written one after the other, before any is read.
final class SequenceSpool: @unchecked Sendable {
  private let timesteps: Int
  private let batch: Int
  private let features: Int
  private var memory: [Double]
  /// Of the temporary file; nil where the sequence is in memory.
  private let file: Int32?

  /// Above this it is a file.
  private static let memoryBytes = 8 << 20

  init(timesteps: Int, batch: Int, features: Int) {
    (self.timesteps, self.batch, self.features) = (timesteps, batch, features)
    let count = timesteps * batch * features
    file = 8 * count > Self.memoryBytes ? Self.temporaryFile() : nil
    memory = file == nil ? [Double](repeating: 0, count: count) : []
  }

  deinit {
    if let file { _ = close(file) }
  }

  /// Writes the values of some timesteps, `(n, B, D)`.
  func write(_ window: BatchedSequence<Double>, at first: Int) {
    let start = first * batch * features
    guard let file else {
      memory.replaceSubrange(start..<start + window.elements.count, with: window.elements)
      return
    }
    window.elements.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = pwrite(
          file, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(8 * start + done))
        // What is missing reads as zeros or NaN below: on a full disk nothing more can be kept.
        guard count > 0 else { return isComplete = false }
        done += count
      }
    }
  }

  private var isComplete = true

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
    let isRead = values.withUnsafeMutableBytes { bytes in
      var done = 0
      while done < bytes.count {
        let read = pread(
          file, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(8 * start + done))
        guard read >= 0 else { return false }
        // Behind the end of what was written are zeros.
        guard read > 0 else { return true }
        done += read
      }
      return true
    }
    return isRead ? values : [Double](repeating: .nan, count: count)
  }

  /// An open file without a name.
  private static func temporaryFile() -> Int32? {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/parity-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return nil }
    unlink(template)
    return descriptor
  }
}

import HDF5
import RecurrentParity

/// What the reading of one file keeps account of: how much memory its datasets may take, refused before anything is
/// allocated, and the names that nothing reads.
final class ReadingSession {
  let file: String
  private(set) var unread: [UnreadName] = []
  /// What the file says that it is in, once that is read.
  var version = FormatVersion.one
  /// The sequences that were read, by the place of their datasets in the file.
  var sequences: [UInt64: FixtureSequence] = [:]
  /// What goes wrong when sequences are read later.
  let failures = ReadFailures()
  private let limit: Int
  private var remaining: Int
  /// How many bytes of values may be read in windows.
  private let streamLimit: Int
  private var streamRemaining: Int
  /// Of small sequences, how many bytes may still lie in memory.
  private var smallRemaining = 128 << 20

  /// What is larger is read in windows.
  private static let smallSequence = 8 << 20
  /// Deflate makes of a byte at most this many.
  private static let largestInflation = 1032
  /// Whatever the size of the file.
  private static let leastLimit = 256 << 20
  private static let leastStreamLimit = 1 << 30

  /// - Parameters:
  ///   - bytes: what its values may take in memory.
  ///   - fileSize: in bytes; no honest file holds values of many times its size.
  init(file: String, bytes: Int, fileSize: Int) {
    self.file = file
    let (inflated, isHuge) = fileSize.multipliedReportingOverflow(by: Self.largestInflation)
    // A value takes eight bytes in memory, and at least two in the file.
    limit =
      isHuge
      ? bytes
      : min(
        bytes,
        max(Self.leastLimit, inflated.multipliedReportingOverflow(by: 4).overflow ? .max : 4 * inflated))
    remaining = limit
    streamLimit = isHuge ? .max : max(Self.leastStreamLimit, inflated)
    streamRemaining = streamLimit
  }

  /// Counts a sequence, which lies in memory where it is small.
  ///
  /// - Returns: whether it is.
  func admit(sequence dataset: Dataset) throws(FixtureError) -> Bool {
    if let bytes = memory(of: dataset.shape), bytes <= min(Self.smallSequence, smallRemaining) {
      try spend(on: dataset)
      smallRemaining -= bytes
      return true
    }
    guard let bytes = dataset.byteCount, bytes <= streamRemaining else {
      throw FixtureError(
        file: file, path: dataset.path,
        expected: "at most \(streamLimit) bytes of sequences in a file of its size",
        found: "shape \(text(dataset.shape)), \(dataset.byteCount.map(String.init) ?? "too many") bytes")
    }
    streamRemaining -= bytes
    // A window takes whole chunks.
    if let chunk = dataset.chunkShape {
      guard let bytes = memory(of: chunk), bytes <= remaining else {
        throw refusal(of: dataset, found: "chunks of shape \(text(chunk))")
      }
    }
    return false
  }

  /// Counts a dataset as it will lie in memory, eight bytes a value.
  func spend(on dataset: Dataset) throws(FixtureError) {
    guard let bytes = memory(of: dataset.shape), bytes <= remaining else {
      throw refusal(of: dataset, found: "shape \(text(dataset.shape))")
    }
    // HDF5 reads whole chunks, which may be larger than all of the dataset.
    if let chunk = dataset.chunkShape {
      guard let bytes = memory(of: chunk), bytes <= remaining else {
        throw refusal(of: dataset, found: "chunks of shape \(text(chunk))")
      }
    }
    remaining -= bytes
  }

  /// Takes down a name that nothing reads, with the readable one that was most likely meant: one that is not there.
  ///
  /// - Parameter missing: the names that are read in its place and are not there.
  func ignore(_ name: String, _ kind: UnreadName.Kind, in path: String, missing: [String]) {
    let meant = missing.first { $0.isOneBit(from: name) } ?? missing.first { $0.isOneEdit(from: name) }
    unread.append(UnreadName(path: path, name: name, kind: kind, suggestion: meant))
  }

  private func memory(of shape: [Int]) -> Int? { elementCount(of: [8] + shape) }

  private func refusal(of dataset: Dataset, found: String) -> FixtureError {
    FixtureError(
      file: file, path: dataset.path, expected: "at most \(limit) bytes of values in the file", found: found)
  }

  private func text(_ shape: [Int]) -> String { "(" + shape.map(String.init).joined(separator: ", ") + ")" }
}

extension String {
  fileprivate func isOneBit(from other: String) -> Bool {
    utf8.count == other.utf8.count
      && zip(utf8, other.utf8).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount } == 1
  }

  /// Whether one letter was added, dropped or replaced.
  fileprivate func isOneEdit(from other: String) -> Bool {
    let (a, b) = (Array(utf8), Array(other.utf8))
    guard a != b, (a.count - b.count).magnitude <= 1 else { return false }
    let same = zip(a, b).prefix { $0 == $1 }.count
    let (restA, restB) = (a.dropFirst(same), b.dropFirst(same))
    return a.count == b.count
      ? restA.dropFirst().elementsEqual(restB.dropFirst())
      : a.count > b.count ? restA.dropFirst().elementsEqual(restB) : restA.elementsEqual(restB.dropFirst())
  }
}

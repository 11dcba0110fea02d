import HDF5
import RecurrentParity

/// What the reading of one file keeps account of: how much memory its datasets may take, refused before anything is
/// allocated, and the names that nothing reads.
final class ReadingSession {
  let file: String
  private(set) var unread: [UnreadName] = []
  /// What the file says that it is in, once that is read.
  var version = FormatVersion.one
  private let limit: Int
  private var remaining: Int

  init(file: String, bytes: Int) {
    self.file = file
    limit = bytes
    remaining = bytes
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

import HDF5
import RecurrentParity

/// How much memory one file's datasets may take, refused before anything is allocated.
final class ReadingBudget {
  let file: String
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

  private func memory(of shape: [Int]) -> Int? { elementCount(of: [8] + shape) }

  private func refusal(of dataset: Dataset, found: String) -> FixtureError {
    FixtureError(
      file: file, path: dataset.path, expected: "at most \(limit) bytes of values in the file", found: found)
  }

  private func text(_ shape: [Int]) -> String { "(" + shape.map(String.init).joined(separator: ", ") + ")" }
}

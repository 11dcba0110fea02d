import FixtureEditing
import HDF5
import Testing

extension FixtureTree {
  /// Moves the valid steps of every sequence to other timesteps, and says by a mask where they are.
  ///
  /// - Parameters:
  ///   - positions: of each sequence where its valid steps go, ascending; more sequences than there are have none.
  ///   - timesteps: of the new time axis.
  ///   - filler: what stands at the other steps, in everything that is recorded.
  ///   - ends: what a new sequence starts from, and ends with.
  mutating func moveValidSteps(
    to positions: [[Int]], of timesteps: Int, filler: Double, ends: Double = 0.25
  ) throws {
    let (T, B) = (timesteps, positions.count)
    let mask = (0..<T).flatMap { t in positions.map { $0.contains(t) } }
    for path in datasets.keys where !path.contains("/weights/") && path != "/lengths" {
      try change(path) { dataset in
        let (old, shape) = (dataset.numbers, dataset.shape)
        if shape.count == 3 {
          dataset.shape = [T, B, shape[2]]
          dataset.numbers = [Double](repeating: filler, count: T * B * shape[2])
          for b in 0..<shape[1] {
            for (from, to) in positions[b].enumerated() {
              let source = (from * shape[1] + b) * shape[2]
              let target = (to * B + b) * shape[2]
              dataset.numbers.replaceSubrange(
                target..<target + shape[2], with: old[source..<source + shape[2]])
            }
          }
        } else {
          dataset.shape = [B, shape[1]]
          dataset.numbers = old + [Double](repeating: ends, count: (B - shape[0]) * shape[1])
        }
      }
    }
    if datasets["/lengths"] != nil { try remove("/lengths") }
    datasets["/mask"] = DatasetValue(mask: mask, shape: [T, B])
  }

  /// How many steps of each sequence are valid, by the lengths.
  func validCounts() throws -> [Int] {
    let input: DatasetValue = try #require(datasets["/input"])
    return datasets["/lengths"].map { $0.numbers.map { Int($0) } }
      ?? [Int](repeating: input.shape[0], count: input.shape[1])
  }

  /// The mask of a layer or of the whole as the only one, where it was that of the whole.
  mutating func giveMaskToLayers() throws {
    let (input, mask): (DatasetValue, DatasetValue) = (
      try #require(datasets["/input"]), try #require(datasets["/mask"])
    )
    try remove("/input")
    try remove("/mask")
    for reference in references {
      datasets["\(reference)/layers/0/input"] = input
      datasets["\(reference)/layers/0/mask"] = mask
    }
  }
}

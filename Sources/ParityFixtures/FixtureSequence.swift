import HDF5
import Recurrent
import RecurrentParity

/// A floating-point dataset `(T, B, D)`, read at once where it is small, else in windows when it is judged.
struct FixtureSequence {
  let path: String
  let format: FloatFormat
  /// Whether anything was ever written to it; what was not reads as zeros.
  let isWritten: Bool
  let sequence: RecordedSequence

  /// One of `count` equal parts of the last axis.
  func part(_ index: Int, of count: Int) -> FixtureSequence {
    FixtureSequence(
      path: path, format: format, isWritten: isWritten, sequence: sequence.part(index, of: count))
  }
}

extension FixtureNode {
  /// The dataset of that name, whose shape must be as given; nil stands for any size.
  func sequence(_ name: String, shape expected: [Int?]) throws(FixtureError) -> FixtureSequence {
    let (dataset, format) = try floats(name, shape: expected)
    let (timesteps, batch, features) = (dataset.shape[0], dataset.shape[1], dataset.shape[2])
    // One dataset may have several names: an output is most often the states h.
    if let known = session.sequences[dataset.address] {
      return FixtureSequence(
        path: dataset.path, format: format, isWritten: known.isWritten, sequence: known.sequence)
    }
    let isSmall = try session.admit(sequence: dataset)
    let sequence =
      isSmall
      ? RecordedSequence(
        BatchedSequence(
          timesteps: timesteps, batch: batch, features: features,
          elements: try wrapped { () throws(HDF5Error) in try dataset.doubles(format) }),
        storage: format)
      : RecordedSequence(
        timesteps: timesteps, batch: batch, features: features, storage: format,
        read: reading(dataset, format))
    let read = FixtureSequence(
      path: dataset.path, format: format, isWritten: dataset.storedBytes > 0, sequence: sequence)
    session.sequences[dataset.address] = read
    return read
  }

  /// Reads rows when they are asked for; what cannot be read is NaN, and the session's failures say why.
  func reading(_ dataset: Dataset, _ format: FloatFormat) -> @Sendable (Range<Int>) -> [Double] {
    { [file, failures = session.failures] times in
      do throws(HDF5Error) { return try dataset.doubles(format, rows: times) } catch {
        failures.add(FixtureError(error, file: file))
        return [Double](repeating: .nan, count: times.count * dataset.shape.dropFirst().reduce(1, *))
      }
    }
  }

  func optionalSequence(_ name: String, shape expected: [Int?]) throws(FixtureError) -> FixtureSequence? {
    try has(name) ? try sequence(name, shape: expected) : nil
  }

  /// Positions beyond a sequence's length are never read: what they hold is the exporter's affair.
  func requireFinite(_ recorded: FixtureSequence, valid: ValidSteps) throws(FixtureError) {
    let areAll = valid.areAll
    for times in recorded.sequence.windows() {
      let window = recorded.sequence.window(times)
      if let failure = session.failures.first { throw failure }
      if window.elements.areFinite { continue }
      for t in times {
        for b in 0..<window.batch where areAll || valid.contains(t, b) {
          let range = window.range(t - times.lowerBound, b)
          if let index = range.first(where: { !window.elements[$0].isFinite }) {
            throw error(
              recorded.path, expected: "finite values",
              found: "\(window.elements[index]) at [\(t), \(b), \(index - range.lowerBound)]")
          }
        }
      }
    }
  }
}

extension Dataset {
  /// Some rows of the first axis, all for nil, widened to Float64.
  func doubles(_ format: FloatFormat, rows: Range<Int>? = nil) throws(HDF5Error) -> [Double] {
    if format == .float32 { return try readWidened(rows: rows) { $0.concurrentForEach($1) } }
    guard let rows else { return try read(as: Double.self) }
    return try read(as: Double.self, rows: rows)
  }
}

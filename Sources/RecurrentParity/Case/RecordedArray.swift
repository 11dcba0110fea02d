import Recurrent

/// An array of any rank that a model was given or returned, row-major.
public struct RecordedArray: Sendable {
  /// Its name among the model's inputs or outputs.
  public package(set) var name: String
  /// The axes, slowest first.
  public package(set) var shape: [Int]
  /// Row-major.
  public package(set) var values: RecordedValues

  package init(name: String, shape: [Int], values: RecordedValues) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// The numbers of an array, exact.
public enum RecordedValues: Equatable, Sendable {
  /// In the format that they are stored in. What is read in windows is cut along the first axis, `(n₀, 1, rest)`.
  case floats(RecordedSequence, FloatFormat)
  /// A bool is 0 or 1.
  case integers([Int64])

  /// Numbers in memory.
  package static func floats(_ values: [Double], _ format: FloatFormat) -> RecordedValues {
    .floats(
      RecordedSequence(
        BatchedSequence(timesteps: 1, batch: 1, features: values.count, elements: values), storage: format),
      format)
  }

  /// The format of floating-point values; nil of integers.
  public var format: FloatFormat? {
    if case .floats(_, let format) = self { format } else { nil }
  }
}

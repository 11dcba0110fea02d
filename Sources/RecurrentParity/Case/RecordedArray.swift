/// An array of any rank that a model was given or returned, row-major.
public struct RecordedArray: Sendable {
  public var name: String
  public var shape: [Int]
  public var values: RecordedValues

  package init(name: String, shape: [Int], values: RecordedValues) {
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// The numbers of an array, exact.
public enum RecordedValues: Equatable, Sendable {
  /// In the format that they are stored in.
  case floats([Double], FloatFormat)
  /// A bool is 0 or 1.
  case integers([Int64])

  public var format: FloatFormat? {
    if case .floats(_, let format) = self { format } else { nil }
  }
}

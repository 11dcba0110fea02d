/// A set of native weights that is not what the convention says it must be.
public struct ConventionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The native name of the offending weight.
  public let tensor: String
  /// What the convention has there.
  public let expected: String
  /// What is there.
  public let found: String

  /// An error about that weight.
  public init(tensor: String, expected: String, found: String) {
    self.tensor = tensor
    self.expected = expected
    self.found = found
  }

  public var description: String { "\(tensor): expected \(expected), found \(found)" }
}

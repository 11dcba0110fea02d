/// A set of native weights that is not what the convention says it must be.
public struct ConventionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The native name of the offending weight.
  public let tensor: String
  public let expected: String
  public let found: String

  public init(tensor: String, expected: String, found: String) {
    self.tensor = tensor
    self.expected = expected
    self.found = found
  }

  public var description: String { "\(tensor): expected \(expected), found \(found)" }
}

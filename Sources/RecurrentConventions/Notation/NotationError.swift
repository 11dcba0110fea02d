/// An equation that cannot be read or run.
public struct NotationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The equation, or the name in it.
  public let text: String
  /// What an equation may have there.
  public let expected: String
  /// What is there.
  public let found: String

  public var description: String { "\(text): expected \(expected), found \(found)" }
}

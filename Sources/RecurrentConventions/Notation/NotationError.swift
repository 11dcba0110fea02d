/// An equation that cannot be read or run.
public struct NotationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The equation, or the name in it.
  public let text: String
  public let expected: String
  public let found: String

  public var description: String { "\(text): expected \(expected), found \(found)" }
}

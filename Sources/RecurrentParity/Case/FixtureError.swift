/// A file that is not a valid fixture: where, what was expected, and what was found.
public struct FixtureError: Error, Codable, Equatable, Sendable, CustomStringConvertible {
  /// The file, as it was named by the caller.
  public let file: String
  /// The full HDF5 path of the offending object.
  public let path: String
  /// One line.
  public let problem: String

  /// An error at that place of that file.
  public init(file: String, path: String, problem: String) {
    self.file = file
    self.path = path
    self.problem = problem
  }

  package init(file: String, path: String, expected: String, found: String) {
    self.init(file: file, path: path, problem: "expected \(expected), found \(found)")
  }

  public var description: String { "\(file): \(path): \(problem)" }
}

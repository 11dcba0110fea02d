/// What is wrong with a weight file, or with what was said of it.
public struct WeightFileError: Error, Codable, Equatable, Sendable, CustomStringConvertible {
  /// The file, as it was named by the caller.
  public let file: String
  /// The place in it: an HDF5 path, the name of a tensor, or of a layer; "/" for the file itself.
  public let path: String
  public let expected: String
  public let found: String

  public init(file: String, path: String, expected: String, found: String) {
    self.file = file
    self.path = path
    self.expected = expected
    self.found = found
  }

  public var description: String { "\(file): \(path): expected \(expected), found \(found)" }
}

/// What is wrong with a weight file, or with what was said of it.
public struct WeightFileError: Error, Codable, Equatable, Sendable, CustomStringConvertible {
  /// The file, as it was named by the caller.
  public let file: String
  /// The place in it: an HDF5 path, the name of a tensor, or of a layer; "/" for the file itself.
  public let path: String
  /// What has to be there.
  public let expected: String
  /// What is there.
  public let found: String
  /// Where something has to be given, what; `expected` says it in Swift.
  public let missing: MissingInformation?

  /// An error at that place of that file.
  public init(
    file: String, path: String, expected: String, found: String, missing: MissingInformation? = nil
  ) {
    self.file = file
    self.path = path
    self.expected = expected
    self.found = found
    self.missing = missing
  }

  public var description: String { "\(file): \(path): expected \(expected), found \(found)" }
}

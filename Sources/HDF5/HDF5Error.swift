/// Why something could not be read from, or written to, an HDF5 file.
public struct HDF5Error: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, as it was named when it was opened.
  public var file: String
  /// The path of the object inside the file; for an attribute, `path of its owner@name`.
  public var path: String
  /// What was being done, as a verb and its object: "open dataset".
  public var operation: String
  /// One line that says what is wrong.
  public var reason: String
  /// HDF5's own error stack, the innermost error first; empty when it wasn't HDF5 that complained.
  public var stack: [String]

  /// Describes a failure.
  public init(file: String, path: String, operation: String, reason: String, stack: [String] = []) {
    self.file = file
    self.path = path
    self.operation = operation
    self.reason = reason
    self.stack = stack
  }

  public var description: String { "\(file): cannot \(operation) \(path): \(reason)" }
}

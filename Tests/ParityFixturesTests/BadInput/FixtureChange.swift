import FixtureEditing
import Testing

/// One change to a valid fixture that makes it an invalid one, and what the reader has to say of it.
struct FixtureChange: CustomTestStringConvertible, Sendable {
  let name: String
  /// The HDF5 path of the offending object.
  let path: String
  let problem: String
  /// The case of the fixture that is changed.
  let original: String
  let change: @Sendable (inout FixtureTree) throws -> Void

  init(
    _ name: String, _ path: String, _ problem: String, in original: String,
    _ change: @escaping @Sendable (inout FixtureTree) throws -> Void
  ) {
    (self.name, self.path, self.problem) = (name, path, problem)
    (self.original, self.change) = (original, change)
  }

  var testDescription: String { name }
}

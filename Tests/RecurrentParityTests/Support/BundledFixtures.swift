import FixtureManifest
import RecurrentParity
import Testing

extension Manifest.Entry: CustomTestStringConvertible {
  public var testDescription: String { file }

  func load() throws -> ParityCase { try ParityCase(contentsOf: path) }
}

/// The fixtures that all have to match.
func honestFixtures() throws -> [Manifest.Entry] {
  try Manifest.bundled().files.filter { $0.expect.verdict == "match" }
}

/// A bundled fixture by the name of its case.
func bundled(_ name: String) throws -> ParityCase {
  try #require(try Manifest.bundled().files.first { $0.case == name }, "no fixture \(name)").load()
}

import FixtureManifest
import ParityFixtures
import RecurrentParity

extension Manifest.Entry {
  public func load() throws -> ParityCase { try ParityCase(contentsOf: path) }
}

/// The fixtures that all have to match.
public func honestFixtures() throws -> [Manifest.Entry] {
  try Manifest.bundled().files.filter { $0.expect.verdict == "match" }
}

/// A bundled fixture by the name of its case.
public func bundled(_ name: String) throws -> ParityCase {
  guard let entry = try Manifest.bundled().files.first(where: { $0.case == name }) else {
    throw MissingFixture(name: name)
  }
  return try entry.load()
}

private struct MissingFixture: Error {
  let name: String
}

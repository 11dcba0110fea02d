import ParityFixtures
import ParityReport
import RecurrentParity
import Testing

/// Expects every reference of a fixture to match its formula, and every port in it to carry the network over.
///
/// Each flagged layer, direction and reference is an issue of its own, with the first departing element, what was
/// found and how to mend it; an invalid file is an issue that names the path inside it.
///
///     @Test(arguments: ["encoder.h5", "decoder.h5"])
///     func portIsFaithful(_ fixture: String) {
///       expectParity(ofFixtureAt: fixturesFolder + fixture)
///     }
///
/// - Parameters:
///   - path: a fixture.
///   - tolerance: a tolerance of your own for the free-running difference, beside the verdict; nil for none.
public func expectParity(
  ofFixtureAt path: String, tolerance: Tolerance? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  for failure in Parity.failures(ofFixtureAt: path, tolerance: tolerance) {
    Issue.record(Comment(rawValue: failure), sourceLocation: sourceLocation)
  }
}

enum Parity {
  /// A text for everything that is flagged; empty for a match.
  static func failures(ofFixtureAt path: String, tolerance: Tolerance?) -> [String] {
    let result: FileResult
    do {
      result = FileResult(try ParityCase(contentsOf: path), JudgingOptions(tolerance: tolerance))
    } catch {
      result = .invalid(error)
    }
    return Report([result]).cases.flatMap(\.failures)
  }
}

import RecurrentParity
import Testing

/// Expects every reference of a fixture to match its formula, and every port in it to carry the network over.
///
/// Each flagged layer, direction and reference is an issue of its own, with the first departing element; an
/// invalid file is an issue that names the path inside it.
///
///     @Test(arguments: ["encoder.h5", "decoder.h5"])
///     func portIsFaithful(_ fixture: String) {
///       expectParity(ofFixtureAt: fixturesFolder + fixture)
///     }
///
/// - Parameters:
///   - path: a fixture of format version 1.
///   - tolerance: a tolerance of your own for the free-running difference, beside the verdict; nil for none.
public func expectParity(
  ofFixtureAt path: String, tolerance: Tolerance? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  for finding in Parity.findings(ofFixtureAt: path, tolerance: tolerance) {
    Issue.record(Comment(rawValue: finding), sourceLocation: sourceLocation)
  }
}

enum Parity {
  /// One sentence for everything that is flagged; empty for a match.
  static func findings(ofFixtureAt path: String, tolerance: Tolerance?) -> [String] {
    do {
      return findings(
        try ParityCase(contentsOf: path).judged(JudgingOptions(tolerance: tolerance)))
    } catch {
      return [error.description]
    }
  }

  private static func findings(_ judgement: CaseJudgement) -> [String] {
    let name = judgement.parityCase.name
    var findings: [String] = []
    for reference in judgement.references {
      for pass in reference.passes {
        let place =
          "\(name): \(reference.reference.name), layer \(pass.layer), \(pass.pass.direction.rawValue)"
        if pass.judgement.verdict != .match {
          findings.append("\(place): \(pass.judgement.verdict.rawValue)\(text(pass.judgement.firstFlagged))")
        }
        if let t = pass.freeRunning.firstAboveTolerance {
          findings.append("\(place): free-running difference above the tolerance from t = \(t)")
        }
      }
    }
    for check in judgement.cross where check.verdict != .match {
      let place = "\(name): \(check.statesOf) states by \(check.weightsOf) weights"
      if let structure = check.structure { findings.append("\(place): \(structure)") }
      for pass in check.passes where pass.verdict != .match {
        findings.append(
          "\(place), layer \(pass.layer), \(pass.direction.rawValue): \(pass.verdict.rawValue)"
            + text(pass.stepwise.firstFlagged))
      }
    }
    return findings
  }

  private static func text(_ element: FlaggedElement?) -> String {
    guard let element else { return "" }
    return " from t = \(element.timestep), sequence \(element.batch), unit \(element.unit): "
      + "residual \(element.residual), bound \(element.bound)"
  }
}

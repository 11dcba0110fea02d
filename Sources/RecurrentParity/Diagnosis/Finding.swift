/// A hypothesis, or several together, that accounts for what a pass recorded.
public struct Finding: Equatable, Sendable {
  /// Names as in reports, joined with `+`.
  public var hypothesis: String
  /// Whether it accounts for every element, or only for most.
  public var explains: Bool
  /// Largest r/ρ under the hypothesis.
  public var maxBoundRatio: Double
  /// Other hypotheses that account for the run as well: on this data they are the same function.
  public var equivalentTo: [String] = []
  /// What was done and what to do, in a sentence or two.
  public var says: String
}

extension [Finding] {
  /// Each with the names of the others that explain the run as well.
  var markedEquivalent: [Finding] {
    map { finding in
      var finding = finding
      finding.equivalentTo = filter { $0.explains && $0.hypothesis != finding.hypothesis }.map(\.hypothesis)
      return finding
    }
  }
}

import Recurrent

/// What was found of one direction of one layer.
public struct PassJudgement: Sendable {
  /// The worst of its timesteps.
  public var verdict: Verdict
  /// What the verdict rests on.
  public var evidence: Evidence
  /// Ascending; timesteps without a valid sequence, or without anything recorded, are left out.
  public var timesteps: [TimestepJudgement]
  /// Over all timesteps; ε_rms is that of the worst timestep.
  public var figures: ResidualFigures
  /// −log₂(u · ε_rms): the significand bits that the run is good for.
  public var effectivePrecisionBits: Double
  /// The first flagged step in processing order whose verdict is the pass's.
  public var firstFlagged: FlaggedElement?
  /// All that was found, what explains a flagged run first and the simplest first of that.
  public var findings: [Finding]
  /// Whether hypotheses were tried on what is flagged.
  public var isSearched: Bool

  /// What accounts for a flagged run, the simplest first; nil where nothing was searched.
  public var diagnosis: [Finding]? { isSearched ? findings.filter(\.isDiagnosis) : nil }

  /// Takes back whatever was found but values that are not finite: the formula that was judged by is not the run's.
  mutating func withdraw(_ reason: UnjudgedReason, at place: FindingPlace) {
    isSearched = false
    guard verdict != .invalid else {
      findings = [Finding(.unjudged(reason), at: place)]
      return
    }
    findings = []
    verdict = .match
    withhold(reason, at: place)
  }

  /// Lowers a match to `inconclusive`, at every timestep: the evidence says nothing.
  mutating func withhold(_ reason: UnjudgedReason, at place: FindingPlace) {
    guard verdict == .match, let first = place.direction == .forward ? timesteps.first : timesteps.last else {
      return
    }
    verdict = .inconclusive
    for index in timesteps.indices { timesteps[index].verdict = .inconclusive }
    firstFlagged = .unjudged(StepIndex(t: first.timestep, b: 0))
    findings.append(Finding(.unjudged(reason), at: place))
  }
}

/// What was found of one timestep, over its valid sequences.
public struct TimestepJudgement: Equatable, Sendable {
  /// Input time, from 0.
  public var timestep: Int
  /// Of all sequences and units of the step.
  public var verdict: Verdict
  /// The largest of the step.
  public var figures: ResidualFigures
}

import RealModule
import Recurrent

/// The verdicts of a pass's timesteps while they are being found.
struct TimestepVerdicts {
  /// Of each timestep; nil where none is asked for.
  private var verdicts: [Verdict?]
  /// The first element to worsen the verdict of a timestep is the one shown: one that was given, or the worst of an
  /// assessment, which is only looked for when it is asked for.
  private var elements: [Int: FlaggedElement] = [:]
  private var assessments: [Assessment] = []
  /// Of each timestep the number of the assessment whose worst element is shown; −1 where none is.
  private var shown: [Int8]

  /// - Parameter timesteps: those that have a verdict; a match to begin with.
  init(_ timesteps: some Sequence<Int>, of count: Int) {
    verdicts = [Verdict?](repeating: nil, count: count)
    shown = [Int8](repeating: -1, count: count)
    for t in timesteps { verdicts[t] = .match }
  }

  /// Worsens the verdict of a timestep.
  mutating func flag(_ t: Int, _ verdict: Verdict, _ element: FlaggedElement?) {
    guard verdict > verdicts[t] ?? .match else { return }
    verdicts[t] = verdict
    elements[t] = element
    shown[t] = -1
  }

  /// Worsens the verdict of timesteps that an assessment flags.
  mutating func flag(_ timesteps: some Sequence<Int>, _ verdict: Verdict, worstOf assessment: Assessment) {
    for t in timesteps where verdict > verdicts[t] ?? .match {
      verdicts[t] = verdict
      elements[t] = nil
      shown[t] = Int8(assessments.count)
    }
    assessments.append(assessment)
  }

  func isAtLeast(_ verdict: Verdict, _ t: Int) -> Bool { verdicts[t] ?? .match >= verdict }

  private func element(at t: Int) -> FlaggedElement? {
    shown[t] < 0 ? elements[t] : assessments[Int(shown[t])].worst(at: t)
  }

  /// The judgement of a pass by these verdicts.
  ///
  /// - Parameters:
  ///   - overall: the figures of all timesteps together.
  ///   - step: those of a timestep; nil where it could not be judged.
  func judgement(
    _ overall: ResidualFigures, at step: (Int) -> ResidualFigures?, direction: Direction, evidence: Evidence,
    format: FloatFormat, findings: [Finding]
  ) -> PassJudgement {
    let verdict = verdicts.lazy.compactMap { $0 }.worst
    let isFlagged = { (found: Verdict?) in found == verdict }
    let first =
      verdict == .match
      ? nil
      : direction == .forward ? verdicts.firstIndex(where: isFlagged) : verdicts.lastIndex(where: isFlagged)
    var timesteps: [TimestepJudgement] = []
    timesteps.reserveCapacity(verdicts.count)
    var worstRms: Double?
    for (t, verdict) in verdicts.enumerated() {
      guard let verdict else { continue }
      let figures = step(t)
      if let figures { worstRms = greater(worstRms ?? 0, figures.effectiveRoundoffRms) }
      timesteps.append(TimestepJudgement(timestep: t, verdict: verdict, figures: figures ?? .unknown))
    }
    var figures = worstRms == nil ? .unknown : overall
    figures.effectiveRoundoffRms = worstRms ?? .nan
    return PassJudgement(
      verdict: verdict, evidence: evidence, timesteps: timesteps, figures: figures,
      effectivePrecisionBits: -Double.log2(format.unitRoundoff * figures.effectiveRoundoffRms),
      firstFlagged: first.flatMap(element(at:)), findings: findings,
      isSearched: findings.contains(where: \.isDiagnosis))
  }
}

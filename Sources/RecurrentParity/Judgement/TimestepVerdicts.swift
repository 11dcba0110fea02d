import RealModule
import Recurrent

/// The verdicts of a pass's timesteps while they are being found.
struct TimestepVerdicts {
  private var verdicts: [Int: Verdict]
  private var elements: [Int: FlaggedElement] = [:]

  init(_ timesteps: some Sequence<Int>) {
    verdicts = Dictionary(timesteps.map { ($0, .match) }) { first, _ in first }
  }

  /// Worsens the verdict of a timestep; the first element to do so is the one shown.
  mutating func flag(_ t: Int, _ verdict: Verdict, _ element: FlaggedElement?) {
    guard verdict > verdicts[t] ?? .match else { return }
    verdicts[t] = verdict
    elements[t] = element
  }

  func isAtLeast(_ verdict: Verdict, _ t: Int) -> Bool { verdicts[t] ?? .match >= verdict }

  /// The judgement of a pass by these verdicts.
  ///
  /// - Parameters:
  ///   - overall: the figures of all timesteps together.
  ///   - step: those of a timestep; nil where it could not be judged.
  func judgement(
    _ overall: ResidualFigures, at step: (Int) -> ResidualFigures?, direction: Direction, evidence: Evidence,
    format: FloatFormat, findings: [Finding]
  ) -> PassJudgement {
    let verdict = verdicts.values.worst
    let flagged = verdict == .match ? [] : verdicts.filter { $0.value == verdict }.map(\.key)
    let first = direction == .forward ? flagged.min() : flagged.max()
    let timesteps = verdicts.keys.sorted().map { t in
      TimestepJudgement(timestep: t, verdict: verdicts[t] ?? .match, figures: step(t) ?? .unknown)
    }
    let judged = timesteps.map(\.timestep).compactMap(step)
    var figures = judged.isEmpty ? .unknown : overall
    figures.effectiveRoundoffRms =
      judged.isEmpty ? .nan : judged.map(\.effectiveRoundoffRms).reduce(0, greater)
    return PassJudgement(
      verdict: verdict, evidence: evidence, timesteps: timesteps, figures: figures,
      effectivePrecisionBits: -Double.log2(format.unitRoundoff * figures.effectiveRoundoffRms),
      firstFlagged: first.flatMap { elements[$0] }, findings: findings,
      isSearched: findings.contains(where: \.isDiagnosis))
  }
}

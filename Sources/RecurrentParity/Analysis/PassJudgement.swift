import RealModule
import Recurrent

/// What was found of one direction of one layer.
public struct PassJudgement: Sendable {
  public var verdict: Verdict
  /// What the verdict rests on.
  public var evidence: Evidence
  /// Ascending; timesteps without a valid sequence, or without anything recorded, are left out.
  public var timesteps: [TimestepJudgement]
  /// Largest r over all timesteps.
  public var maxResidual: Double
  /// Largest r/ρ.
  public var maxBoundRatio: Double
  /// Largest ε_rms of a timestep, in units of the working precision.
  public var effectiveRoundoff: Double
  /// Largest ε of a single element.
  public var maxEffectiveRoundoff: Double
  /// −log₂(u · ε_rms): the significand bits that the run is good for.
  public var effectivePrecisionBits: Double
  /// The first flagged step in processing order whose verdict is the pass's.
  public var firstFlagged: FlaggedElement?
  /// What accounts for a flagged run, the simplest first; nil where nothing was searched.
  public var diagnosis: [Finding]?
  /// Findings in words: what a verdict rests on where the numbers alone do not say it.
  public var notes: [String]
}

/// What was found of one timestep, over its valid sequences.
public struct TimestepJudgement: Equatable, Sendable {
  public var timestep: Int
  public var verdict: Verdict
  public var maxResidual: Double
  public var maxBoundRatio: Double
  public var effectiveRoundoff: Double
}

extension StepwiseProblem {
  /// The verdict of every timestep of this pass, and of the pass, from recorded states.
  func judged(format: FloatFormat, subject: String) -> PassJudgement {
    let base = assessed(in: WorkingArithmetic(format))
    var findings = TimestepFindings(Set(steps.map(\.t)))
    var explanation: PrecisionHypothesis?
    var precisions: [Finding] = []

    if !base.flagged.isEmpty {
      let beyondBound = base.flagged.contains(where: base.isBeyondBound)
      switch searchPrecisions(base, format: format) {
      case .explained(let matches):
        explanation = matches.first?.hypothesis
        precisions = matches.map { $0.hypothesis.finding($0.assessment, subject: subject) }.markedEquivalent
        for t in base.flagged { findings.flag(t, .drift, base.worstElement(at: t)) }
      case .partly(let hypothesis, let rest):
        explanation = hypothesis
        precisions = [hypothesis.finding(rest, subject: subject)]
        for t in base.flagged { findings.flag(t, .drift, base.worstElement(at: t)) }
        for t in rest.flagged where rest.isBeyondBound(t) {
          findings.flag(t, .mismatch, rest.worstElement(at: t))
        }
      case .none:
        for t in base.flagged { findings.flag(t, beyondBound ? .mismatch : .drift, base.worstElement(at: t)) }
      }
    }
    let contradictions = contradictions(as: explanation ?? .asStored(format))
    // Where the states themselves are not the formula's, no returned state could be reached from them.
    for contradiction in contradictions where !findings.isAtLeast(.mismatch, contradiction.element.timestep) {
      findings.flag(
        contradiction.element.timestep, contradiction.verdict, contradiction.element, note: contradiction.note
      )
    }
    for step in Set(steps).subtracting(judgeableSteps).sorted(by: { ($0.t, $0.b) < ($1.t, $1.b) }) {
      findings.flag(step.t, .inconclusive, .unjudged(step))
    }
    for step in steps {
      for kind in [StateKind.h, .c] {
        let unit = target[kind].flatMap { states in
          (0..<states.features).first { !states[step.t, step.b, $0].isFinite }
        }
        if let unit { findings.flag(step.t, .invalid, .unjudged(step, unit: unit, kind)) }
      }
    }

    let evidence: Evidence = cell.kind == .lstm && previous.c == nil ? .carried : .stepwise
    var judgement = findings.judgement(of: base, direction: direction, evidence: evidence, format: format)
    if !precisions.isEmpty { judgement.diagnosis = precisions }
    if judgement.verdict == .mismatch || judgement.verdict == .drift, precisions.isEmpty {
      judgement.notes += Remainder(base, direction: direction, lengths: lengths).map { [$0.text] } ?? []
    }
    return judgement
  }
}

/// The verdicts of a pass's timesteps while they are being found.
struct TimestepFindings {
  private var verdicts: [Int: Verdict]
  private var elements: [Int: FlaggedElement] = [:]
  private var notes: [String] = []

  init(_ timesteps: Set<Int>) {
    verdicts = Dictionary(uniqueKeysWithValues: timesteps.map { ($0, .match) })
  }

  /// Worsens the verdict of a timestep; the first element to do so is the one shown.
  mutating func flag(_ t: Int, _ verdict: Verdict, _ element: FlaggedElement?, note: String? = nil) {
    if let note { self.note(note) }
    guard verdict > verdicts[t] ?? .match else { return }
    verdicts[t] = verdict
    elements[t] = element
  }

  func isAtLeast(_ verdict: Verdict, _ t: Int) -> Bool { verdicts[t] ?? .match >= verdict }

  mutating func note(_ note: String) { if !notes.contains(note) { notes.append(note) } }

  func judgement(
    of assessment: Assessment, direction: Direction, evidence: Evidence, format: FloatFormat
  ) -> PassJudgement {
    judgement(
      assessment.summary, at: assessment.summary, direction: direction, evidence: evidence, format: format)
  }

  func judgement(
    of statistics: [Int: RoundoffStatistics], direction: Direction, evidence: Evidence, format: FloatFormat
  ) -> PassJudgement {
    judgement(
      RoundoffSummary(Array(statistics.values)), at: { t in statistics[t].map { RoundoffSummary([$0]) } },
      direction: direction, evidence: evidence, format: format)
  }

  private func judgement(
    _ summary: RoundoffSummary, at step: (Int) -> RoundoffSummary?, direction: Direction, evidence: Evidence,
    format: FloatFormat
  ) -> PassJudgement {
    let verdict = verdicts.values.worst
    let flagged = verdict == .match ? [] : verdicts.filter { $0.value == verdict }.map(\.key)
    let first = direction == .forward ? flagged.min() : flagged.max()
    let times = verdicts.keys.sorted()
    let rms = times.map { step($0)?.effectiveRoundoff ?? 0 }.reduce(0, greater)
    return PassJudgement(
      verdict: verdict, evidence: evidence,
      timesteps: times.map { t in
        let summary = step(t)
        return TimestepJudgement(
          timestep: t, verdict: verdicts[t] ?? .match, maxResidual: summary?.maxResidual ?? .nan,
          maxBoundRatio: summary?.maxRatio ?? .nan, effectiveRoundoff: summary?.effectiveRoundoff ?? .nan)
      },
      maxResidual: summary.maxResidual, maxBoundRatio: summary.maxRatio, effectiveRoundoff: rms,
      maxEffectiveRoundoff: summary.maxEffectiveRoundoff,
      effectivePrecisionBits: -Double.log2(format.unitRoundoff * rms),
      firstFlagged: first.flatMap { elements[$0] }, diagnosis: nil, notes: notes)
  }
}

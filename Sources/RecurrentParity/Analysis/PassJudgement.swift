import RealModule
import Recurrent

/// What was found of one direction of one layer.
public struct PassJudgement: Sendable {
  public var verdict: Verdict
  /// Ascending; timesteps without a valid sequence are left out.
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
  /// The lowered precisions that reproduce the run, or most of it.
  public var precisions: [PrecisionMatch]
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
  /// The verdict of every timestep of this pass, and of the pass.
  func judged(format: FloatFormat) -> PassJudgement {
    var finite = self
    finite.steps = steps.filter(hasFinitePremises)
    let base = finite.assessed(in: WorkingArithmetic(format))
    var verdicts = Dictionary(uniqueKeysWithValues: Set(steps.map(\.t)).map { ($0, Verdict.match) })
    var elements: [Int: FlaggedElement] = [:]
    var precisions: [PrecisionMatch] = []
    var explanation: PrecisionHypothesis?
    var notes: [String] = []

    /// Worsens the verdict of a timestep; the first element to do so is the one shown.
    func flag(_ t: Int, _ verdict: Verdict, _ element: FlaggedElement?) {
      guard verdict > verdicts[t] ?? .match else { return }
      verdicts[t] = verdict
      elements[t] = element
    }

    if !base.flagged.isEmpty {
      let beyondBound = base.flagged.contains(where: base.isBeyondBound)
      switch finite.searchPrecisions(base, format: format) {
      case .explained(let matches):
        explanation = matches.first?.hypothesis
        precisions = matches.map { PrecisionMatch($0.hypothesis, $0.assessment) }
        for t in base.flagged { flag(t, .drift, base.worstElement(at: t)) }
      case .partly(let hypothesis, let rest):
        explanation = hypothesis
        precisions = [PrecisionMatch(hypothesis, rest)]
        for t in base.flagged { flag(t, .drift, base.worstElement(at: t)) }
        for t in rest.flagged where rest.isBeyondBound(t) { flag(t, .mismatch, rest.worstElement(at: t)) }
      case .none:
        for t in base.flagged { flag(t, beyondBound ? .mismatch : .drift, base.worstElement(at: t)) }
      }
    }
    for contradiction in finite.contradictions(
      in: explanation?.arithmetic ?? WorkingArithmetic(format), rounding: explanation?.rounding)
    {
      flag(contradiction.element.timestep, contradiction.verdict, contradiction.element)
      if !notes.contains(contradiction.note) { notes.append(contradiction.note) }
    }
    for step in steps where !hasFinitePremises(step) { flag(step.t, .inconclusive, unjudged(step, unit: 0)) }
    for step in steps {
      guard let unit = (0..<hiddenSize).first(where: { !target[step.t, step.b, $0].isFinite }) else {
        continue
      }
      flag(step.t, .invalid, unjudged(step, unit: unit))
    }

    let verdict = verdicts.values.worst
    let first = verdict == .match ? nil : firstInOrder(verdicts.filter { $0.value == verdict }.keys)
    let times = verdicts.keys.sorted()
    let rms = times.map { base.timesteps[$0]?.effectiveRoundoff ?? 0 }.max() ?? 0
    return PassJudgement(
      verdict: verdict,
      timesteps: times.map { t in
        let statistics = base.timesteps[t]
        return TimestepJudgement(
          timestep: t, verdict: verdicts[t] ?? .match, maxResidual: statistics?.maxResidual ?? .nan,
          maxBoundRatio: statistics?.maxRatio ?? .nan,
          effectiveRoundoff: statistics?.effectiveRoundoff ?? .nan)
      },
      maxResidual: base.overall.maxResidual, maxBoundRatio: base.overall.maxRatio, effectiveRoundoff: rms,
      maxEffectiveRoundoff: base.overall.maxEffectiveRoundoff,
      effectivePrecisionBits: -Double.log2(format.unitRoundoff * rms),
      firstFlagged: first.flatMap { elements[$0] }, precisions: precisions, notes: notes)
  }

  private func firstInOrder(_ times: some Sequence<Int>) -> Int? {
    switch direction {
    case .forward: times.min()
    case .backward: times.max()
    }
  }

  private func unjudged(_ step: StepIndex, unit: Int) -> FlaggedElement {
    FlaggedElement(timestep: step.t, batch: step.b, unit: unit, residual: .nan, bound: .nan)
  }
}

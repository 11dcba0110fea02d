import Recurrent

extension StepwiseProblem {
  /// The verdict of every timestep of this pass, and of the pass, from recorded states.
  ///
  /// - Parameter declared: what the run says of its arithmetic beside its format. A run that computes as it says is
  ///   a match; one that does not is judged as if it had said nothing.
  func judged(
    format: FloatFormat, declared: DeclaredPrecision? = nil, at place: FindingPlace
  ) -> PassJudgement {
    let asDeclared = LoweredPrecision.declared(declared, format: format).lazy.compactMap { precision in
      assessed(as: precision).map { (precision, $0) }
    }.first { $0.1.explainsAll }
    let base = asDeclared?.1 ?? assessed(in: ErrorModel(format))
    var verdicts = TimestepVerdicts(base.timesteps, of: valid.timesteps)
    var findings: [Finding] = []
    var explanation = asDeclared?.0

    if let (coarser, assessment) = coarserThanDeclared(declared, base) {
      let times = base.timesteps
      explanation = coarser
      findings = [coarser.finding(assessment, at: place.at(timesteps: times))]
      verdicts.flag(times, .drift, worstOf: base)
    } else if !base.flagged.isEmpty {
      let flagged = place.at(timesteps: base.flagged)
      let beyondBound = base.flagged.contains(where: base.isBeyondBound)
      switch searchPrecisions(base, format: format) {
      case .explained(let matches):
        explanation = matches.first?.hypothesis
        findings = matches.map { $0.hypothesis.finding($0.assessment, at: flagged) }.markedEquivalent
        verdicts.flag(base.flagged, .drift, worstOf: base)
      case .partly(let hypothesis, let rest):
        explanation = hypothesis
        findings = [hypothesis.finding(rest, at: flagged)]
        verdicts.flag(base.flagged, .drift, worstOf: base)
        let left = rest.flagged.filter(rest.isBeyondBound)
        verdicts.flag(left, .mismatch, worstOf: rest)
      case .none:
        verdicts.flag(base.flagged, beyondBound ? .mismatch : .drift, worstOf: base)
      }
    }
    // Where the states themselves are not the formula's, no returned state could be reached from them.
    // A precision that was searched for is not that of the first assessment.
    let isAssessed =
      explanation == nil || asDeclared != nil && findings.isEmpty && explanation?.quantization == nil
    let contradictions =
      contradictions(as: explanation ?? .asStored(format), isAssessed ? base : nil) { t in
        !verdicts.isAtLeast(.mismatch, t)
      } + emptySequenceContradictions(format: format)
    for contradiction in contradictions {
      verdicts.flag(contradiction.element.timestep, contradiction.verdict, contradiction.element)
    }
    findings += contradictions.findings(at: place)
    findings += flagUnjudged(base, in: &verdicts, at: place)
    for (t, element) in base.notFinite { verdicts.flag(t, .invalid, element) }

    let evidence: Evidence = cell.kind == .lstm && previous.c == nil ? .carried : .stepwise
    var judgement = verdicts.judgement(
      base.figures, at: base.figures(at:), direction: direction, evidence: evidence, format: format,
      findings: findings)
    if judgement.verdict == .mismatch || judgement.verdict == .drift, explanation == nil {
      judgement.findings += [remainder(of: base, at: place)].compactMap { $0 }
    }
    return judgement
  }

  /// The coarser format that a run was in which declares a finer one and whose roundings alone are too few to tell: one
  /// that holds every recorded state, where the finer one would have held others.
  private func coarserThanDeclared(
    _ declared: DeclaredPrecision?, _ base: Assessment
  ) -> (LoweredPrecision, Assessment)? {
    guard base.flagged.isEmpty, let declared, declared.wholeFormat == base.format,
      // What is exact is so in every format.
      base.figures.maxEffectiveRoundoff > 1
    else { return nil }
    // By chance a coarser format holds at most every other value of a finer one.
    guard judgedStates.haveTellingValues(64),
      let coarser = judgedStates.formats(coarserThan: base.format).first
    else { return nil }
    let precision = LoweredPrecision.asStored(coarser)
    return assessed(as: precision).map { (precision, $0) }
  }

  /// Flags what could not be evaluated: `inconclusive`, whatever is recorded there.
  private func flagUnjudged(
    _ base: Assessment, in verdicts: inout TimestepVerdicts, at place: FindingPlace
  ) -> [Finding] {
    let unjudgeable = base.unjudgeable
    for step in unjudgeable { verdicts.flag(step.t, .inconclusive, .unjudged(step)) }
    let overflowing = base.overflowing
    for element in overflowing { verdicts.flag(element.timestep, .inconclusive, element) }
    var findings: [Finding] = []
    if !unjudgeable.isEmpty {
      findings.append(
        Finding(
          .unjudged(.premisesNotFinite),
          at: place.at(timesteps: unjudgeable.map(\.t), sequences: unjudgeable.map(\.b))))
    }
    if !overflowing.isEmpty {
      findings.append(
        Finding(
          .unjudged(.overflow(format: base.format.name)),
          at: place.at(
            timesteps: overflowing.map(\.timestep), sequences: overflowing.map(\.batch),
            units: overflowing.map(\.unit))))
    }
    return findings
  }
}

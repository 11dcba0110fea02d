import Recurrent

/// What lowered precision has to say of a flagged run.
enum PrecisionFinding: Sendable {
  /// Each of these reproduces every element.
  case explained(by: [(hypothesis: LoweredPrecision, assessment: Assessment)])
  /// It reproduces most elements, and leaves the timesteps that the assessment flags.
  case partly(by: LoweredPrecision, leaving: Assessment)
  case none
}

extension StepwiseProblem {
  /// Looks for a precision whose rounding, once reproduced, leaves nothing unexplained. A merely wider bound
  /// explains nothing.
  func searchPrecisions(_ flagged: Assessment, format: FloatFormat) -> PrecisionFinding {
    let all = LoweredPrecision.all(for: format, holding: judgedStates)
    let units = probedUnits(flagged)
    var hypotheses = all.concurrentFilter { isPossible($0, flagged, leading: units) }
    // A few units first, where they are enough to tell.
    for units in units == nil ? [nil] : [units, nil] where !hypotheses.isEmpty {
      guard let sample = PrecisionSample(self, flagged, format: format, leading: units) else { break }
      hypotheses = hypotheses.concurrentFilter(sample.admits)
    }
    let assessments = hypotheses.concurrentMap { assessed(as: $0) ?? flagged }
    let explaining = zip(hypotheses, assessments).filter(\.1.explainsAll).map {
      (hypothesis: $0, assessment: $1)
    }
    if !explaining.isEmpty {
      // Finer formats hold a coarse run's states as well, and their limits may just admit it: the coarsest is it.
      let whole = explaining.first { $0.hypothesis.isWhole }
      return .explained(by: whole.map { [$0] } ?? explaining)
    }
    let best = zip(hypotheses, assessments).min { $0.1.unexplained < $1.1.unexplained }
    // A run in that precision with something wrong beside it: all but a few elements and steps. What merely comes
    // nearer is no claim.
    if let (hypothesis, assessment) = best, 8 * assessment.unexplained <= flagged.unexplained,
      4 * assessment.flagged.count <= flagged.flagged.count
    {
      return .partly(by: hypothesis, leaving: assessment)
    }
    return .none
  }

  /// The recorded states, with zeros at steps that are not valid.
  var judgedStates: [RecordedSequence] {
    StateKind.allCases.compactMap { target[$0]?.zeroed(outside: valid) }
  }

  /// Whether a precision reproduces at least half of a few elements: the wrong one reproduces next to none.
  private func isPossible(
    _ hypothesis: LoweredPrecision, _ flagged: Assessment, leading units: Int?
  ) -> Bool {
    guard isTeacherForced else { return lowered(by: hypothesis) != nil }
    guard let lowered = lowered(by: hypothesis, leading: units) else { return false }
    let result = lowered.sampled(probedSteps(flagged.flagged), leading: units).evaluated(
      in: hypothesis.arithmetic, rounding: hypothesis.rounding)
    return result.explainedShare(below: flagged.elementLimit ?? .infinity) >= 0.5
  }

  /// How many units are enough to try a precision on; nil for all. A fault of few units might be in the first.
  private func probedUnits(_ flagged: Assessment) -> Int? {
    let few = 64
    let wrong = flagged.beyond.units.count
    guard hasSeparableUnits, cell.hiddenSize > 2 * few, wrong == 0 || wrong > 2 * few else { return nil }
    return few
  }

  /// The problem with its operands as the hypothesis has them; nil where it can't be.
  ///
  /// - Parameter units: the first units, if only the weights of these are wanted.
  func lowered(by hypothesis: LoweredPrecision, leading units: Int? = nil) -> StepwiseProblem? {
    guard let quantization = hypothesis.quantization else { return self }
    return quantization.applied(to: self, leading: units)
  }

  /// Nil where the hypothesis cannot be.
  func assessed(as hypothesis: LoweredPrecision) -> Assessment? {
    lowered(by: hypothesis)?.assessed(in: hypothesis.arithmetic, rounding: hypothesis.rounding)
  }
}

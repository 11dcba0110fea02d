/// A lowered precision that hardware or a framework setting is known to compute in.
struct PrecisionHypothesis: Sendable {
  let name: String
  let arithmetic: WorkingArithmetic
  var rounding: OperandRounding?
  var quantization: DynamicQuantization?

  /// Whether the run itself was in that format, not only operands of its products.
  var isWhole: Bool { rounding == nil && quantization == nil }

  /// The precisions that may explain a run whose states are stored in `format`.
  ///
  /// - Parameter states: every recorded state. Where a coarser format holds them all, the run itself may have
  ///   been in that format; else only the operands of its matrix products were rounded.
  static func all(for format: FloatFormat, states: some Sequence<Double>) -> [PrecisionHypothesis] {
    var hypotheses: [PrecisionHypothesis] = []
    for whole in format.coarser(holding: states) {
      hypotheses.append(
        PrecisionHypothesis(name: whole.name, arithmetic: WorkingArithmetic(whole)))
    }
    let roundings: [OperandRounding] = [
      OperandRounding(format: .tf32, rule: .toNearestOrEven),
      OperandRounding(format: .tf32, rule: .towardZero),
      OperandRounding(format: .float16, rule: .toNearestOrEven),
      OperandRounding(format: .bfloat16, rule: .toNearestOrEven),
      OperandRounding(format: .bfloat16, rule: .towardZero),
      OperandRounding(format: .float32, rule: .toNearestOrEven),
      OperandRounding(format: .float16, rule: .toNearestOrEven, isAutocast: true),
      OperandRounding(format: .bfloat16, rule: .toNearestOrEven, isAutocast: true),
    ]
    for rounding in roundings where rounding.format.unitRoundoff > format.unitRoundoff {
      hypotheses.append(
        PrecisionHypothesis(
          name: rounding.format.name, arithmetic: WorkingArithmetic(format), rounding: rounding))
    }
    // The kernels compute in Float32 what is not an integer.
    guard format == .float32 else { return hypotheses }
    return hypotheses
      + DynamicQuantization.all.map {
        PrecisionHypothesis(name: "int8", arithmetic: WorkingArithmetic(format), quantization: $0)
      }
  }
}

extension PrecisionHypothesis {
  /// No other precision than that of what is stored.
  static func asStored(_ format: FloatFormat) -> PrecisionHypothesis {
    PrecisionHypothesis(name: format.name, arithmetic: WorkingArithmetic(format))
  }

  /// "precision:tf32"
  var reportName: String { "precision:\(name)" }

  /// What the assessment of this precision says of a run.
  func finding(_ assessment: Assessment, subject: String) -> Finding {
    let what =
      switch (rounding, quantization) {
      case (nil, nil): "computed in \(name)"
      case (_, let quantization?):
        "quantized the operands of its matrix products to 8 bits, dynamically, as \(quantization.framework) does"
      case (let rounding?, _) where rounding.isAutocast:
        "computed its matrix products and what is made of them alone in \(name), as autocast does"
      case (let rounding?, _) where rounding.rule == .towardZero:
        "truncated the operands of its matrix products to \(name)"
      default: "rounded the operands of its matrix products to \(name)"
      }
    let extent = assessment.explainsAll ? "every recorded state" : "most of the recorded states"
    return Finding(
      hypothesis: reportName, explains: assessment.explainsAll, maxBoundRatio: assessment.summary.maxRatio,
      says: "\(subject) \(what): that reproduces \(extent).")
  }
}

/// What lowered precision has to say of a flagged run.
enum PrecisionFinding: Sendable {
  /// Each of these reproduces every element.
  case explained(by: [(hypothesis: PrecisionHypothesis, assessment: Assessment)])
  /// It reproduces most elements, and leaves the timesteps that the assessment flags.
  case partly(by: PrecisionHypothesis, leaving: Assessment)
  case none
}

extension StepwiseProblem {
  /// Looks for a precision whose rounding, once reproduced, leaves nothing unexplained. A merely wider bound
  /// explains nothing.
  func searchPrecisions(_ flagged: Assessment, format: FloatFormat) -> PrecisionFinding {
    let all = PrecisionHypothesis.all(
      for: format, states: [target.h, target.c].compactMap { $0?.elements }.joined())
    let arePossible = all.concurrentMap { isPossible($0, flagged) }
    let hypotheses = zip(all, arePossible).filter(\.1).map(\.0)
    let assessments = hypotheses.concurrentMap { assessed(as: $0) }
    let explaining = zip(hypotheses, assessments).filter(\.1.explainsAll).map {
      (hypothesis: $0, assessment: $1)
    }
    if !explaining.isEmpty {
      // Finer formats hold a coarse run's states as well, and their limits may just admit it: the coarsest is it.
      let whole = explaining.first { $0.hypothesis.isWhole }
      return .explained(by: whole.map { [$0] } ?? explaining)
    }
    let best = zip(hypotheses, assessments).min { $0.1.unexplained < $1.1.unexplained }
    if let (hypothesis, assessment) = best, 2 * assessment.unexplained < flagged.unexplained {
      return .partly(by: hypothesis, leaving: assessment)
    }
    return .none
  }

  /// Whether a precision reproduces at least half of a few elements: the wrong one reproduces next to none.
  private func isPossible(_ hypothesis: PrecisionHypothesis, _ flagged: Assessment) -> Bool {
    guard let lowered = lowered(by: hypothesis) else { return false }
    guard isTeacherForced else { return true }
    let result = lowered.probe(flagged.flagged).evaluated(
      in: hypothesis.arithmetic, rounding: hypothesis.rounding)
    return result.explainedShare(below: flagged.elementLimit ?? .infinity) >= 0.5
  }

  /// The problem with its operands as the hypothesis has them; nil where it can't be.
  func lowered(by hypothesis: PrecisionHypothesis) -> StepwiseProblem? {
    guard let quantization = hypothesis.quantization else { return self }
    return quantization.applied(to: self)
  }

  private func assessed(as hypothesis: PrecisionHypothesis) -> Assessment {
    (lowered(by: hypothesis) ?? self).assessed(in: hypothesis.arithmetic, rounding: hypothesis.rounding)
  }
}

import Recurrent

/// A lowered precision that hardware or a framework setting is known to compute in.
struct LoweredPrecision: Sendable {
  let name: String
  let arithmetic: ErrorModel
  var rounding: OperandRounding?
  var quantization: DynamicQuantization?

  /// Whether the run itself was in that format, not only operands of its products.
  var isWhole: Bool { rounding == nil && quantization == nil }

  /// The precisions that may explain a run whose states are stored in `format`.
  ///
  /// - Parameter states: every recorded state. Where a coarser format holds them all, the run itself may have
  ///   been in that format; else only the operands of its matrix products were rounded.
  static func all(for format: FloatFormat, holding states: [RecordedSequence]) -> [LoweredPrecision] {
    var hypotheses: [LoweredPrecision] = []
    for whole in states.formats(coarserThan: format) {
      hypotheses.append(
        LoweredPrecision(name: whole.name, arithmetic: ErrorModel(whole)))
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
      OperandRounding(format: .float16, rule: .toNearestOrEven, isAutocast: true, addsInputBiasApart: true),
      OperandRounding(format: .bfloat16, rule: .toNearestOrEven, isAutocast: true, addsInputBiasApart: true),
    ]
    for rounding in roundings where rounding.format.unitRoundoff > format.unitRoundoff {
      hypotheses.append(
        LoweredPrecision(
          name: rounding.format.name, arithmetic: ErrorModel(format), rounding: rounding))
    }
    // The kernels compute in Float32 what is not an integer.
    guard format == .float32 else { return hypotheses }
    return hypotheses
      + DynamicQuantization.all.map {
        LoweredPrecision(name: "int8", arithmetic: ErrorModel(format), quantization: $0)
      }
  }
}

extension LoweredPrecision {
  /// No other precision than that of what is stored.
  static func asStored(_ format: FloatFormat) -> LoweredPrecision {
    LoweredPrecision(name: format.name, arithmetic: ErrorModel(format))
  }

  /// As a finding says it.
  var lowered: LoweredArithmetic {
    let extent: LoweredArithmetic.Extent =
      switch (rounding, quantization) {
      case (nil, nil): .everything
      case (_, let quantization?): .dynamicQuantization(framework: quantization.framework)
      case (let rounding?, _) where rounding.isAutocast: .autocast
      case (let rounding?, _) where rounding.rule == .towardZero: .truncatedOperands
      default: .operands
      }
    return LoweredArithmetic(format: name, extent: extent)
  }

  /// What the assessment of this precision says of a run.
  func finding(_ assessment: Assessment, at place: FindingPlace) -> Finding {
    Finding(
      .precision(lowered), explains: assessment.explainsAll ? .all : .most, at: place,
      maxBoundRatio: assessment.figures.maxBoundRatio)
  }
}

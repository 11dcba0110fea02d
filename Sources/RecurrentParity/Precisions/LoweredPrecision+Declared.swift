extension LoweredPrecision {
  /// The arithmetics that a declaration stands for, in a run whose results are in `format`; none where it says no
  /// more than the format.
  static func declared(_ precision: DeclaredPrecision?, format: FloatFormat) -> [LoweredPrecision] {
    func operands(
      _ lower: FloatFormat, _ rule: FloatingPointRoundingRule, isAutocast: Bool = false, apart: Bool = false
    ) -> Self {
      LoweredPrecision(
        name: lower.name, arithmetic: ErrorModel(format),
        rounding: OperandRounding(
          format: lower, rule: rule, isAutocast: isAutocast, addsInputBiasApart: apart))
    }
    func autocast(_ lower: FloatFormat) -> [LoweredPrecision] {
      [
        operands(lower, .toNearestOrEven, isAutocast: true),
        operands(lower, .toNearestOrEven, isAutocast: true, apart: true),
        operands(lower, .toNearestOrEven),
      ]
    }
    switch precision {
    case .tf32:
      // What may be rounded need not be: small products are left alone by some libraries.
      return [
        asStored(format), operands(.tf32, .toNearestOrEven), operands(.tf32, .toNearestOrAwayFromZero),
        operands(.tf32, .towardZero),
      ]
    case .autocastFloat16 where format != .float16:
      return autocast(.float16)
    case .autocastBFloat16 where format != .bfloat16:
      return autocast(.bfloat16)
    case .dynamicInt8:
      return DynamicQuantization.all.map {
        LoweredPrecision(name: "int8", arithmetic: ErrorModel(format), quantization: $0)
      }
    default: return []
    }
  }
}

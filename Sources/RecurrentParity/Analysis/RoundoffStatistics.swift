/// Residuals of a set of elements, against the bound and against the expected scale.
struct RoundoffStatistics: Sendable {
  /// Elements that could have rounded: the root mean square is over these.
  private(set) var counted = 0
  private var sumOfSquares = 0.0
  private(set) var maxResidual = 0.0
  private(set) var maxRatio = 0.0
  /// ε of the worst single element.
  private(set) var maxEffectiveRoundoff = 0.0
  /// Whether some element is provably not the formula's.
  private(set) var isBeyondBound = false

  /// Takes one element: its residual r, bound ρ and scale σ.
  mutating func add(residual r: Double, bound: Double, scale: Double) {
    maxResidual = greater(maxResidual, r)
    maxRatio = greater(maxRatio, r == 0 ? 0 : r / bound)
    if !(r <= bound) { isBeyondBound = true }
    // A dead ReLU unit neither rounds nor departs: it says nothing of the arithmetic.
    guard !(scale == 0 && r == 0) else { return }
    counted += 1
    let effective = r == 0 ? 0 : r / scale
    sumOfSquares += effective * effective
    maxEffectiveRoundoff = greater(maxEffectiveRoundoff, effective)
  }

  /// ε_rms, in units of the working precision.
  var effectiveRoundoff: Double { counted == 0 ? 0 : (sumOfSquares / Double(counted)).squareRoot() }
}

/// The larger of several statistics, figure by figure.
struct RoundoffSummary: Sendable {
  let maxResidual: Double
  let maxRatio: Double
  let effectiveRoundoff: Double
  let maxEffectiveRoundoff: Double

  init(_ parts: [RoundoffStatistics]) {
    maxResidual = parts.map(\.maxResidual).reduce(0, greater)
    maxRatio = parts.map(\.maxRatio).reduce(0, greater)
    effectiveRoundoff = parts.map(\.effectiveRoundoff).reduce(0, greater)
    maxEffectiveRoundoff = parts.map(\.maxEffectiveRoundoff).reduce(0, greater)
  }
}

/// When an effective roundoff is more than honest arithmetic explains.
///
/// A statistical test, not a proof: it takes roundings as independent. The figures that the constants rest on are
/// in `Documentation/calibration.md`: honest runs on ordinary data reach ε_rms 3.5 with single elements up to
/// 6.8, reduced precisions start at 760; same-sign and constant data bias honest rounding further, which the
/// control shows.
enum RoundoffThreshold {
  static let rms = 8.0
  static let element = 40.0
  static let controlFactor = 4.0
  /// Where a rounding is repeated this often, roundings are copies of each other and add up instead of averaging
  /// out: a network of equal weights on equal inputs.
  static let repetition = 4
  /// A single element's limit there. The largest honest one was 125, TF32 makes 4096.
  static let repeatedElement = 500.0

  /// Of the root mean square over `distinct` different roundings. One at its own limit contributes
  /// `element / √distinct` to it, and alone may not flag the others.
  static func rms(distinct: Int, control: Double, element: Double = element) -> Double {
    max(rms, element / Double(max(distinct, 1)).squareRoot(), controlFactor * control)
  }

  static func element(control: Double) -> Double { max(element, controlFactor * control) }

  /// - Parameter distinct: how many different roundings there are among the counted elements; nil if all are.
  static func isExceeded(
    _ statistics: RoundoffStatistics, distinct: Int? = nil, control: RoundoffStatistics?
  ) -> Bool {
    let distinct = distinct ?? statistics.counted
    let single = distinct * repetition <= statistics.counted ? repeatedElement : element
    let rmsLimit = rms(distinct: distinct, control: control?.effectiveRoundoff ?? 0, element: single)
    let elementLimit = max(single, controlFactor * (control?.maxEffectiveRoundoff ?? 0))
    return !(statistics.effectiveRoundoff <= rmsLimit)
      || !(statistics.maxEffectiveRoundoff <= elementLimit)
  }
}

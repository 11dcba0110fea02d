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
/// A statistical test, not a proof: it takes roundings as independent. Where the data make them depend on each
/// other, same-sign and constant data above all, the controls show by how much. The constants are chosen such
/// that no honest run of a sweep comes closer than 0.79 to its limit; `Documentation/calibration.md` measures
/// another sweep.
enum RoundoffThreshold {
  static let rms = 4.0
  static let element = 32.0
  static let controlFactor = 4.0

  /// Of the root mean square over `distinct` different roundings. One at its own limit contributes
  /// `element / √distinct` to it, and alone may not flag the others.
  static func rms(distinct: Int, control: Double) -> Double {
    max(rms, element / Double(max(distinct, 1)).squareRoot(), controlFactor * control)
  }

  static func element(control: Double) -> Double { max(element, controlFactor * control) }

  /// - Parameters:
  ///   - distinct: how many different roundings there are among the counted elements; nil if all are.
  ///   - controls: what plain arithmetic is off by on the same elements, by each order of summation.
  static func isExceeded(
    _ statistics: RoundoffStatistics, distinct: Int? = nil, controls: [RoundoffStatistics] = []
  ) -> Bool {
    let control = RoundoffSummary(controls)
    return
      !(statistics.effectiveRoundoff
      <= rms(distinct: distinct ?? statistics.counted, control: control.effectiveRoundoff))
      || !(statistics.maxEffectiveRoundoff <= element(control: control.maxEffectiveRoundoff))
  }
}

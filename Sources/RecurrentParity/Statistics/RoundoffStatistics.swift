internal import CProductKernels

/// Residuals of a set of elements, against the bound and against the expected scale.
struct RoundoffStatistics: Sendable {
  /// Elements that could have rounded: the root mean square is over these.
  private(set) var counted = 0
  private var sumOfSquares = 0.0
  private(set) var maxResidual = 0.0
  private(set) var maxBoundRatio = 0.0
  /// ε of the worst single element.
  private(set) var maxEffectiveRoundoff = 0.0
  /// Whether some element is provably not the formula's.
  private(set) var isBeyondBound = false

  init() {}

  /// Of the elements that were tallied.
  init(_ tally: ResidualTally) {
    counted = Int(tally.counted)
    sumOfSquares = tally.squares
    maxResidual = tally.residual
    maxBoundRatio = tally.ratio
    maxEffectiveRoundoff = tally.effective
    isBeyondBound = tally.beyond > 0
  }

  /// Takes one element: its residual r, bound ρ and scale σ.
  mutating func add(residual r: Double, bound: Double, scale: Double) {
    maxResidual = greater(maxResidual, r)
    maxBoundRatio = greater(maxBoundRatio, r == 0 ? 0 : r / bound)
    if !(r <= bound) { isBeyondBound = true }
    // A dead ReLU unit neither rounds nor departs: it says nothing of the arithmetic.
    guard !(scale == 0 && r == 0) else { return }
    counted += 1
    let effective = r == 0 ? 0 : r / scale
    sumOfSquares += effective * effective
    maxEffectiveRoundoff = greater(maxEffectiveRoundoff, effective)
  }

  /// Takes over the elements of another set.
  mutating func add(_ other: RoundoffStatistics) {
    counted += other.counted
    sumOfSquares += other.sumOfSquares
    maxResidual = greater(maxResidual, other.maxResidual)
    maxBoundRatio = greater(maxBoundRatio, other.maxBoundRatio)
    maxEffectiveRoundoff = greater(maxEffectiveRoundoff, other.maxEffectiveRoundoff)
    isBeyondBound = isBeyondBound || other.isBeyondBound
  }

  /// ε_rms, in units of the working precision.
  var effectiveRoundoffRms: Double { counted == 0 ? 0 : (sumOfSquares / Double(counted)).squareRoot() }
}

import RealModule
import Recurrent

/// The value of one number in a formula that accounts for some recorded states best.
///
/// As a function of it, what the formula is off by has few valleys: those of a coarse grid are followed to their
/// bottom.
struct ScalarFit {
  let probe: FormulaProbe
  let values: ClosedRange<Double>
  /// Whether the grid is even in the logarithm: of a magnitude that may be anything.
  let isLogarithmic: Bool
  /// Of the coarse grid.
  var points = 48
  /// What share of the misfit without it the coarse grid has to leave at most: without a valley nothing is followed.
  var admitted = 1.0

  private static let valleys = 3
  private static let narrowings = 64
  /// More digits than these nobody declares.
  private static let digits = 4

  /// The value with which the formula accounts for every recorded state that is looked at, with as few digits as do so;
  /// nil where none does.
  ///
  /// - Parameter base: the formula without it.
  func value(from base: Cell<Double>, _ cell: (Double) -> Cell<Double>) -> Double? {
    guard let best = nearest(from: base, cell), probe.isExplained(by: cell(best)) else { return nil }
    return (1...Self.digits).lazy.map { best.rounded(toDigits: $0) }.first { probe.isExplained(by: cell($0)) }
      ?? best
  }

  /// The value that comes nearest; nil where none comes nearer than nothing.
  func nearest(from base: Cell<Double>, _ cell: (Double) -> Cell<Double>) -> Double? {
    let grid = (0...points).map(place)
    let misfits = grid.map { probe.misfit(of: cell($0)) }
    guard let least = misfits.min(), least <= admitted * probe.misfit(of: base) else { return nil }
    let lowest = grid.indices.filter { index in
      let (before, after) = (max(index - 1, 0), min(index + 1, points))
      return misfits[index] <= misfits[before] && misfits[index] <= misfits[after]
        && (misfits[index] < misfits[before] || misfits[index] < misfits[after])
    }.sorted { misfits[$0] < misfits[$1] }.prefix(Self.valleys)
    let bottoms = lowest.map { index in
      bottom(grid[max(index - 1, 0)], grid[min(index + 1, points)]) { probe.misfit(of: cell($0)) }
    }
    return bottoms.min { $0.misfit < $1.misfit }?.value
  }

  private func place(_ index: Int) -> Double {
    let share = Double(index) / Double(points)
    let (low, high) = (values.lowerBound, values.upperBound)
    return isLogarithmic ? low * Double.pow(high / low, share) : low + (high - low) * share
  }

  /// Golden section search.
  private func bottom(
    _ low: Double, _ high: Double, _ misfit: (Double) -> Double
  ) -> (value: Double, misfit: Double) {
    let golden = (5.0.squareRoot() - 1) / 2
    var (low, high) = (low, high)
    var (left, right) = (high - golden * (high - low), low + golden * (high - low))
    var (leftMisfit, rightMisfit) = (misfit(left), misfit(right))
    for _ in 0..<Self.narrowings where high - low > 1e-10 * high.magnitude {
      if leftMisfit < rightMisfit {
        (high, right, rightMisfit) = (right, left, leftMisfit)
        left = high - golden * (high - low)
        leftMisfit = misfit(left)
      } else {
        (low, left, leftMisfit) = (left, right, rightMisfit)
        right = low + golden * (high - low)
        rightMisfit = misfit(right)
      }
    }
    return leftMisfit < rightMisfit ? (left, leftMisfit) : (right, rightMisfit)
  }
}

extension Double {
  /// To as many significant decimal digits.
  fileprivate func rounded(toDigits digits: Int) -> Double {
    guard self != 0, isFinite else { return self }
    let exponent = Int(Double.log10(magnitude).rounded(.down))
    let (shift, isUp) = ((digits - 1 - exponent).magnitude, digits - 1 - exponent >= 0)
    let power = (0..<shift).reduce(1.0) { power, _ in power * 10 }
    return isUp ? (self * power).rounded() / power : (self / power).rounded() * power
  }
}

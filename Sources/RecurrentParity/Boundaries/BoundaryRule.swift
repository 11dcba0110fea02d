/// What two references may differ by at a boundary.
///
/// The difference of two runs is the difference of what rounding moved each: where both spreads s are known and come
/// from independent roundings, √(s₁² + s₂²). Where only one says how far rounding moves this boundary, the other is
/// taken to be moved as far: √2 · s.
enum BoundaryRule {
  /// The largest ratio of a slice's rms difference to its combined spread that is still rounding. Of a thousand
  /// honest pairs the largest is 1.9, and the smallest of a layer that is scaled by 1.00001 is 20:
  /// `Documentation/boundaries.md`, which says too what no spread knows.
  static let limit = 12.0

  /// The spread, relative to the boundary's rms, beyond which it decides nothing: 12 times more would hide a fault of
  /// more than a percent. In a format so coarse that a few units in the last place are more than that, those.
  static func largestSpread(in format: FloatFormat) -> Double { max(1e-3, 4 * format.relativeSpacing) }

  /// Without a recorded spread, the difference relative to the boundary's rms that is taken for rounding: ten bits of
  /// the format, which honest models of some depth lose; in a coarse format no more than 8 units in the last place.
  static func roundingWithoutSpread(in format: FloatFormat) -> Double {
    let u = format.relativeSpacing
    return max(8 * u, min(1024 * u, 1e-3))
  }

  /// Without a recorded spread, the relative difference that even a model that amplifies rounding must not show. What
  /// is between the two decides nothing.
  static func differenceWithoutSpread(in format: FloatFormat) -> Double {
    max(1e-2, 4 * roundingWithoutSpread(in: format))
  }
}

extension FloatFormat {
  /// The largest distance of two neighbouring numbers, relative to them.
  var relativeSpacing: Double { 2 * unitRoundoff }
}

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
    let control = ResidualFigures(controls)
    return
      !(statistics.effectiveRoundoffRms
      <= rms(distinct: distinct ?? statistics.counted, control: control.effectiveRoundoffRms))
      || !(statistics.maxEffectiveRoundoff <= element(control: control.maxEffectiveRoundoff))
  }
}

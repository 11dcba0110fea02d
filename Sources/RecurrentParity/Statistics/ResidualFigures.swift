/// The figures of a set of residuals, by the names that they have in every report.
public struct ResidualFigures: Equatable, Sendable {
  /// Largest r.
  public var maxResidual: Double
  /// Largest r/ρ; above 1 is proof of another formula.
  public var maxBoundRatio: Double
  /// Largest ε_rms of a part of the set, in units of the working precision.
  public var effectiveRoundoffRms: Double
  /// Largest ε of a single element.
  public var maxEffectiveRoundoff: Double

  /// The four figures of a residual.
  public init(
    maxResidual: Double, maxBoundRatio: Double, effectiveRoundoffRms: Double, maxEffectiveRoundoff: Double
  ) {
    self.maxResidual = maxResidual
    self.maxBoundRatio = maxBoundRatio
    self.effectiveRoundoffRms = effectiveRoundoffRms
    self.maxEffectiveRoundoff = maxEffectiveRoundoff
  }

  /// Of nothing that was judged: a figure that was not measured is NaN, and never small.
  public static let unknown = ResidualFigures(
    maxResidual: .nan, maxBoundRatio: .nan, effectiveRoundoffRms: .nan, maxEffectiveRoundoff: .nan)

  /// The larger of several, figure by figure.
  init(_ parts: some Sequence<RoundoffStatistics>) {
    self.init(maxResidual: 0, maxBoundRatio: 0, effectiveRoundoffRms: 0, maxEffectiveRoundoff: 0)
    for part in parts {
      maxResidual = greater(maxResidual, part.maxResidual)
      maxBoundRatio = greater(maxBoundRatio, part.maxBoundRatio)
      effectiveRoundoffRms = greater(effectiveRoundoffRms, part.effectiveRoundoffRms)
      maxEffectiveRoundoff = greater(maxEffectiveRoundoff, part.maxEffectiveRoundoff)
    }
  }
}

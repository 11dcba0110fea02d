/// Statistics of one quantity's residuals, cut by timestep and by unit.
struct RoundoffTable: Sendable {
  private let steps: [StepIndex]
  private(set) var timesteps: [Int: RoundoffStatistics] = [:]
  private var units: [RoundoffStatistics]
  private(set) var overall = RoundoffStatistics()
  /// ε of every element, and whether it is beyond its bound.
  private var effective: [Double]
  private var beyond: [Bool]

  /// - Parameters:
  ///   - elements: bound and scale of every element; those without a finite recorded state are left out.
  ///   - residual: the residuals to count, the elements' own or a control's.
  init(_ steps: [StepIndex], _ elements: ElementResults, residual: [Double]) {
    self.steps = steps
    units = [RoundoffStatistics](repeating: RoundoffStatistics(), count: elements.width)
    effective = [Double](repeating: 0, count: residual.count)
    beyond = [Bool](repeating: false, count: residual.count)
    for (row, step) in steps.enumerated() {
      var atStep = timesteps[step.t] ?? RoundoffStatistics()
      var isJudged = timesteps[step.t] != nil
      for unit in 0..<elements.width {
        let index = row * elements.width + unit
        guard elements.isJudgeable[index] else { continue }
        isJudged = true
        let (r, bound, scale) = (residual[index], elements.bound[index], elements.scale[index])
        atStep.add(residual: r, bound: bound, scale: scale)
        units[unit].add(residual: r, bound: bound, scale: scale)
        overall.add(residual: r, bound: bound, scale: scale)
        effective[index] = r == 0 ? 0 : r / scale
        beyond[index] = !(r <= bound)
      }
      if isJudged { timesteps[step.t] = atStep }
    }
  }

  /// Timesteps with an element beyond the bound, or less exact than the controls allow, on the whole or in a
  /// unit that is so over all time: a wrong weight moves one unit at every step.
  func flagged(against controls: [RoundoffTable]) -> Set<Int> {
    var flagged: Set<Int> = []
    for (t, statistics) in timesteps
    where statistics.isBeyondBound
      || isExceeded(
        statistics, controls.compactMap { $0.timesteps[t] }, over: { $0.t == t }, units: 0..<units.count)
    {
      flagged.insert(t)
    }
    for (unit, statistics) in units.enumerated()
    where isExceeded(statistics, controls.map { $0.units[unit] }, over: { _ in true }, units: unit..<unit + 1)
    {
      flagged.formUnion(stepsAboveMean(ofUnit: unit))
    }
    return flagged
  }

  /// Whether the roundings of some elements are more than honest. Distinct ones are counted only where the limit
  /// for independent ones is exceeded.
  private func isExceeded(
    _ statistics: RoundoffStatistics, _ controls: [RoundoffStatistics],
    over isIncluded: (StepIndex) -> Bool, units range: Range<Int>
  ) -> Bool {
    guard RoundoffThreshold.isExceeded(statistics, controls: controls) else { return false }
    var distinct: Set<Double> = []
    for (row, step) in steps.enumerated() where isIncluded(step) {
      for unit in range { distinct.insert(effective[row * units.count + unit]) }
    }
    return RoundoffThreshold.isExceeded(statistics, distinct: distinct.count, controls: controls)
  }

  /// Timesteps with an element beyond the bound.
  var beyondBound: Set<Int> { Set(timesteps.filter(\.value.isBeyondBound).keys) }

  func exceeding(_ limit: Double) -> Int {
    effective.indices.count { beyond[$0] || !(effective[$0] <= limit) }
  }

  /// The timesteps at which a unit is at least as far off as it is on the whole: where it shows.
  private func stepsAboveMean(ofUnit unit: Int) -> Set<Int> {
    let mean = units[unit].effectiveRoundoffRms
    return Set(
      steps.enumerated().filter { !(effective[$0.offset * units.count + unit] < mean) }.map(\.element.t))
  }
}

import Recurrent

/// Which timesteps are less exact than honest arithmetic is on these data, or beyond their bound: at a step on the
/// whole, or in a unit that is so over all time, as a wrong weight moves one unit at every step.
struct RoundoffFlags: Sendable {
  private(set) var timesteps: Set<Int> = []
  /// For each quantity the limit of a single element's ε.
  private(set) var limits: [Double]
  /// The same where the controls were run; else none.
  private(set) var elementLimits: [Double] = []

  init(_ survey: Survey, of results: inout PassResults) {
    let proven = survey.tallies.reduce(into: Set<Int>()) { $0.formUnion($1.beyondBound) }
    limits = survey.tallies.map { _ in RoundoffThreshold.element(control: 0) }
    timesteps = proven
    for (tally, distinct) in zip(survey.tallies, survey.distinct) {
      for t in distinct.keys { if Self.isExceeded(tally, t, distinct) { timesteps.insert(t) } }
    }
    let judged = survey.judgedTimesteps.count
    // Where every judged timestep is beyond the bound, nothing else can be flagged.
    guard proven.count < judged else { return }
    // Where every one is flagged, no unit can flag another.
    var units: UnitSearch?
    if timesteps.count < judged {
      let found = UnitSearch(survey, of: &results)
      for index in survey.tallies.indices { timesteps.formUnion(found.flagged(index, survey, controls: [])) }
      units = found
    }
    // Autocast's roundings of results are reproduced: a control without them would be off by them.
    guard !timesteps.isSubset(of: proven), results.rounding?.isAutocast != true else { return }

    let controls = ControlTallies(survey, of: &results)
    timesteps = proven
    limits = []
    for (index, tally) in survey.tallies.enumerated() {
      let controls = controls.tallies[index]
      for t in survey.distinct[index].keys
      where Self.isExceeded(tally, t, survey.distinct[index], controls: controls) { timesteps.insert(t) }
      let control = ResidualFigures(controls.map(\.overall))
      limits.append(RoundoffThreshold.element(control: control.maxEffectiveRoundoff))
    }
    if timesteps.count < judged {
      let found = units ?? UnitSearch(survey, of: &results)
      for index in survey.tallies.indices {
        timesteps.formUnion(found.flagged(index, survey, controls: controls.tallies[index]))
      }
    }
    elementLimits = limits
  }

  private static func isExceeded(
    _ tally: RoundoffTally, _ t: Int, _ distinct: [Int: Int], controls: [RoundoffTally] = []
  ) -> Bool {
    guard let statistics = tally.timesteps[t] else { return false }
    return RoundoffThreshold.isExceeded(
      statistics, distinct: distinct[t], controls: controls.compactMap { $0.timesteps[t] })
  }
}

/// The units whose roundings would be too many over all time if each were another: how many are, and where they show.
private struct UnitSearch {
  /// For each quantity.
  private var units: [[Unit]]

  private struct Unit {
    let number: Int
    /// ε_rms over all time.
    let mean: Double
    var distinct = DistinctRoundings()
    /// The timesteps at which the unit is at least as far off as it is on the whole; one may come again.
    var timesteps: [Int] = []

    mutating func add(_ effective: Double, at t: Int) {
      distinct.add(effective)
      if !(effective < mean), timesteps.last != t { timesteps.append(t) }
    }
  }

  init(_ survey: Survey, of results: inout PassResults) {
    units = survey.tallies.map { tally in
      tally.units.indices.filter { RoundoffThreshold.isExceeded(tally.units[$0]) }.map {
        Unit(number: $0, mean: tally.units[$0].effectiveRoundoffRms)
      }
    }
    guard units.contains(where: { !$0.isEmpty }) else { return }
    results.forEach { window in
      for (result, _) in window.blocks {
        for index in units.indices {
          let elements = result.states[index].elements
          for (row, step) in result.steps.enumerated() {
            for place in units[index].indices {
              let unit = row * elements.width + units[index][place].number
              units[index][place].add(elements.effective(unit), at: step.t)
            }
          }
        }
      }
    }
  }

  /// Where the units of a quantity show that are less exact than the controls allow.
  func flagged(_ index: Int, _ survey: Survey, controls: [RoundoffTally]) -> Set<Int> {
    var flagged: Set<Int> = []
    for unit in units[index]
    where RoundoffThreshold.isExceeded(
      survey.tallies[index].units[unit.number], distinct: unit.distinct.count,
      controls: controls.map { $0.units[unit.number] })
    {
      flagged.formUnion(unit.timesteps)
    }
    return flagged
  }
}

/// What plain arithmetic is off by on the same elements.
private struct ControlTallies {
  /// For each quantity, one for each order of summation.
  private(set) var tallies: [[RoundoffTally]]

  init(_ survey: Survey, of results: inout PassResults) {
    let empty = survey.tallies.map { RoundoffTally(timesteps: $0.timesteps.count, width: $0.units.count) }
    tallies = empty.map { tally in SummationOrder.allCases.map { _ in tally } }
    var controls = ControlResiduals(results.problem, in: results.arithmetic, rounding: results.rounding)
    results.forEach { window in
      for (order, blocks) in controls.residuals(window).enumerated() {
        for (block, residuals) in zip(window.blocks, blocks) {
          for index in tallies.indices {
            tallies[index][order].add(
              BlockTally(
                block.result.steps, block.result.states[index].elements, residual: residuals[index]))
          }
        }
      }
    }
  }
}

/// Statistics of one quantity's residuals, cut by timestep and by unit.
struct RoundoffTally: Sendable {
  /// From the first timestep that is counted on; nil where nothing is judged.
  private(set) var timesteps: [RoundoffStatistics?]
  private(set) var units: [RoundoffStatistics]
  private(set) var overall = RoundoffStatistics()

  /// - Parameters:
  ///   - timesteps: T
  ///   - width: H or P
  init(timesteps: Int, width: Int) {
    self.timesteps = [RoundoffStatistics?](repeating: nil, count: timesteps)
    units = [RoundoffStatistics](repeating: RoundoffStatistics(), count: width)
  }

  /// Takes over what a block shows.
  mutating func add(_ block: BlockTally) {
    for (t, statistics) in block.rows {
      if timesteps[t] == nil { timesteps[t] = statistics } else { timesteps[t]?.add(statistics) }
      overall.add(statistics)
    }
    for unit in units.indices { units[unit].add(block.units[unit]) }
  }

  /// Timesteps with an element beyond the bound.
  var beyondBound: Set<Int> { Set(timesteps.indices.filter { timesteps[$0]?.isBeyondBound ?? false }) }
}

/// The same of a few steps.
struct BlockTally: Sendable {
  /// Of each row that something was judged in, with its timestep.
  private(set) var rows: [(t: Int, statistics: RoundoffStatistics)] = []
  private(set) var units: [RoundoffStatistics]
  /// How many elements exceed which limit.
  private(set) var exceedance = Exceedance()

  /// - Parameters:
  ///   - elements: bound and scale of every element; those without a finite recorded state are left out.
  ///   - residual: the residuals to count, the elements' own or a control's.
  init(_ steps: [StepIndex], _ elements: ElementResults, residual: [Double]) {
    units = [RoundoffStatistics](repeating: RoundoffStatistics(), count: elements.width)
    rows.reserveCapacity(steps.count)
    for (row, step) in steps.enumerated() {
      var statistics = RoundoffStatistics()
      var isJudged = false
      for unit in 0..<elements.width {
        let index = row * elements.width + unit
        guard elements.isJudgeable[index] else { continue }
        isJudged = true
        let (r, bound, scale) = (residual[index], elements.bound[index], elements.scale[index])
        statistics.add(residual: r, bound: bound, scale: scale)
        units[unit].add(residual: r, bound: bound, scale: scale)
        exceedance.add(effective: r == 0 ? 0 : r / scale, isBeyondBound: !(r <= bound))
      }
      if isJudged { rows.append((step.t, statistics)) }
    }
  }
}

extension ElementResults {
  /// ε of an element; 0 where it is not judged.
  func effective(_ index: Int) -> Double {
    guard isJudgeable[index], residual[index] != 0 else { return 0 }
    return residual[index] / scale[index]
  }
}

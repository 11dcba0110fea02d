internal import CProductKernels

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
    let width = elements.width
    precondition(residual.count == steps.count * width && elements.isJudgeable.count == residual.count)
    var rows = [ResidualTally](repeating: ResidualTally(), count: steps.count)
    var columns = [Double](repeating: 0, count: 6 * width)
    columns.withUnsafeMutableBufferPointer { columns in
      func column(_ index: Int) -> UnsafeMutablePointer<Double>? {
        columns.baseAddress.map { $0 + index * width }
      }
      tally_residuals(
        best_instruction_set(), steps.count, width, residual, elements.bound, elements.scale,
        elements.isJudgeable, &rows,
        UnitTallies(
          counted: column(0), beyond: column(1), squares: column(2), residual: column(3), ratio: column(4),
          effective: column(5)))
    }
    units = (0..<width).map { unit in
      RoundoffStatistics(
        ResidualTally(
          judged: 0, counted: columns[unit], beyond: columns[width + unit],
          squares: columns[2 * width + unit], residual: columns[3 * width + unit],
          ratio: columns[4 * width + unit], effective: columns[5 * width + unit]))
    }
    self.rows.reserveCapacity(steps.count)
    for (row, tally) in rows.enumerated() where tally.judged > 0 {
      let statistics = RoundoffStatistics(tally)
      self.rows.append((steps[row].t, statistics))
      let isWithinLimit = statistics.maxEffectiveRoundoff <= RoundoffThreshold.element
      guard statistics.isBeyondBound || !isWithinLimit else { continue }
      for index in row * width..<(row + 1) * width where elements.isJudgeable[index] {
        let r = residual[index]
        exceedance.add(
          effective: r == 0 ? 0 : r / elements.scale[index], isBeyondBound: !(r <= elements.bound[index]))
      }
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

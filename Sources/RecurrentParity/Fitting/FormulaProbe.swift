import Recurrent

/// A few steps of a problem, and a few of its units, on which formulas are tried before they are tried on everything:
/// what a formula gives there costs next to nothing once its products are known.
///
/// The steps stand beside each other where the past is recorded; where an LSTM's c is carried along, they follow each
/// other from the initial state up to the first flagged step.
struct FormulaProbe: Sendable {
  private let stages: [Stage]
  /// The steps that are looked at.
  let steps: Set<StepIndex>
  /// Nil for all.
  private let units: Range<Int>?
  private let startingC: Bounded?
  /// What c is where it is lost.
  private let lostC: Bounded?
  private let arithmetic: CertifiedArithmetic
  private let conversion: ConversionRoundoff
  /// Nil where one unit alone does not tell.
  private var plain: PlainProbe?

  /// Steps that are evaluated at once.
  fileprivate struct Stage: Sendable {
    let x: Bounded
    let h: Bounded
    /// Nil where it is carried along.
    let c: Bounded?
    /// Of each row, whether the c that is carried along is lost before it.
    let losesC: [Bool]
    /// Of each row what is recorded, all units; nil where the row is not valid, and nothing is held against it.
    let recorded: [StatePair<[Double]?, [Double]?>?]
    let printing: Double
  }

  /// More steps than these are not followed from the initial state.
  private static let longestChain = 64

  /// - Parameters:
  ///   - flagged: the timesteps where the declared formula fails.
  ///   - unit: the one to try formulas on first; nil for all units.
  /// - Returns: nil where nothing shorter than the run tells.
  init?(
    _ problem: StepwiseProblem, flagged: Set<Int>, unit: Int?, in arithmetic: ErrorModel,
    prepared: PreparedWeights?
  ) {
    let certified = CertifiedArithmetic(arithmetic: arithmetic, prepared: prepared)
    self.arithmetic = certified
    conversion = problem.conversion
    units =
      problem.cell.weightHR == nil
      ? unit.map { UnitBlocks.narrowest(around: $0, of: problem.cell.hiddenSize) } : nil
    let radius = RecordedRadius(problem, in: arithmetic)
    if problem.isTeacherForced {
      let steps = problem.probedSteps(flagged)
      guard !steps.isEmpty else { return nil }
      self.steps = Set(steps)
      startingC = nil
      lostC = nil
      // Nearly all fall on any step: one first, then all.
      stages = [Array(steps.prefix(1)), steps].map { steps in
        Stage(ProblemWindow(problem.sampled(steps), 0..<1), 0, steps.count, radius, certified)
      }
    } else {
      guard problem.previous.h != nil, let chain = problem.chain(to: flagged),
        chain.count <= Self.longestChain
      else { return nil }
      let batch = problem.valid.batch
      steps = Set(chain.flatMap { t in (0..<batch).map { StepIndex(t: t, b: $0) } })
      let start = problem.initialState ?? problem.cell.zeroState(batch: batch)
      func known(_ state: State<Double>) -> Bounded? {
        state.c.map { certified.known($0.elements, rows: batch, radius: radius.state, scale: .none) }
      }
      startingC = known(start)
      lostC = problem.carrying.flatMap {
        known($0.isZeroed ? problem.cell.zeroState(batch: batch) : start)
      }
      let window = ProblemWindow(problem, (chain.min() ?? 0)..<(chain.max() ?? 0) + 1)
      stages = chain.map { Stage(window, $0, batch, radius, certified) }
    }
    plain = unit.flatMap { plainProbe(of: problem, unit: $0) }
  }

  /// The same steps, and a few of the units, in plain numbers; nil where a state is projected or lost on the way.
  private func plainProbe(of problem: StepwiseProblem, unit: Int) -> PlainProbe? {
    guard problem.cell.weightHR == nil, lostC == nil, let last = stages.last else { return nil }
    func step(_ stage: Stage, _ row: Int) -> PlainProbe.Step? {
      stage.recorded[row].map {
        PlainProbe.Step(
          x: Array(stage.x.midpoint.row(row, of: stage.x.columns)),
          h: Array(stage.h.midpoint.row(row, of: stage.h.columns)),
          c: stage.c.map { Array($0.midpoint.row(row, of: $0.columns)) }, recorded: $0)
      }
    }
    let runs =
      startingC == nil
      ? last.recorded.indices.compactMap { row in
        step(last, row).map { PlainProbe.Run(steps: [$0], startingC: nil) }
      }
      : last.recorded.indices.map { row in
        PlainProbe.Run(
          steps: stages.compactMap { step($0, row) },
          startingC: startingC.map { Array($0.midpoint.row(row, of: $0.columns)) })
      }
    var largest = 0.0
    forEachState(problem.cell) { _, _, bound in
      largest = bound.isFinite ? max(largest, bound) : .infinity
      return true
    }
    // Beside the unit two others: a value may be fitted to any one.
    let size = problem.cell.hiddenSize
    let others = [unit + size / 3, unit + 2 * size / 3].map { $0 % size }.filter { $0 != unit }
    return PlainProbe(runs: runs, units: [unit] + others, tolerance: PlainProbe.allowance * largest)
  }

  /// Whether the formula accounts for every recorded state that is looked at.
  func isExplained(by cell: Cell<Double>) -> Bool {
    if let plain, plain.rejects(cell) { return false }
    var isExplained = true
    forEachState(cell) { _, residual, bound in
      isExplained = isExplained && residual <= bound
      return isExplained
    }
    return isExplained
  }

  /// The share of the recorded states that the formula accounts for.
  func explainedShare(by cell: Cell<Double>) -> Double {
    var (explained, count) = (0, 0)
    forEachState(cell) { _, residual, bound in
      count += 1
      if residual <= bound { explained += 1 }
      return true
    }
    return count == 0 ? 1 : Double(explained) / Double(count)
  }

  /// The sum of the squares of all residuals. Not in units of their bounds, which are another formula's with another
  /// value: near the right one they may shrink faster than the residuals.
  func misfit(of cell: Cell<Double>) -> Double {
    if let plain { return plain.misfit(of: cell) }
    var sum = 0.0
    forEachState(cell) { _, residual, bound in
      sum += bound.isNaN ? .infinity : residual * residual
      return sum < .infinity
    }
    return sum
  }

  /// The unit whose recorded states are furthest beyond what the formula allows; nil where nothing is looked at.
  func worstUnit(of cell: Cell<Double>) -> Int? {
    var worst: (unit: Int, ratio: Double)?
    forEachState(cell) { unit, residual, bound in
      let ratio = residual == 0 ? 0 : residual / bound
      if worst.map({ ratio > $0.ratio }) ?? true { worst = (unit, ratio) }
      return true
    }
    return worst?.unit
  }

  /// - Parameter body: of each unit, its residual and its bound; false where no more are wanted.
  private func forEachState(_ cell: Cell<Double>, _ body: (Int, Double, Double) -> Bool) {
    let step = CellStep(cell, conversion: conversion, in: arithmetic)
    var carried = startingC.map { c in units.map { c.columns($0) } ?? c }
    for stage in stages {
      if let lostC {
        carried?.replaceRows(where: stage.losesC, with: units.map { lostC.columns($0) } ?? lostC)
      }
      let c = stage.c.map { c in units.map { c.columns($0) } ?? c } ?? carried
      let next = step(x: stage.x, h: stage.h, c: c, units: units)
      if startingC != nil, let nextC = next.c {
        carried?.replaceRows(where: stage.recorded.map { $0 != nil }, with: nextC)
      }
      for kind in StateKind.allCases {
        guard let block = next[kind] else { continue }
        let radii = block.radii
        for (row, recorded) in stage.recorded.enumerated() {
          guard let values = recorded?[kind] else { continue }
          for column in 0..<block.columns {
            let index = row * block.columns + column
            let unit = (units?.lowerBound ?? 0) + column
            let residual = (values[unit] - block.midpoint[index]).magnitude
            guard body(unit, residual, radii[index] + stage.printing) else { return }
          }
        }
      }
    }
  }
}

extension [Double] {
  fileprivate func row(_ index: Int, of width: Int) -> ArraySlice<Double> {
    self[index * width..<(index + 1) * width]
  }
}

extension FormulaProbe.Stage {
  fileprivate init(
    _ window: ProblemWindow, _ t: Int, _ rows: Int, _ radius: RecordedRadius,
    _ arithmetic: CertifiedArithmetic
  ) {
    let steps = (0..<rows).map { StepIndex(t: t, b: $0) }
    x = window.inputs(steps[...], in: arithmetic, radius: radius.input)
    h =
      window.pasts(.h, steps[...], in: arithmetic, radius: radius.state)
      ?? arithmetic.known([], rows: 0, radius: .none, scale: .none)
    c = window.pasts(.c, steps[...], in: arithmetic, radius: radius.state)
    losesC = steps.map { window.isValid($0) && window.losesC($0) }
    recorded = steps.map { step in
      window.isValid(step)
        ? StatePair(
          h: window.recorded(.h, step).map(Array.init), c: window.recorded(.c, step).map(Array.init))
        : nil
    }
    printing = window.printing
  }
}

extension StepwiseProblem {
  /// The timesteps from the initial state to the first flagged one, in processing order; nil where none is.
  fileprivate func chain(to flagged: Set<Int>) -> [Int]? {
    switch direction {
    case .forward: flagged.min().map { Array(0...$0) }
    case .backward: flagged.max().map { ($0..<valid.timesteps).reversed() }
    }
  }
}

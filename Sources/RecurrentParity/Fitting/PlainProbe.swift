import Recurrent

/// A few steps and units in plain Float64: it rejects nearly every wrong formula at a fraction of what the certified probe
/// costs, and accepts none.
struct PlainProbe: Sendable {
  /// Steps that follow each other, of one sequence; a single one where the past is recorded.
  struct Run: Sendable {
    let steps: [Step]
    /// c of every unit where the first begins; nil where every step has its own, or there is none.
    let startingC: [Double]?
  }

  struct Step: Sendable {
    let x: [Double]
    let h: [Double]
    let c: [Double]?
    let recorded: StatePair<[Double]?, [Double]?>
  }

  let runs: [Run]
  /// The units that are looked at, the most telling first.
  let units: [Int]
  /// What is further off than this no bound allows.
  let tolerance: Double

  /// Of what the declared formula is allowed, how much further off a formula may be that is not rejected yet: its sums
  /// are of other weights, and may be larger.
  static let allowance = 1024.0

  /// Whether the formula is too far off for any bound; only the first run and unit are looked at.
  func rejects(_ cell: Cell<Double>) -> Bool {
    guard let run = runs.first, let unit = units.first, cell.inputSize == run.steps.first?.x.count
    else { return false }
    var isRejected = false
    forEachResidual(cell, run, unit) { residual in
      isRejected = isRejected || residual > tolerance
      return !isRejected
    }
    return isRejected
  }

  /// The sum of the squares of all residuals; infinite where one is not a number.
  func misfit(of cell: Cell<Double>) -> Double {
    var sum = 0.0
    for run in runs {
      for unit in units {
        forEachResidual(cell, run, unit) { residual in
          sum += residual.isNaN ? .infinity : residual * residual
          return sum < .infinity
        }
      }
    }
    return sum
  }

  private func forEachResidual(_ cell: Cell<Double>, _ run: Run, _ unit: Int, _ body: (Double) -> Bool) {
    var carried = run.startingC?[unit]
    for step in run.steps {
      guard let next = PlainStep(x: step.x, h: step.h)(cell, unit: unit, c: step.c?[unit] ?? carried) else {
        return
      }
      carried = next.c
      if let h = step.recorded.h, !body((h[unit] - next.h).magnitude) { return }
      if let c = step.recorded.c, let value = next.c, !body((c[unit] - value).magnitude) { return }
    }
  }
}

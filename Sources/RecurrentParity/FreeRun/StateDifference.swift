import Recurrent

/// How two records of the same states differ, valid step by valid step, in what both hold.
struct StateDifference: Sendable {
  /// NaN where the two have nothing in common.
  private(set) var maxAbs = Double.nan
  private(set) var maxULP: Int?
  private(set) var maxAbsByTimestep: [Int: Double] = [:]
  private(set) var firstAboveTolerance: Int?

  init(
    _ a: RecordedStates, _ b: RecordedStates, steps: [StepIndex], direction: Direction, format: FloatFormat,
    tolerance: Tolerance? = nil
  ) {
    var above: Set<Int> = []
    for kind in StateKind.allCases {
      guard let a = a[kind], let b = b[kind], a.hasAxes(of: b) else { continue }
      for step in steps {
        var largest = 0.0
        for index in a.range(step.t, step.b) {
          let (x, y) = (a.elements[index], b.elements[index])
          let difference = (x - y).magnitude
          largest = greater(largest, difference)
          if max(x.magnitude, y.magnitude) >= FreeRunning.smallestForULP, difference.isFinite {
            let spacing = format.spacing(at: max(x.magnitude, y.magnitude))
            maxULP = max(maxULP ?? 0, Int((difference / spacing).rounded()))
          }
          if let tolerance, !tolerance.admits(difference, of: x) { above.insert(step.t) }
        }
        maxAbsByTimestep[step.t] = greater(maxAbsByTimestep[step.t] ?? 0, largest)
      }
    }
    if !maxAbsByTimestep.isEmpty { maxAbs = maxAbsByTimestep.values.reduce(0, greater) }
    firstAboveTolerance = direction == .forward ? above.min() : above.max()
  }
}

extension BatchedSequence<Double> {
  fileprivate func hasAxes(of other: BatchedSequence) -> Bool {
    (timesteps, batch, features) == (other.timesteps, other.batch, other.features)
  }
}

import ParityReport
import RecurrentParity

/// A long run in few columns: of the steps of a column the worst is kept, never a mean.
struct Buckets {
  /// What a column says of its steps.
  struct Bucket {
    var verdict: Verdict
    /// Largest of its steps; NaN where none has a value. So are the others.
    var residual: Double
    var ratio: Double
    var drift: Double
    /// The least bound that the step with the largest residual can have had.
    var bound: Double
  }

  /// Timesteps in a column.
  let width: Int
  /// The first and the last timestep.
  let times: ClosedRange<Int>
  /// A column each; nil where no step of it was judged.
  let buckets: [Bucket?]

  /// Nil where there are no timesteps.
  init?(_ steps: [TimestepReport], times: ClosedRange<Int>?, most: Int) {
    guard let times else { return nil }
    let count = times.count
    width = max(1, (count + most - 1) / most)
    self.times = times
    var buckets = [Bucket?](repeating: nil, count: (count + width - 1) / width)
    for step in steps {
      let index = (step.timestep - times.lowerBound) / width
      buckets[index] = buckets[index].map { $0.worse(Bucket(step)) } ?? Bucket(step)
    }
    self.buckets = buckets
  }
}

extension Buckets.Bucket {
  fileprivate init(_ step: TimestepReport) {
    verdict = Verdict(step.verdict)
    residual = step.maxResidual.value
    ratio = step.maxBoundRatio.value
    drift = step.freeRunningMaxAbs.value
    // r/ρ of the element with the largest r is at most the largest r/ρ.
    bound = ratio > 0 ? residual / ratio : .nan
  }

  fileprivate func worse(_ other: Self) -> Self {
    var worse = self
    worse.verdict = max(verdict, other.verdict)
    worse.ratio = Self.larger(ratio, other.ratio)
    worse.drift = Self.larger(drift, other.drift)
    // Residual and bound stay together: of the step that is nearer to its bound.
    if other.ratio > ratio || ratio.isNaN { (worse.residual, worse.bound) = (other.residual, other.bound) }
    return worse
  }

  private static func larger(_ a: Double, _ b: Double) -> Double { a.isNaN ? b : b > a ? b : a }
}

extension [LayerReport] {
  /// From the first recorded timestep to the last, of all layers.
  var times: ClosedRange<Int>? {
    let first = compactMap { $0.timesteps.first?.timestep }.min()
    let last = compactMap { $0.timesteps.last?.timestep }.max()
    guard let first, let last, first <= last else { return nil }
    return first...last
  }
}

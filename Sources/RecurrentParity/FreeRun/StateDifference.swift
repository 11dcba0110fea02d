import Recurrent

/// How two records of the same states differ, valid step by valid step, in what both hold.
struct StateDifference: Sendable {
  private var largest: Double?
  private(set) var maxULP: Int?
  /// Nil where it is not kept.
  private(set) var maxAbsByTimestep: TimestepMaxima?
  private let direction: Direction
  private let format: FloatFormat
  private let tolerance: Tolerance?
  /// The lowest and the highest timestep above the tolerance.
  private var above: ClosedRange<Int>?

  /// - Parameter timesteps: T, where the differences of each are kept.
  init(direction: Direction, format: FloatFormat, tolerance: Tolerance? = nil, keeping timesteps: Int? = nil)
  {
    self.direction = direction
    self.format = format
    self.tolerance = tolerance
    maxAbsByTimestep = timesteps.map { TimestepMaxima(timesteps: $0) }
  }

  /// Of all that two records hold.
  init(
    _ a: RecordedStates, _ b: RecordedStates, valid: ValidSteps, direction: Direction, format: FloatFormat,
    tolerance: Tolerance? = nil
  ) {
    self.init(direction: direction, format: format, tolerance: tolerance)
    for kind in StateKind.allCases {
      guard let a = a[kind], let b = b[kind], a.hasAxes(of: b) else { continue }
      for times in a.windows(ofBytes: 32 * a.batch * a.features) {
        add(a.window(times), b.window(times), from: times.lowerBound, valid: valid)
      }
    }
  }

  /// NaN where the two have nothing in common.
  var maxAbs: Double { largest ?? .nan }

  /// The first timestep in processing order that exceeds the tolerance.
  var firstAboveTolerance: Int? { direction == .forward ? above?.lowerBound : above?.upperBound }

  /// Takes two windows that begin at timestep `first`.
  mutating func add(
    _ a: BatchedSequence<Double>, _ b: BatchedSequence<Double>, from first: Int, valid: ValidSteps
  ) {
    let areAll = valid.areAll
    for t in 0..<a.timesteps {
      for sequence in 0..<a.batch where areAll || valid.contains(first + t, sequence) {
        add(a, b, a.range(t, sequence), at: first + t)
      }
    }
  }

  private mutating func add(
    _ a: BatchedSequence<Double>, _ b: BatchedSequence<Double>, _ range: Range<Int>, at t: Int
  ) {
    var largestHere = 0.0
    for index in range {
      let (x, y) = (a.elements[index], b.elements[index])
      let difference = (x - y).magnitude
      largestHere = greater(largestHere, difference)
      if max(x.magnitude, y.magnitude) >= FreeRunning.smallestForULP, difference.isFinite {
        let spacing = format.spacing(at: max(x.magnitude, y.magnitude))
        maxULP = max(maxULP ?? 0, Int((difference / spacing).rounded()))
      }
      if let tolerance, !tolerance.admits(difference, of: x) {
        above = min(above?.lowerBound ?? t, t)...max(above?.upperBound ?? t, t)
      }
    }
    maxAbsByTimestep?.take(largestHere, at: t)
    largest = greater(largest ?? 0, largestHere)
  }
}

/// The largest of something at each timestep.
public struct TimestepMaxima: Equatable, Sendable {
  /// Negative where nothing was taken.
  private var maxima: [Double]

  /// - Parameter timesteps: T
  init(timesteps: Int) { maxima = [Double](repeating: -1, count: timesteps) }

  /// Nil where nothing was taken; NaN where something was no number.
  public subscript(t: Int) -> Double? { maxima.indices ~= t && !(maxima[t] < 0) ? maxima[t] : nil }

  mutating func take(_ value: Double, at t: Int) { maxima[t] = greater(maxima[t], value) }
}

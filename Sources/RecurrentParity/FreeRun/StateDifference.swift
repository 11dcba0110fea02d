import Recurrent

/// How two records of the same states differ, valid step by valid step, in what both hold.
struct StateDifference: Sendable {
  private var largest: Double?
  private(set) var maxULP: Int?
  private(set) var maxAbsByTimestep: [Int: Double] = [:]
  private let direction: Direction
  private let format: FloatFormat
  private let tolerance: Tolerance?
  private var above: Set<Int> = []

  init(direction: Direction, format: FloatFormat, tolerance: Tolerance? = nil) {
    self.direction = direction
    self.format = format
    self.tolerance = tolerance
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
  var firstAboveTolerance: Int? { direction == .forward ? above.min() : above.max() }

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
      if let tolerance, !tolerance.admits(difference, of: x) { above.insert(t) }
    }
    maxAbsByTimestep[t] = greater(maxAbsByTimestep[t] ?? 0, largestHere)
    largest = greater(largest ?? 0, largestHere)
  }
}

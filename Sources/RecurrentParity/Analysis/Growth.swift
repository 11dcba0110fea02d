import RealModule
import Recurrent

/// How a small disturbance of a pass's state grows.
enum Growth {
  /// A disturbance of this size, in one sequence, over this many steps at most.
  private static let start = 1e-8
  private static let steps = 64
  /// From here on it saturates.
  private static let large = 1e-3
  /// Below this it is lost in the rounding of Float64.
  private static let small = 1e-14

  /// The mean growth in one step: below 1 the network contracts and forgets its rounding, above 1 it is chaotic.
  ///
  /// - Parameters:
  ///   - input: what the pass reads, `(T, B, I)`; the first sequence is taken.
  ///   - length: its valid steps.
  static func perStep(_ pass: Pass<Double>, input: BatchedSequence<Double>, length: Int) -> Double? {
    let times = pass.direction.times(length).prefix(steps)
    let ordered = pass.direction == .forward ? Array(times) : times.reversed()
    // The exact run and the disturbed one are two sequences of one batch: the weights are read once for both.
    let window = BatchedSequence(
      timesteps: ordered.count, batch: 2, features: input.features,
      elements: ordered.flatMap { input.elements[input.range($0, 0)] + input.elements[input.range($0, 0)] })
    let initial = pass.initialState ?? pass.cell.zeroState(batch: 1)
    var state = State(h: initial.h.firstRowTwice, c: initial.c?.firstRowTwice)
    for i in 0..<state.h.columns { state.h[1, i] += i % 2 == 0 ? start : -start }
    var both = pass
    both.initialState = state
    let h = both.scan(window).states.h

    var growth: Double?
    for (count, t) in pass.direction.times(ordered.count).enumerated() {
      let distance = zip(h[t].row(0), h[t].row(1)).map { ($0 - $1).magnitude }.max() ?? 0
      guard distance.isFinite, distance > small else { break }
      growth = Double.pow(distance / start, 1 / Double(count + 1))
      if distance > large { break }
    }
    return growth
  }
}

extension Matrix {
  fileprivate var firstRowTwice: Matrix {
    Matrix(rows: 2, columns: columns, elements: Array(row(0) + row(0)))
  }
}

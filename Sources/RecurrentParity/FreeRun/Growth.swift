import RealModule
import Recurrent

/// How a small disturbance of a pass's state grows.
enum Growth {
  /// A disturbance of this size, in one sequence, over this many steps at most.
  private static let start = 1e-8
  private static let steps = 64
  /// So many at a time: few networks need all.
  private static let stretch = 8
  /// From here on it saturates.
  private static let large = 1e-3
  /// Below this it is lost in the rounding of Float64.
  private static let small = 1e-14

  /// The mean growth in one step: below 1 the network contracts and forgets its rounding, above 1 it is chaotic.
  ///
  /// - Parameters:
  ///   - input: what the pass reads, `(T, B, I)`; the first sequence is taken.
  ///   - times: its valid steps, in processing order.
  static func perStep(_ pass: Pass<Double>, input: RecordedSequence, times: [Int]) -> Double? {
    let initial = pass.initialState ?? pass.cell.zeroState(batch: 1)
    // The exact run and the disturbed one are two sequences of one batch: the weights are read once for both.
    var state = State(h: initial.h.firstRowTwice, c: initial.c?.firstRowTwice)
    for i in 0..<state.h.columns { state.h[1, i] += i % 2 == 0 ? start : -start }
    let times = Array(times.prefix(steps))

    var growth: Double?
    for first in stride(from: 0, to: times.count, by: stretch) {
      let read = times[first..<min(first + stretch, times.count)]
      let window = BatchedSequence(
        timesteps: read.count, batch: 2, features: input.features,
        elements: read.flatMap { input.row($0, 0) + input.row($0, 0) })
      // The window is in processing order.
      let trace = Pass(direction: .forward, cell: pass.cell, initialState: state).scan(window)
      for t in read.indices {
        let h = trace.states.h[t - first]
        let distance = zip(h.row(0), h.row(1)).map { ($0 - $1).magnitude }.max() ?? 0
        guard distance.isFinite, distance > small else { return growth }
        growth = Double.pow(distance / start, 1 / Double(t + 1))
        if distance > large { return growth }
      }
      state = trace.finalState
    }
    return growth
  }
}

extension Matrix {
  fileprivate var firstRowTwice: Matrix {
    Matrix(rows: 2, columns: columns, elements: Array(row(0) + row(0)))
  }
}

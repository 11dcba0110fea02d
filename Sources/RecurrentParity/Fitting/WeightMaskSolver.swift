import Recurrent

/// Finds which recurrent weights were dropped, unit by unit: each is 0 or what it was times a factor, at every step the
/// same.
///
/// A unit's row has 2^S masks. Those of gates that only show together, as an LSTM's i, f and g in its c, are not tried
/// one with every other: of two of them the step's contributions are sorted, and what the third leaves is looked up.
struct WeightMaskSolver {
  private let cell: Cell<Double>
  private let steps: [RecordedStep]
  private let factor: Double
  /// How far a state may be from the record.
  private let tolerance: Double

  /// 2^S masks, and of two gates 4^S.
  static let widestState = 8
  /// More of a step's pairs of masks do not agree by chance.
  private static let mostCandidates = 4096

  /// - Parameter steps: with states to start from that are not zero; of an LSTM with c.
  init(_ cell: Cell<Double>, steps: [RecordedStep], factor: Double, tolerance: Double) {
    self.cell = cell
    self.steps = steps
    self.factor = factor
    self.tolerance = tolerance
  }

  /// A mask for each row of a gate: bit k is set where the weight of state k was kept.
  typealias Masks = [GateKind: Int]

  /// The masks of one unit's rows; nil where none account for its states.
  func masks(unit: Int) -> Masks? {
    switch cell {
    case .rnn(let rnn):
      let sums = Sums(rnn.gate, unit, steps, factor)
      return best(sums.masks) { mask in
        steps.indices.map { rnn.activation(sums[$0, mask]) - steps[$0].target.h[unit] }
      }.map { [.hidden: $0] }
    case .lstm(let lstm): return masks(lstm, unit)
    case .gru(let gru): return masks(gru, unit)
    }
  }

  private func masks(_ lstm: LSTMCell<Double>, _ unit: Int) -> Masks? {
    let (pasts, targets) = (steps.compactMap { $0.c?[unit] }, steps.compactMap { $0.target.c?[unit] })
    guard pasts.count == steps.count, targets.count == steps.count else { return nil }
    let output = Sums(lstm.output, unit, steps, factor)
    let exposed = targets.map { (lstm.outputActivation ?? lstm.activation)($0) }
    let o = best(output.masks) { mask in
      steps.indices.map {
        lstm.recurrentActivation(output[$0, mask]) * exposed[$0] - steps[$0].target.h[unit]
      }
    }
    guard let o else { return nil }
    let gates = [lstm.input, lstm.forget, lstm.cell].map { Sums($0, unit, steps, factor) }
    let (i, f, g) = (gates[0], gates[1], gates[2])
    func taken(_ step: Int, _ pair: Pair) -> Double {
      lstm.recurrentActivation(i[step, pair.first]) * lstm.activation(g[step, pair.second])
    }
    func kept(_ step: Int, _ mask: Int) -> Double { lstm.recurrentActivation(f[step, mask]) * pasts[step] }
    let found = triple(
      pairs: i.masks, third: f.masks, value: { taken(0, $0) }, wanted: { targets[0] - kept(0, $0) }
    ) { pair, mask in steps.indices.map { kept($0, mask) + taken($0, pair) - targets[$0] } }
    return found.map { [.input: $0.first, .cell: $0.second, .forget: $0.third, .output: o] }
  }

  private func masks(_ gru: GRUCell<Double>, _ unit: Int) -> Masks? {
    guard gru.resetAfter, gru.blend == .updateKeeps else { return nil }
    let (r, z) = (Sums(gru.reset, unit, steps, factor), Sums(gru.update, unit, steps, factor))
    var inner = gru.new
    inner.weightIH = Matrix(zeros: inner.weightIH.rows, inner.weightIH.columns)
    inner.biasIH = nil
    let q = Sums(inner, unit, steps, factor)
    let known = steps.map { step in
      zip(gru.new.weightIH.row(unit), step.x).reduce(gru.new.biasIH?[unit] ?? 0) { $0 + $1.0 * $1.1 }
    }
    func new(_ step: Int, _ pair: Pair) -> Double {
      gru.activation(known[step] + gru.recurrentActivation(r[step, pair.first]) * q[step, pair.second])
    }
    func update(_ step: Int, _ mask: Int) -> Double { gru.recurrentActivation(z[step, mask]) }
    let found = triple(
      pairs: r.masks, third: z.masks, value: { new(0, $0) },
      wanted: { mask in
        let z = update(0, mask)
        return (steps[0].target.h[unit] - z * steps[0].h[unit]) / (1 - z)
      }
    ) { pair, mask in
      steps.indices.map { step in
        let z = update(step, mask)
        return (1 - z) * new(step, pair) + z * steps[step].h[unit] - steps[step].target.h[unit]
      }
    }
    return found.map { [.reset: $0.first, .new: $0.second, .update: $0.third] }
  }

  // MARK: Search

  private struct Pair {
    let first: Int
    let second: Int
  }

  /// Of some masks the one that comes nearest, where it comes near enough.
  private func best(_ masks: Range<Int>, _ residuals: (Int) -> [Double]) -> Int? {
    var nearest: (mask: Int, misfit: Double)?
    for mask in masks {
      let misfit = residuals(mask).map(\.magnitude).max() ?? 0
      if misfit < nearest?.misfit ?? tolerance { nearest = (mask, misfit) }
    }
    return nearest?.mask
  }

  /// Three masks, of which two and the third agree at the first step, and all with every other.
  private func triple(
    pairs: Range<Int>, third: Range<Int>, value: (Pair) -> Double, wanted: (Int) -> Double,
    residuals: (Pair, Int) -> [Double]
  ) -> (first: Int, second: Int, third: Int)? {
    let all = pairs.flatMap { first in pairs.map { Pair(first: first, second: $0) } }
    let sorted = all.map { (value: value($0), pair: $0) }.sorted { $0.value < $1.value }
    var nearest: (first: Int, second: Int, third: Int)?
    var least = tolerance
    for mask in third {
      let wanted = wanted(mask)
      guard wanted.isFinite else { continue }
      var index = sorted.partitioningIndex { $0.value >= wanted - tolerance }
      let last = min(sorted.count, index + Self.mostCandidates)
      while index < last, sorted[index].value <= wanted + tolerance {
        let pair = sorted[index].pair
        let misfit = residuals(pair, mask).map(\.magnitude).max() ?? 0
        if misfit < least { (nearest, least) = ((pair.first, pair.second, mask), misfit) }
        index += 1
      }
    }
    return nearest
  }
}

/// A unit's pre-activation in one gate, at some steps, by every mask of its recurrent weights.
private struct Sums {
  /// Every mask.
  let masks: Range<Int>
  /// `(steps, masks)`
  private let values: [Double]

  init(_ gate: Gate<Double>, _ unit: Int, _ steps: [RecordedStep], _ factor: Double) {
    let states = gate.weightHH.columns
    let masks = 0..<1 << states
    self.masks = masks
    values = steps.flatMap { step -> [Double] in
      var known = (gate.biasIH?[unit] ?? 0) + (gate.biasHH?[unit] ?? 0)
      for k in step.x.indices { known += gate.weightIH[unit, k] * step.x[k] }
      var sums = [Double](repeating: known, count: masks.count)
      for mask in masks.dropFirst() {
        let bit = mask.trailingZeroBitCount
        sums[mask] = sums[mask & (mask - 1)] + factor * gate.weightHH[unit, bit] * step.h[bit]
      }
      return sums
    }
  }

  subscript(step: Int, mask: Int) -> Double { values[step * masks.count + mask] }
}

extension Array {
  /// The first index at which a condition holds that holds from there on.
  fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

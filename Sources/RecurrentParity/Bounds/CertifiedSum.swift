import Recurrent

/// A block of pre-activations under construction: each is one inner product over all its terms.
struct CertifiedSum {
  private let rows: Int
  private let units: Int
  /// N
  private let terms: Double
  private let isCompensated: Bool
  private var midpoint: [Double]
  /// What the midpoint lacks of the exact sum, where compensated.
  private var remainder: [Double]
  /// S, the sum of the terms' magnitudes.
  private var absolute: [Double]
  /// What the operands bring with them.
  private var radius: [Double]
  /// The operands' scales, squared.
  private var variance: [Double]
  /// `Σ(|v| + 1)` of each row, and `2N + Σ|w|` of each unit: how often η may be lost.
  private var rowUnderflows: [Double]
  private var unitUnderflows: [Double]

  init(rows: Int, units: Int, terms: Double, isCompensated: Bool) {
    self.rows = rows
    self.units = units
    self.terms = terms
    self.isCompensated = isCompensated
    midpoint = [Double](repeating: 0, count: rows * units)
    remainder = midpoint
    absolute = midpoint
    radius = midpoint
    variance = midpoint
    rowUnderflows = [Double](repeating: 0, count: rows)
    unitUnderflows = [Double](repeating: 2 * terms, count: units)
  }

  /// Adds the products of a block of operands with weights.
  ///
  /// - Parameter block: the products of the operands' midpoints with the weights.
  mutating func add(_ block: BlockProducts, of value: Bounded, with weights: CertifiedArithmetic.Weights) {
    let (packed, roundoff) = (weights.packed, weights.roundoff)
    var relative = roundoff
    if case .relative(let factor) = value.radius { relative += factor }
    for index in midpoint.indices {
      add(block.sum[index], at: index)
      absolute[index] += block.absolute[index]
      radius[index] += relative * block.absolute[index]
    }
    if let low = block.remainder {
      for index in remainder.indices { remainder[index] += low[index] }
    }
    if case .each(let spread) = value.radius {
      // No radius is negative: Σ|r·w| is Σ r·|w|.
      let extra = packed.products(spread, rows: rows).absolute
      for index in radius.indices {
        absolute[index] += extra[index]
        radius[index] += (1 + roundoff) * extra[index]
      }
    }
    if case .each(let spread) = value.scale {
      let extra = packed.squared.products(spread.map { $0 * $0 }, rows: rows).sum
      for index in variance.indices { variance[index] += extra[index] }
    }
    for row in 0..<rows {
      for k in 0..<packed.depth {
        rowUnderflows[row] += value.midpoint[row * packed.depth + k].magnitude + 1
      }
    }
    for unit in 0..<units { unitUnderflows[unit] += packed.absoluteSums[unit] }
  }

  mutating func add(_ bias: Bias) {
    for row in 0..<rows {
      for unit in 0..<units {
        let index = row * units + unit
        add(bias.values[unit], at: index)
        absolute[index] += bias.values[unit].magnitude + (bias.excess.isEmpty ? 0 : bias.excess[unit])
        radius[index] += bias.roundoff * bias.values[unit].magnitude
      }
    }
  }

  /// Adds one further term of each element, with its own radius and scale.
  mutating func add(_ addend: Bounded) {
    let (radii, scales) = (addend.radii, addend.scales)
    for index in midpoint.indices {
      add(addend.midpoint[index], at: index)
      absolute[index] += addend.midpoint[index].magnitude + radii[index]
      radius[index] += radii[index]
      variance[index] += scales[index] * scales[index]
    }
  }

  func finished(in arithmetic: ErrorModel) -> Bounded {
    var (midpoint, radius, variance) = (midpoint, radius, variance)
    let own = arithmetic.checkerRoundoff
    let each = terms * arithmetic.termRoundoff + arithmetic.partialRoundoff
    for row in 0..<rows {
      for unit in 0..<units {
        let index = row * units + unit
        let S = absolute[index]
        let underflow = arithmetic.termUnderflow * (rowUnderflows[row] + unitUnderflows[unit])
        let scale = arithmetic.scaleRoundoff * (S + arithmetic.underflow)
        midpoint[index] += remainder[index]
        let checker =
          isCompensated
          ? own * midpoint[index].magnitude + 4 * terms * terms * own * own * S : (terms + 2) * own * S
        radius[index] += each * S + underflow + arithmetic.underflow + checker
        // No partial sum is larger than S, in any order.
        if !(S + radius[index] <= arithmetic.format.largestFinite) { radius[index] = .nan }
        // Frameworks that flush subnormal numbers are off by that much: it is expected of them.
        variance[index] += scale * scale + underflow * underflow
      }
    }
    return Bounded(
      rows: rows, columns: units, midpoint: midpoint, radius: .each(radius),
      scale: .each(variance.map { $0.squareRoot() }))
  }

  /// Adds a term; what the sum cannot hold goes to the remainder (Knuth's TwoSum).
  @inline(__always)
  private mutating func add(_ term: Double, at index: Int) {
    let old = midpoint[index]
    let next = old + term
    if isCompensated {
      let rest = next - old
      remainder[index] += (old - (next - rest)) + (term - rest)
    }
    midpoint[index] = next
  }
}

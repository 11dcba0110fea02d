internal import CProductKernels
import Recurrent

/// A block of pre-activations under construction: each is one inner product over all its terms.
struct CertifiedSum {
  private let rows: Int
  /// Those of the gate that are computed.
  private let units: Range<Int>
  private let set: InstructionSet
  /// N
  private let terms: Double
  private let isCompensated: Bool
  private var midpoint: [Double] = []
  /// What the midpoint lacks of the exact sum, where compensated.
  private var remainder: [Double]
  /// S, the sum of the terms' magnitudes.
  private var absolute: [Double] = []
  /// What the operands bring with them.
  private var radius: [Double] = []
  /// The operands' scales, squared.
  private var variance: [Double]
  private var biases: [Bias] = []
  /// `Σ(|v| + 1)` of each row, and `2N + Σ|w|` of each unit: how often η may be lost.
  private var rowUnderflows: [Double]
  private var unitUnderflows: [Double]

  init(rows: Int, units: Range<Int>, terms: Double, isCompensated: Bool, in set: InstructionSet) {
    self.rows = rows
    self.units = units
    self.set = set
    self.terms = terms
    self.isCompensated = isCompensated
    remainder = [Double](repeating: 0, count: isCompensated ? rows * units.count : 0)
    variance = [Double](repeating: 0, count: rows * units.count)
    rowUnderflows = [Double](repeating: 0, count: rows)
    unitUnderflows = [Double](repeating: 2 * terms, count: units.count)
  }

  /// Adds the products of a block of operands with weights.
  ///
  /// - Parameter block: the products of the operands' midpoints with the weights.
  mutating func add(
    _ block: consuming BlockProducts, of operand: ProductOperand, with weights: CertifiedArithmetic.Weights
  ) {
    let (packed, roundoff, value) = (weights.packed, weights.roundoff, operand.value)
    var relative = roundoff
    if case .relative(let factor) = value.radius { relative += factor }
    let count = block.sum.count
    if midpoint.isEmpty {
      (midpoint, absolute) = (block.sum, block.absolute)
      radius = [Double](unsafeUninitializedCapacity: count) { radius, written in
        written = count
        interval_begin_sum(set, count, relative, block.excess, block.lost, &absolute, radius.baseAddress)
      }
    } else {
      // Where compensated, the plain sum would lose what the remainder has to keep.
      if isCompensated { add(block.sum) }
      let sum = isCompensated ? [Double](repeating: 0, count: count) : block.sum
      interval_continue_sum(
        set, count, relative, block.excess, block.lost, sum, block.absolute, &midpoint, &absolute, &radius)
    }
    if let low = block.remainder {
      for index in remainder.indices { remainder[index] += low[index] }
    }
    // No radius is negative: Σ|r·w| is Σ r·|w|.
    if case .each(let spread) = value.radius,
      let extra = packed.radiusProducts(spread, rows: rows, units: units, in: set)
    {
      for index in radius.indices {
        absolute[index] += extra[index]
        radius[index] += (1 + roundoff) * extra[index]
      }
    }
    if case .each(let spread) = value.scale,
      let extra = packed.varianceProducts(spread, rows: rows, units: units, in: set)
    {
      addVariance(extra)
    }
    for row in 0..<rows { rowUnderflows[row] += operand.underflows[row] }
    for (index, unit) in units.enumerated() { unitUnderflows[index] += packed.absoluteSums[unit] }
  }

  mutating func add(_ bias: Bias) { biases.append(bias) }

  /// Adds one further term of each element, with its own radius and scale.
  mutating func add(_ addend: Bounded) {
    let (radii, scales) = (addend.radii, addend.scales)
    add(addend.midpoint)
    for index in midpoint.indices {
      absolute[index] += addend.midpoint[index].magnitude + radii[index]
      radius[index] += radii[index]
    }
    addVariance(scales.map { $0 * $0 })
  }

  private mutating func addVariance(_ squares: [Double]) {
    for index in variance.indices { variance[index] += squares[index] }
  }

  /// Adds a term to every sum; what it cannot hold goes to the remainder (Knuth's TwoSum).
  private mutating func add(_ terms: [Double]) {
    for index in midpoint.indices {
      let (old, term) = (midpoint[index], terms[index])
      let next = old + term
      if isCompensated {
        let rest = next - old
        remainder[index] += (old - (next - rest)) + (term - rest)
      }
      midpoint[index] = next
    }
  }

  mutating func finish(in arithmetic: ErrorModel) -> Bounded {
    let own = arithmetic.checkerRoundoff
    var bias = UnitBiases(biases, units: units)
    if isCompensated {
      for values in bias.values { add((0..<rows).flatMap { _ in values }) }
      // In the sum already, more exactly than the kernel would add them.
      bias.values = bias.values.map { $0.map { _ in 0 } }
      for index in midpoint.indices {
        midpoint[index] += remainder[index]
        radius[index] += own * midpoint[index].magnitude
      }
    }
    let roundings = SumRoundings(
      each: terms * arithmetic.termRoundoff + arithmetic.partialRoundoff, scale: arithmetic.scaleRoundoff,
      underflow: arithmetic.underflow, term_underflow: arithmetic.termUnderflow,
      checker: isCompensated ? 4 * terms * terms * own * own : (terms + 2) * own,
      largest: arithmetic.format.largestFinite)
    interval_finish_sum(
      set, roundings, rows, units.count, rowUnderflows, unitUnderflows, bias.values[0], bias.values[1],
      bias.size, bias.radius, absolute, &midpoint, &radius, &variance)
    return Bounded(
      rows: rows, columns: units.count, midpoint: midpoint, radius: .each(radius), scale: .each(variance))
  }
}

/// The biases of some units of a sum.
private struct UnitBiases {
  /// Two, zeros where there are fewer.
  var values: [[Double]]
  /// What they add to S, and to the radius.
  var size: [Double]
  var radius: [Double]

  init(_ biases: [Bias], units: Range<Int>) {
    let zeros = [Double](repeating: 0, count: units.count)
    precondition(biases.count <= 2)
    values = biases.map { Array($0.values[units]) } + (biases.count..<2).map { _ in zeros }
    size = zeros
    radius = zeros
    for bias in biases {
      for (index, unit) in units.enumerated() {
        size[index] += bias.values[unit].magnitude + (bias.excess.isEmpty ? 0 : bias.excess[unit])
        radius[index] += bias.roundoff * bias.values[unit].magnitude
      }
    }
  }
}

import CProductKernels
import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentParity

/// A step goes in blocks of rows and of units, which are a matter of speed alone.
@Suite struct BlockedStepTests {
  /// More terms than one chunk of magnitudes, more units than one block has at 64 rows.
  private static let (input, hidden, rows) = (150, 140, 64)

  private struct Operands {
    let cell: Cell<Double>
    let x: Matrix<Double>
    let h: Matrix<Double>
    let c: Matrix<Double>?

    init(_ variant: CellVariant) {
      var random = Randomness(seed: 5)
      cell = variant.cell(.twoBias, input: input, hidden: hidden, random: &random)
      x = random.matrix(rows, input)
      h = random.matrix(rows, cell.stateSize)
      c = cell.kind == .lstm ? random.matrix(rows, hidden) : nil
    }

    /// The step of some rows.
    func step<A: StepArithmetic>(_ range: Range<Int>, in arithmetic: A) -> [A.Value] {
      func known(_ matrix: Matrix<Double>, radius: Spread) -> A.Value {
        arithmetic.known(
          range.flatMap { matrix.row($0) }, rows: range.count, radius: radius, scale: .none)
      }
      let states = CellStep(cell, conversion: .none, in: arithmetic)(
        x: known(x, radius: .none), h: known(h, radius: .relative(0x1p-24)),
        c: c.map { known($0, radius: .relative(0x1p-24)) })
      return [states.h, states.c].compactMap { $0 }
    }

    /// Row by row, each with all its units in one block.
    func rowByRow<A: StepArithmetic, V>(in arithmetic: A, _ values: (A.Value) -> [V]) -> [[V]] {
      let steps = (0..<rows).map { step($0..<$0 + 1, in: arithmetic).map(values) }
      return steps[0].indices.map { state in steps.flatMap { $0[state] } }
    }
  }

  @Test("What a step gives does not depend on the rows beside it", arguments: CellVariant.allCases)
  func certified(_ variant: CellVariant) {
    let operands = Operands(variant)
    let rounding = OperandRounding(format: .bfloat16, rule: .toNearestOrEven)
    for arithmetic in [
      CertifiedArithmetic(arithmetic: ErrorModel(.float32)),
      CertifiedArithmetic(arithmetic: ErrorModel(.bfloat16)),
      CertifiedArithmetic(arithmetic: ErrorModel(.float64)),
      CertifiedArithmetic(arithmetic: ErrorModel(.float32), rounding: rounding),
    ] {
      let whole = operands.step(0..<Self.rows, in: arithmetic)
      #expect(whole.map(\.midpoint) == operands.rowByRow(in: arithmetic, \.midpoint))
      #expect(whole.map(\.radii) == operands.rowByRow(in: arithmetic, \.radii))
      #expect(whole.map(\.scales) == operands.rowByRow(in: arithmetic, \.scales))
    }
    let autocast = AutocastArithmetic(ErrorModel(.float32), rounding: rounding)
    let whole = operands.step(0..<Self.rows, in: autocast)
    #expect(whole.map(\.block.radii) == operands.rowByRow(in: autocast, \.block.radii))
    for order in SummationOrder.allCases {
      let control = ControlArithmetic<Float>(order: order)
      let whole = operands.step(0..<Self.rows, in: control)
      #expect(whole.map(\.elements) == operands.rowByRow(in: control, \.elements))
    }
  }

  @Test("On every processor the midpoints are the same, and the radii to the rounding of magnitudes")
  func sets() {
    let operands = Operands(.lstm)
    func step(_ set: InstructionSet) -> [Bounded] {
      operands.step(0..<Self.rows, in: CertifiedArithmetic(arithmetic: ErrorModel(.float32), set: set))
    }
    let portable = step(.portable)
    for set in [InstructionSet.AVX2, .AVX512] where set.rawValue <= best_instruction_set().rawValue {
      for (value, expected) in zip(step(set), portable) {
        #expect(value.midpoint == expected.midpoint)
        #expect(zip(value.radii, expected.radii).allSatisfy { ($0 - $1).magnitude <= 0x1p-16 * $1 })
        #expect(zip(value.scales, expected.scales).allSatisfy { ($0 - $1).magnitude <= 0x1p-16 * $1 })
      }
    }
  }

  @Test(
    "A sum of magnitudes in Float32 is rounded up, and by no more than 2⁻¹⁵", arguments: [129, 300, 1000])
  func magnitudes(depth: Int) {
    var random = Randomness(seed: UInt64(depth))
    let weights: Matrix<Double> = random.matrix(33, depth)
    // Operands that Float32 does not hold, as `r ⊙ h` is.
    let x = (0..<5 * depth).map { _ in Double.random(in: -1...1, using: &random) }
    let operand = ProductOperand(
      Bounded(rows: 5, columns: depth, midpoint: x, radius: .none, scale: .none), mayNarrow: true)
    let narrow = PackedWeights(weights, mayNarrow: true).products(operand, units: 0..<33)
    let wide = PackedWeights(weights).products(x, rows: 5)
    #expect(operand.tiles != nil)
    #expect(narrow.absolute != wide.absolute)
    for (narrowed, exact) in zip(narrow.absolute, wide.absolute) {
      let above = narrowed * (1 + narrow.excess) + narrow.lost
      #expect(above >= exact && above <= exact * (1 + 0x1p-15))
    }
  }

  @Test("Operands beyond the range of Float32 are multiplied in Float64")
  func huge() {
    let x = [0x1p130] + [Double](repeating: 1, count: 199)
    let value = Bounded(rows: 1, columns: 200, midpoint: x, radius: .none, scale: .none)
    let weights = Matrix<Double>(rows: 1, columns: 200, elements: [0] + [Double](repeating: 1, count: 199))
    let products = PackedWeights(weights, mayNarrow: true).products(
      ProductOperand(value, mayNarrow: true), units: 0..<1)
    #expect(products.sum == [199] && products.absolute == [199])
  }

  @Test(
    "A control sums in its order, each product and each sum rounded to its scalar",
    arguments: SummationOrder.allCases)
  func control(_ order: SummationOrder) {
    let operands = Operands(.rnn)
    guard case .rnn(let cell) = operands.cell else { return }
    let value = operands.step(0..<Self.rows, in: ControlArithmetic<Float>(order: order))[0]
    for row in 0..<Self.rows {
      for unit in 0..<Self.hidden {
        let bias = Float(cell.gate.biasIH?[unit] ?? 0) + Float(cell.gate.biasHH?[unit] ?? 0)
        func added(_ sum: Float, _ x: ArraySlice<Double>, _ w: ArraySlice<Double>) -> Float {
          zip(x, w).reduce(sum) { $0 + Float($1.0) * Float($1.1) }
        }
        let (x, h) = (operands.x.row(row), operands.h.row(row))
        let (w, u) = (cell.gate.weightIH.row(unit), cell.gate.weightHH.row(unit))
        let sum =
          switch order {
          case .fromBiases: added(added(bias, x, w), h, u)
          case .biasesLast: added(added(0, x, w), h, u) + bias
          case .productsApart: added(0, x, w) + added(0, h, u) + bias
          }
        #expect(value[row, unit] == Activation.tanh(sum))
      }
    }
  }

  @Test(
    "The image under a rounding is that of its two ends, within a format, at its ends and beyond",
    arguments: [FloatFormat.float16, .bfloat16, .tf32, .float32],
    [FloatingPointRoundingRule.toNearestOrEven, .towardZero, .up])
  func rounding(_ format: FloatFormat, _ rule: FloatingPointRoundingRule) {
    var random = Randomness(seed: 9)
    let (least, largest) = (format.smallestNormal, format.largestFinite)
    for sizes in [[1.0], [0, least / 4, least, 1, largest, 2 * largest]] {
      let midpoint = (0..<501).map { _ in
        Double.random(in: -1...1, using: &random) * (sizes.randomElement(using: &random) ?? 0)
      }
      let radii = midpoint.indices.map { index in
        [0, 0x1p-40, 0x1p-12, Double.nan][index % (sizes.count > 1 ? 4 : 3)]
          * max(midpoint[index].magnitude, least)
      }
      let rounding = OperandRounding(format: format, rule: rule)
      for set in [InstructionSet.portable, .AVX2, .AVX512]
      where set.rawValue <= best_instruction_set().rawValue {
        let image = rounding.image(
          of: Bounded(
            rows: 1, columns: 501, midpoint: midpoint, radius: .each(radii), scale: .none), in: set)
        for (index, (m, r)) in zip(midpoint, radii).enumerated() {
          let center = format.round(m, rule)
          #expect(image.midpoint[index] == center)
          let radius = max(format.round(m + r, rule) - center, center - format.round(m - r, rule))
          #expect(image.radii[index] == radius || image.radii[index].isNaN && radius.isNaN, "\(m) ± \(r)")
        }
      }
    }
  }

  @Test("A few radii go into a sum as many do, whatever the layout of the weights", arguments: [1, 40, 300])
  func spreads(count: Int) {
    var random = Randomness(seed: 3)
    let (rows, depth) = (4, 150)
    let weights: Matrix<Double> = random.matrix(50, depth)
    var spread = [Double](repeating: 0, count: rows * depth)
    for _ in 0..<count {
      spread[Int.random(in: spread.indices, using: &random)] = .random(in: 0...1, using: &random)
    }
    for packed in [PackedWeights(weights), PackedWeights(weights, mayNarrow: true)] {
      for units in [0..<50, 0..<32, 32..<50] {
        let radii = packed.radiusProducts(spread, rows: rows, units: units, in: best_instruction_set())
        let squares = packed.varianceProducts(spread, rows: rows, units: units, in: best_instruction_set())
        for row in 0..<rows {
          let own = spread[row * depth..<(row + 1) * depth]
          for unit in units {
            let place = row * units.count + unit - units.lowerBound
            let (w, bound) = (weights.row(unit), 0x1p-53 * Double(depth + 2))
            let radius = zip(own, w).reduce(0) { $0 + $1.0 * $1.1.magnitude }
            let variance = zip(own, w).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }
            #expect(((radii?[place] ?? -1) - radius).magnitude <= bound * radius)
            #expect(((squares?[place] ?? -1) - variance).magnitude <= bound * variance)
          }
        }
      }
      #expect(packed.radiusProducts(spread.map { _ in 0 }, rows: rows, units: 0..<50, in: .portable) == nil)
    }
  }
}

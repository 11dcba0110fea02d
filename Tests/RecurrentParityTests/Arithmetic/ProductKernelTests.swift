import RandomNetworks
import Recurrent
import Testing

@testable import RecurrentParity

@Suite struct ProductKernelTests {
  private static let shapes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 33]

  @Test(
    "The block product of whole numbers is exact, for every number of units and terms", arguments: shapes,
    shapes)
  func wholeNumbers(units: Int, depth: Int) {
    var random = Randomness(seed: UInt64(100 * units + depth))
    for rows in [1, 2, 3, 5] {
      let x = (0..<rows * depth).map { _ in Double(Int.random(in: -999...999, using: &random)) }
      let w = Matrix<Double>(
        rows: units, columns: depth,
        elements: (0..<units * depth).map { _ in Double(Int.random(in: -999...999, using: &random)) })
      var (sums, absolutes): ([Double], [Double]) = ([], [])
      for row in 0..<rows {
        for unit in 0..<units {
          let terms = (0..<depth).map { x[row * depth + $0] * w[unit, $0] }
          sums.append(terms.reduce(0, +))
          absolutes.append(terms.reduce(0) { $0 + $1.magnitude })
        }
      }
      let packed = PackedWeights(w)
      #expect(packed.absoluteSums == (0..<units).map { w.row($0).reduce(0) { $0 + $1.magnitude } })
      for block in [packed.products(x, rows: rows), packed.compensatedProducts(x, rows: rows)] {
        #expect(block.sum == sums)
        #expect(block.absolute == absolutes)
        #expect(block.remainder?.allSatisfy { $0 == 0 } ?? true)
      }
      #expect(packed.products(x, rows: rows).remainder == nil)
      #expect(packed.compensatedProducts(x, rows: rows).remainder != nil)
    }
  }

  @Test(
    "The plain product of Float32 values is off by at most K · 2⁻⁵³ · Σ|x·w|", arguments: [1, 2, 7, 33, 500])
  func plain(depth: Int) throws {
    var random = Randomness(seed: UInt64(depth))
    // 24-bit significands: each product is exact in Float64.
    let operands = WholeOperands(depth: depth, bits: 24, random: &random)
    let block = PackedWeights(operands.weights).products(operands.x, rows: 1)
    let error = (try #require(WideInteger(block.sum[0])) - operands.exact).approximate.magnitude
    // The terms are whole and their sum is below 2⁵³ up to K = 32, where nothing is rounded.
    #expect(error <= (depth <= 32 ? 0 : Double(depth) * 0x1p-53 * operands.absolute))
    #expect((block.absolute[0] - operands.absolute).magnitude <= Double(depth) * 0x1p-53 * operands.absolute)
  }

  @Test(
    "A compensated product of Float64 values is as exact as its claim, however much cancels",
    arguments: [1, 2, 3, 7, 33, 500], [false, true])
  func compensated(depth: Int, cancels: Bool) throws {
    var random = Randomness(seed: UInt64(depth))
    for _ in 0..<20 {
      let operands = WholeOperands(depth: depth, bits: 53, cancels: cancels, random: &random)
      let block = PackedWeights(operands.weights).compensatedProducts(operands.x, rows: 1)
      // The sum and its remainder are both whole, so their distance to the exact value is found without rounding.
      let low = try #require(block.remainder)
      let sum = try #require(WideInteger(block.sum[0])) + (try #require(WideInteger(low[0])))
      let error = (sum - operands.exact).approximate.magnitude
      let K = Double(depth)
      // The documented bound; its first term is the last rounding, which the two apart do not make.
      #expect(error <= K * K * 0x1p-105 * operands.absolute)
      let claim = 0x1p-53 * operands.exact.approximate.magnitude + K * K * 0x1p-105 * operands.absolute
      #expect(
        (block.sum[0] + low[0] - operands.exact.approximate).magnitude <= claim
          + operands.exact.approximate.ulp)
      // Where it cancels, the plain product cannot be that exact: the check is no tautology.
      if cancels, depth >= 33 {
        let plain = PackedWeights(operands.weights).products(operands.x, rows: 1)
        let plainError = (try #require(WideInteger(plain.sum[0])) - operands.exact).approximate.magnitude
        #expect(plainError > K * K * 0x1p-105 * operands.absolute)
      }
    }
  }

  @Test("What a plain sum loses beside a large term, the remainder holds")
  func remainder() {
    let weights = Matrix<Double>(rows: 1, columns: 4, elements: [1, 1, 1, 1])
    let x = [0x1p60, 1, 0.5, -0x1p60]
    #expect(PackedWeights(weights).products(x, rows: 1).sum == [0])
    let block = PackedWeights(weights).compensatedProducts(x, rows: 1)
    #expect(block.sum == [0])
    #expect(block.remainder == [1.5])
  }

  @Test("A product too large to be split falls back on the plain sum")
  func hugeOperands() {
    let weights = Matrix<Double>(rows: 1, columns: 2, elements: [0x1p-20, 1])
    let block = PackedWeights(weights).compensatedProducts([0x1p1000, 3], rows: 1)
    #expect(block.sum == [0x1p980])
    #expect(block.remainder == [0])
  }
}

/// One row of x, one unit of w: whole numbers of up to `bits` bits, and their exact inner product.
private struct WholeOperands {
  var x: [Double] = []
  var weights: Matrix<Double>
  var exact = WideInteger.zero
  /// `Σ|x·w|`, to within an ulp.
  var absolute: Double

  /// - Parameter cancels: whether the second half of the terms takes away the first but for the last bits.
  init(depth: Int, bits: Int, cancels: Bool = false, random: inout Randomness) {
    let limit = (1 << bits) - 1
    var w: [Int] = []
    var v: [Int] = []
    for k in 0..<depth {
      if cancels, k >= (depth + 1) / 2 {
        v.append(-v[k - (depth + 1) / 2])
        w.append(w[k - (depth + 1) / 2] ^ 1)
      } else {
        v.append(Int.random(in: -limit...limit, using: &random))
        w.append(Int.random(in: -limit...limit, using: &random))
      }
    }
    x = v.map(Double.init)
    weights = Matrix(rows: 1, columns: depth, elements: w.map(Double.init))
    for (a, b) in zip(v, w) { exact = exact + WideInteger(product: Int64(a), Int64(b)) }
    absolute = zip(v, w).reduce(0) { $0 + Double($1.0.magnitude) * Double($1.1.magnitude) }
  }
}

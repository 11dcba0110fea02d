import CProductKernels
import RandomNetworks
import Testing

/// Sizes on both sides of every tile, panel and chunk.
private let units = [1, 4, 7, 8, 9, 15, 16, 17, 40]
private let depths = [0, 1, 3, 127, 128, 129, 257]
private let sizes = [0, 0x1p-149, 0x1p-140, 1, 0x1p120]
private let rows = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16]

/// What this processor can run.
private let available = [InstructionSet.portable, .AVX2, .AVX512].filter {
  $0.rawValue <= best_instruction_set().rawValue
}

@Suite struct NarrowProductTests {
  @Test(
    "A sum is the one in Float64, bit for bit; one of magnitudes is off by at most its documented bound",
    arguments: available, [1.0, 0x1p-70, 0x1p60])
  func narrow(_ set: InstructionSet, size: Double) {
    for (rows, depth) in rows.flatMap({ rows in depths.map { (rows, $0) } }) {
      for units in units {
        var random = Randomness(seed: UInt64(1000 * units + depth))
        // Products of 2⁻¹⁴⁰ and less are subnormal in Float32, or nothing.
        let x = (0..<rows * depth).map { _ in Double(Float.random(in: -1...1, using: &random) * Float(size)) }
        let w = (0..<units * depth).map { _ in Double(Float.random(in: -1...1, using: &random) * Float(size))
        }
        var result = Sums(rows * units)
        narrow_products(
          set, tiled(x, rows), tiled(x.map { Float($0.magnitude) }, rows), panels(w.map { Float($0) }, units),
          rows, units, depth, &result.sum, &result.absolute)
        var exact = Sums(rows * units)
        block_products(.portable, x, panels(w, units), rows, units, depth, &exact.sum, &exact.absolute)
        #expect(result.sum == exact.sum, "\(rows) × \(depth) × \(units)")
        let lost = Double(depth) * 0x1p-149
        for (narrow, wide) in zip(result.absolute, exact.absolute) {
          #expect((narrow - wide).magnitude <= 0x1p-16 * narrow + lost, "\(rows) × \(depth) × \(units)")
        }
      }
    }
  }

  @Test("Rows lie in tiles, and their magnitudes beside them, rounded up", arguments: available)
  func tiles(_ set: InstructionSet) {
    for (rows, depth) in rows.flatMap({ rows in depths.map { (rows, $0) } }) {
      var random = Randomness(seed: UInt64(1000 * rows + depth))
      let x = (0..<rows * depth).map { _ in
        Double.random(in: -1...1, using: &random) * sizes[Int.random(in: 0..<5, using: &random)]
      }
      let expected = tiled(x, rows)
      var values = [Double](repeating: .nan, count: expected.count)
      var magnitudes = [Float](repeating: .nan, count: expected.count)
      #expect(tile_rows(set, x, rows, depth, &values, &magnitudes) != 0)
      #expect(values == expected, "\(rows) × \(depth)")
      for (value, magnitude) in zip(values, magnitudes) {
        #expect(Double(magnitude) >= value.magnitude)
        #expect(magnitude == 0 || Double(magnitude.nextDown) < value.magnitude)
      }
    }
  }

  @Test("Magnitudes that Float32 does not hold are refused", arguments: available)
  func tooLarge(_ set: InstructionSet) {
    var (values, magnitudes) = ([Double](repeating: 0, count: 72), [Float](repeating: 0, count: 72))
    for place in 0..<9 {
      var x = [Double](repeating: 1, count: 9)
      x[place] = -Double(Float.greatestFiniteMagnitude)
      #expect(tile_rows(set, x, 1, 9, &values, &magnitudes) != 0)
      x[place] = x[place].nextDown
      #expect(tile_rows(set, x, 1, 9, &values, &magnitudes) == 0)
    }
  }

  @Test("A sequential product is what a plain loop gives, bit for bit", arguments: available)
  func sequential(_ set: InstructionSet) {
    for (rows, depth) in rows.flatMap({ rows in depths.map { (rows, $0) } }) {
      for units in units {
        var random = Randomness(seed: UInt64(1000 * units + depth))
        expectSequential(sequential_products_float, set, rows, units, depth, random: &random)
        expectSequential(sequential_products_double, set, rows, units, depth, random: &random)
      }
    }
  }

  private func expectSequential<S: BinaryFloatingPoint>(
    _ kernel: (InstructionSet, UnsafePointer<S>, UnsafePointer<S>, Int, Int, Int, UnsafeMutablePointer<S>) ->
      Void,
    _ set: InstructionSet, _ rows: Int, _ units: Int, _ depth: Int, random: inout Randomness
  ) where S.RawSignificand: FixedWidthInteger {
    let x = (0..<rows * depth).map { _ in S.random(in: -1...1, using: &random) }
    let w = (0..<units * depth).map { _ in S.random(in: -1...1, using: &random) }
    // The element beyond the sums has to stay.
    let start = (0..<rows * units + 1).map { _ in S.random(in: -1...1, using: &random) }
    var expected = start
    for row in 0..<rows {
      for unit in 0..<units {
        for k in 0..<depth { expected[row * units + unit] += x[row * depth + k] * w[unit * depth + k] }
      }
    }
    var result = start
    kernel(set, tiled(x, rows), panels(w, units), rows, units, depth, &result)
    #expect(result == expected, "\(set) \(rows) × \(depth) × \(units)")
  }
}

private struct Sums {
  var sum: [Double]
  var absolute: [Double]

  init(_ count: Int) {
    sum = [Double](repeating: 7, count: count)
    absolute = sum
  }
}

/// `(units, K)` in panels.
private func panels<S: BinaryFloatingPoint>(_ w: [S], _ units: Int) -> [S] {
  blocked(w, units, Int(panel_width))
}

/// `(rows, K)` in tiles.
private func tiled<S: BinaryFloatingPoint>(_ x: [S], _ rows: Int) -> [S] { blocked(x, rows, Int(row_tile)) }

/// Groups of `width` rows, each group one column after the other, the last filled up with zeros.
private func blocked<S: BinaryFloatingPoint>(_ values: [S], _ rows: Int, _ width: Int) -> [S] {
  let depth = values.count / rows
  var result = [S](repeating: 0, count: (rows + width - 1) / width * width * depth)
  for row in 0..<rows {
    for k in 0..<depth { result[(row / width * depth + k) * width + row % width] = values[row * depth + k] }
  }
  return result
}

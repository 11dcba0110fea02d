import CProductKernels
import RandomNetworks
import Testing

/// Sizes on both sides of every tile and vector.
private let sizes = [0, 1, 3, 7, 8, 9, 16, 17, 33, 65]

/// What this processor can run.
private let available = [InstructionSet.portable, .AVX2, .AVX512].filter {
  $0.rawValue <= best_instruction_set().rawValue
}

@Suite struct InstructionSetTests {
  @Test("A block product is within (K + 2) · 2⁻⁵³ · S of a plain sum, and the same in every instruction set")
  func block() {
    for (units, depth) in sizes.flatMap({ units in sizes.map { (units, $0) } }) {
      for rows in [0, 1, 2, 5, 6, 7, 13] {
        var random = Randomness(seed: UInt64(1000 * units + depth))
        let x = values(rows * depth, &random)
        let w = values(units * depth, &random)
        let expected = sums(x, w, rows, units, depth)
        let portable = blockProducts(.portable, x, w, rows, units, depth)
        for index in expected.sum.indices {
          let bound = Double(depth + 2) * 0x1p-53 * expected.absolute[index]
          #expect((portable.sum[index] - expected.sum[index]).magnitude <= bound)
          #expect((portable.absolute[index] - expected.absolute[index]).magnitude <= bound)
        }
        for set in available {
          // The operands are Float32 values: no product is rounded, whether fused or not.
          #expect(
            blockProducts(set, x, w, rows, units, depth) == portable, "\(set) \(rows) × \(depth) × \(units)")
        }
      }
    }
  }

  @Test("A row product is within (K + 2) · u · S of a plain sum, and the same in every instruction set")
  func row() {
    for (columns, depth) in sizes.flatMap({ columns in sizes.map { (columns, $0) } }) {
      for rows in [0, 1, 2, 3, 5] {
        var random = Randomness(seed: UInt64(1000 * columns + depth))
        let x = values(rows * depth, &random)
        let w = values(columns * depth, &random)
        let expected = sums(x, w, rows, columns, depth)
        let narrow = (x.map { Float($0) }, w.map { Float($0) })
        let portable = rowProducts(row_products_double, .portable, x, w, rows, columns, depth)
        let portableFloat = rowProducts(
          row_products_float, .portable, narrow.0, narrow.1, rows, columns, depth)
        for index in expected.sum.indices {
          let size = Double(depth + 2) * expected.absolute[index]
          #expect((portable[index] - expected.sum[index]).magnitude <= 0x1p-53 * size)
          #expect((Double(portableFloat[index]) - expected.sum[index]).magnitude <= 0x1p-24 * size)
        }
        for set in available {
          #expect(
            rowProducts(row_products_double, set, x, w, rows, columns, depth) == portable,
            "\(set) \(rows) × \(depth) × \(columns)")
          #expect(
            rowProducts(row_products_float, set, narrow.0, narrow.1, rows, columns, depth) == portableFloat,
            "\(set) \(rows) × \(depth) × \(columns)")
        }
      }
    }
  }
}

// MARK: Operands and sums

/// Float32 values of either sign.
private func values(_ count: Int, _ random: inout Randomness) -> [Double] {
  (0..<count).map { _ in Double(Float.random(in: -1...1, using: &random)) }
}

private struct Block: Equatable {
  var sum: [Double]
  var absolute: [Double]
}

/// One term after the other.
private func sums(_ x: [Double], _ w: [Double], _ rows: Int, _ units: Int, _ depth: Int) -> Block {
  var result = Block(sum: [], absolute: [])
  for row in 0..<rows {
    for unit in 0..<units {
      var (sum, absolute) = (0.0, 0.0)
      for k in 0..<depth {
        let product = x[row * depth + k] * w[unit * depth + k]
        sum += product
        absolute += product.magnitude
      }
      result.sum.append(sum)
      result.absolute.append(absolute)
    }
  }
  return result
}

/// The kernel on weights in panels; the sums' last element is beyond them, and must stay.
private func blockProducts(
  _ set: InstructionSet, _ x: [Double], _ w: [Double], _ rows: Int, _ units: Int, _ depth: Int
) -> Block {
  let width = Int(panel_width)
  var panels = [Double](repeating: 0, count: (units + width - 1) / width * depth * width)
  for unit in 0..<units {
    for k in 0..<depth {
      panels[(unit / width * depth + k) * width + unit % width] = w[unit * depth + k]
    }
  }
  var result = Block(
    sum: [Double](repeating: 7, count: rows * units + 1),
    absolute: [Double](repeating: 7, count: rows * units + 1))
  block_products(set, x, panels, rows, units, depth, &result.sum, &result.absolute)
  #expect(result.sum.popLast() == 7)
  #expect(result.absolute.popLast() == 7)
  return result
}

private func rowProducts<S: BinaryFloatingPoint>(
  _ kernel: (InstructionSet, UnsafePointer<S>, UnsafePointer<S>, Int, Int, Int, UnsafeMutablePointer<S>) ->
    Void,
  _ set: InstructionSet, _ x: [S], _ w: [S], _ rows: Int, _ columns: Int, _ depth: Int
) -> [S] {
  var out = [S](repeating: 7, count: rows * columns + 1)
  kernel(set, x, w, rows, columns, depth, &out)
  #expect(out.popLast() == 7)
  return out
}

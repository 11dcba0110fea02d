internal import CProductKernels
import Recurrent

/// A weight matrix in the order in which the block product reads it: panels of units, each panel one column after
/// the other.
struct PackedWeights: Sendable {
  private static let width = Int(panel_width)

  /// H, the number of results of a row.
  let units: Int
  /// K, the number of terms of a result.
  let depth: Int
  /// `⌈H / width⌉ · K · width` values; the last panel is filled up with zeros.
  private let panels: [Double]
  /// `Σ_k |w|` of each unit.
  let absoluteSums: [Double]

  /// - Parameter weights: `(H, K)`.
  init(_ weights: Matrix<Double>) {
    let (units, depth, width) = (weights.rows, weights.columns, Self.width)
    let count = (units + width - 1) / width * depth * width
    var sums = [Double](repeating: 0, count: units)
    panels = [Double](unsafeUninitializedCapacity: count) { panels, initialized in
      initialized = count
      if units % width != 0 { panels.dropFirst(units / width * depth * width).initialize(repeating: 0) }
      weights.elements.withUnsafeBufferPointer { elements in
        // A few columns at a time, so that what is read and written stays in cache.
        for first in stride(from: 0, to: units, by: width) {
          for columns in stride(from: 0, to: depth, by: 8) {
            for unit in first..<min(first + width, units) {
              for k in columns..<min(columns + 8, depth) {
                let w = elements[unit * depth + k]
                panels[first * depth + k * width + unit - first] = w
                sums[unit] += w.magnitude
              }
            }
          }
        }
      }
    }
    self.units = units
    self.depth = depth
    absoluteSums = sums
  }

  private init(units: Int, depth: Int, panels: [Double], absoluteSums: [Double]) {
    self.units = units
    self.depth = depth
    self.panels = panels
    self.absoluteSums = absoluteSums
  }

  /// `w²`
  var squared: PackedWeights {
    PackedWeights(
      units: units, depth: depth, panels: panels.map { $0 * $0 }, absoluteSums: absoluteSums.map { _ in 0 })
  }

  /// The weights of four units in column k; zeros stand for units that are not there.
  func column(_ k: Int, ofFourFrom unit: Int) -> SIMD4<Double> {
    let start = (unit / Self.width * depth + k) * Self.width + unit % Self.width
    return SIMD4(panels[start], panels[start + 1], panels[start + 2], panels[start + 3])
  }

  /// The products of a block of rows with these weights: `Σ x·w` and `Σ |x·w|`, in Float64.
  ///
  /// A product of two Float32 values is exact in Float64, so the sums are off by at most `K · 2⁻⁵³ · Σ|x·w|`.
  /// - Parameter x: `(rows, K)`, row-major.
  func products(_ x: [Double], rows: Int) -> BlockProducts {
    precondition(x.count == rows * depth)
    var result = BlockProducts(rows: rows, units: units)
    block_products(
      best_instruction_set(), x, panels, rows, units, depth, &result.sum, &result.absolute)
    return result
  }
}

/// `Σ x·w` and `Σ |x·w|` of a block, each `(rows, units)`.
struct BlockProducts: Sendable {
  var sum: [Double]
  /// What `sum` lacks of the exact value, where compensated.
  var remainder: [Double]?
  var absolute: [Double]

  init(rows: Int, units: Int) {
    sum = [Double](repeating: 0, count: rows * units)
    absolute = sum
  }
}

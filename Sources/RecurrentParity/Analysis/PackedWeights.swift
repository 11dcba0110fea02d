import Recurrent

/// A weight matrix in the order in which the block product reads it: panels of four units, each panel one
/// column after the other.
struct PackedWeights: Sendable {
  static let width = 4

  /// H, the number of results of a row.
  let units: Int
  /// K, the number of terms of a result.
  let depth: Int
  /// `⌈H / 4⌉ · K · 4` values; the last panel is filled up with zeros.
  let panels: [Double]
  /// `Σ_k |w|` of each unit.
  let absoluteSums: [Double]

  /// - Parameter weights: `(H, K)`.
  init(_ weights: Matrix<Double>) {
    let (units, depth, width) = (weights.rows, weights.columns, Self.width)
    let panelCount = (units + width - 1) / width
    var sums = [Double](repeating: 0, count: units)
    let panels = [Double](unsafeUninitializedCapacity: panelCount * depth * width) { panels, count in
      count = panelCount * depth * width
      panels.initialize(repeating: 0)
      weights.elements.withUnsafeBufferPointer { elements in
        for unit in 0..<units {
          let start = (unit / width) * depth * width + unit % width
          for k in 0..<depth {
            let w = elements[unit * depth + k]
            panels[start + k * width] = w
            sums[unit] += w.magnitude
          }
        }
      }
    }
    self.units = units
    self.depth = depth
    self.panels = panels
    absoluteSums = sums
  }

  /// The products of a block of rows with these weights: `Σ x·w` and `Σ |x·w|`, in Float64.
  ///
  /// A product of two Float32 values is exact in Float64, so the sums are off by at most `K · 2⁻⁵³ · Σ|x·w|`.
  /// - Parameter x: `(rows, K)`, row-major.
  func products(_ x: [Double], rows: Int) -> BlockProducts {
    precondition(x.count == rows * depth)
    var result = BlockProducts(rows: rows, units: units)
    x.withUnsafeBufferPointer { x in
      panels.withUnsafeBufferPointer { panels in
        // A panel stays in cache while all rows pass it.
        for first in stride(from: 0, to: units, by: Self.width) {
          for row in stride(from: 0, to: rows, by: 2) {
            let paired = row + 1 < rows
            let (sums, absolutes) = tile(x, panels, row, paired ? row + 1 : row, first)
            for lane in 0..<min(Self.width, units - first) {
              result.sum[row * units + first + lane] = sums.0[lane]
              result.absolute[row * units + first + lane] = absolutes.0[lane]
              guard paired else { continue }
              result.sum[(row + 1) * units + first + lane] = sums.1[lane]
              result.absolute[(row + 1) * units + first + lane] = absolutes.1[lane]
            }
          }
        }
      }
    }
    return result
  }

  /// Two rows by one panel. Sixteen accumulators fill the vector registers of the oldest x86-64.
  @inline(__always)
  private func tile(
    _ x: UnsafeBufferPointer<Double>, _ panels: UnsafeBufferPointer<Double>, _ row0: Int, _ row1: Int,
    _ first: Int
  ) -> (sums: (SIMD4<Double>, SIMD4<Double>), absolutes: (SIMD4<Double>, SIMD4<Double>)) {
    var (sum0, sum1) = (SIMD4<Double>(), SIMD4<Double>())
    var (absolute0, absolute1) = (SIMD4<Double>(), SIMD4<Double>())
    guard depth > 0, let x = x.baseAddress, let start = panels.baseAddress else {
      return ((sum0, sum1), (absolute0, absolute1))
    }
    let panel = UnsafeRawPointer(start + first * depth)
    let (a, b) = (x + row0 * depth, x + row1 * depth)
    for k in 0..<depth {
      let w = panel.loadUnaligned(fromByteOffset: k * 32, as: SIMD4<Double>.self)
      let (p, q) = (w * a[k], w * b[k])
      sum0 += p
      sum1 += q
      absolute0 += magnitude(p)
      absolute1 += magnitude(q)
    }
    return ((sum0, sum1), (absolute0, absolute1))
  }

  @inline(__always)
  private func magnitude(_ x: SIMD4<Double>) -> SIMD4<Double> {
    unsafeBitCast(
      unsafeBitCast(x, to: SIMD4<UInt64>.self) & SIMD4<UInt64>(repeating: 0x7fff_ffff_ffff_ffff),
      to: SIMD4<Double>.self)
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

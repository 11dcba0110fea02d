internal import CProductKernels
import Recurrent

/// A weight matrix in the order in which the block product reads it: panels of units, each panel one column after
/// the other.
struct PackedWeights: Sendable {
  static let width = Int(panel_width)

  /// H, the number of results of a row.
  let units: Int
  /// K, the number of terms of a result.
  let depth: Int
  private let panels: Panels
  /// `Σ_k |w|` of each unit.
  let absoluteSums: [Double]

  /// `⌈H / width⌉ · K · width` values; the last panel is filled up with zeros.
  private enum Panels: Sendable {
    /// Of weights that Float32 holds.
    case narrow([Float])
    case wide([Double])
  }

  /// - Parameters:
  ///   - weights: `(H, K)`.
  ///   - mayNarrow: whether sums of magnitudes may be in Float32, where it holds the weights.
  init(
    _ weights: Matrix<Double>, mayNarrow: Bool = false, in set: InstructionSet = best_instruction_set()
  ) {
    units = weights.rows
    depth = weights.columns
    if mayNarrow, let (panels, sums) = Self.narrowPanels(weights, in: set) {
      self.panels = .narrow(panels)
      absoluteSums = sums
    } else {
      panels = .wide(Self.panels(weights.elements, units: weights.rows) { $0 })
      absoluteSums = (0..<weights.rows).map { weights.row($0).reduce(0) { $0 + $1.magnitude } }
    }
  }

  /// The panels in Float32, and `Σ_k |w|` of each unit; nil where Float32 does not hold the weights.
  private static func narrowPanels(
    _ weights: Matrix<Double>, in set: InstructionSet
  ) -> (panels: [Float], sums: [Double])? {
    let (units, depth) = (weights.rows, weights.columns)
    var areHeld = false
    var sums = [Double](repeating: 0, count: units)
    let count = (units + width - 1) / width * depth * width
    let panels = [Float](unsafeUninitializedCapacity: count) { panels, initialized in
      initialized = count
      areHeld = pack_narrow_weights(set, weights.elements, units, depth, panels.baseAddress, &sums) != 0
    }
    return areHeld ? (panels, sums) : nil
  }

  /// Whether they are in Float32, which then holds them all.
  var areNarrow: Bool { if case .narrow = panels { true } else { false } }

  /// Whether sums of this many terms are better taken in Float32: a part of them is always in Float64.
  static func areWorthNarrowing(depth: Int) -> Bool { depth > Int(magnitude_chunk) }

  /// The panels of a matrix `(H, K)`.
  static func panels<From, To: FloatingPoint>(
    _ elements: [From], units: Int, _ converted: (From) -> To
  ) -> [To] {
    let depth = units == 0 ? 0 : elements.count / units
    let count = (units + width - 1) / width * depth * width
    return [To](unsafeUninitializedCapacity: count) { panels, initialized in
      initialized = count
      if units % width != 0 { panels.dropFirst(units / width * depth * width).initialize(repeating: 0) }
      elements.withUnsafeBufferPointer { elements in
        // A few columns at a time, so that what is read and written stays in cache.
        for first in stride(from: 0, to: units, by: width) {
          for columns in stride(from: 0, to: depth, by: 16) {
            for unit in first..<min(first + width, units) {
              for k in columns..<min(columns + 16, depth) {
                panels[first * depth + k * width + unit - first] = converted(elements[unit * depth + k])
              }
            }
          }
        }
      }
    }
  }

  /// The weights of four units in column k; zeros stand for units that are not there.
  func column(_ k: Int, ofFourFrom unit: Int) -> SIMD4<Double> {
    let start = (unit / Self.width * depth + k) * Self.width + unit % Self.width
    func four<S: BinaryFloatingPoint>(_ panels: [S]) -> SIMD4<Double> {
      SIMD4(
        Double(panels[start]), Double(panels[start + 1]), Double(panels[start + 2]), Double(panels[start + 3])
      )
    }
    switch panels {
    case .narrow(let panels): return four(panels)
    case .wide(let panels): return four(panels)
    }
  }

  /// The products of a block of rows with these weights: `Σ x·w` and `Σ |x·w|`, in Float64.
  ///
  /// A product of two Float32 values is exact in Float64, so the sums are off by at most `K · 2⁻⁵³ · Σ|x·w|`.
  /// - Parameters:
  ///   - x: `(rows, K)`, row-major.
  ///   - range: the units to compute, from the beginning of a panel; nil means all.
  func products(
    _ x: [Double], rows: Int, units range: Range<Int>? = nil,
    in set: InstructionSet = best_instruction_set()
  ) -> BlockProducts {
    let range = range ?? 0..<units
    switch panels {
    case .wide(let panels):
      return wideProducts(x, rows: rows, panels[place(of: range)], units: range, in: set)
    case .narrow(let panels):
      let panels = panels[place(of: range)].map { Double($0) }
      return wideProducts(x, rows: rows, panels[...], units: range, in: set)
    }
  }

  /// `Σ r·|w|` of a block of rows of radii; nil where all are zero.
  func radiusProducts(_ radii: [Double], rows: Int, units: Range<Int>, in set: InstructionSet) -> [Double]? {
    spreadProducts(radii, rows: rows, units: units, in: set) { $0.magnitude }
  }

  /// `Σ s²·w²` of a block of rows of scales; nil where all are zero.
  func varianceProducts(_ scales: [Double], rows: Int, units: Range<Int>, in set: InstructionSet) -> [Double]?
  {
    spreadProducts(scales.map { $0 * $0 }, rows: rows, units: units, in: set) { $0 * $0 }
  }

  /// `Σ x·f(w)`, of values x that are most often zero where they come from a rounding.
  private func spreadProducts(
    _ x: [Double], rows: Int, units range: Range<Int>, in set: InstructionSet, _ f: (Double) -> Double
  ) -> [Double]? {
    let present = x.indices.filter { x[$0] != 0 }
    guard !present.isEmpty else { return nil }
    func weight(_ index: Int) -> Double {
      switch panels {
      case .wide(let panels): f(panels[index])
      case .narrow(let panels): f(Double(panels[index]))
      }
    }
    guard 8 * present.count < x.count else {
      let panels = place(of: range).map(weight)
      return wideProducts(x, rows: rows, panels[...], units: range, in: set).sum
    }
    var sums = [Double](repeating: 0, count: rows * range.count)
    for index in present {
      let (row, k) = index.quotientAndRemainder(dividingBy: depth)
      for unit in range {
        let place = (unit / Self.width * depth + k) * Self.width + unit % Self.width
        sums[row * range.count + unit - range.lowerBound] += x[index] * weight(place)
      }
    }
    return sums
  }

  /// Where the panels of some units lie.
  private func place(of units: Range<Int>) -> Range<Int> {
    precondition(units.lowerBound % Self.width == 0 && units.upperBound <= self.units)
    let panels = (units.upperBound + Self.width - 1) / Self.width
    return units.lowerBound * depth..<max(units.lowerBound, panels * Self.width) * depth
  }

  private func wideProducts(
    _ x: [Double], rows: Int, _ panels: ArraySlice<Double>, units: Range<Int>, in set: InstructionSet
  ) -> BlockProducts {
    precondition(x.count == rows * depth)
    return panels.withUnsafeBufferPointer { panels in
      BlockProducts(rows: rows, units: units.count) { sum, absolute in
        block_products(set, x, panels.baseAddress, rows, units.count, depth, sum, absolute)
      }
    }
  }

  /// The same, `Σ |x·w|` in Float32 and rounded up, where these weights are narrow and the rows allow for it.
  func products(
    _ x: ProductOperand, units range: Range<Int>, in set: InstructionSet = best_instruction_set()
  ) -> BlockProducts {
    guard case .narrow(let panels) = panels, let (tiles, magnitudes) = x.tiles else {
      return products(x.value.midpoint, rows: x.value.rows, units: range, in: set)
    }
    precondition(tiles.depth == depth)
    var result = panels[place(of: range)].withUnsafeBufferPointer { panels in
      BlockProducts(rows: tiles.rows, units: range.count) { sum, absolute in
        narrow_products(
          set, tiles.values, magnitudes.values, panels.baseAddress, tiles.rows, range.count, depth, sum,
          absolute)
      }
    }
    result.excess = 0x1p-16
    result.lost = Double(depth) * 0x1p-149
    return result
  }
}

/// `Σ x·w` and `Σ |x·w|` of a block, each `(rows, units)`.
struct BlockProducts: Sendable {
  var sum: [Double]
  /// What `sum` lacks of the exact value, where compensated.
  var remainder: [Double]?
  var absolute: [Double]
  /// How much `absolute` may be too small, of itself and absolutely.
  var excess = 0.0
  var lost = 0.0

  /// - Parameter kernel: writes `sum` and `absolute`.
  init(
    rows: Int, units: Int, _ kernel: (UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?) -> Void
  ) {
    let count = rows * units
    var absolute: [Double] = []
    sum = [Double](unsafeUninitializedCapacity: count) { sum, written in
      written = count
      absolute = [Double](unsafeUninitializedCapacity: count) { absolute, written in
        written = count
        kernel(sum.baseAddress, absolute.baseAddress)
      }
    }
    self.absolute = absolute
  }
}

internal import CProductKernels
import Recurrent

/// A block of rows in the order in which the products of weights in panels read it: tiles of a few rows, each tile one
/// column after the other, the last filled up with zeros.
struct RowTiles<S: Scalar>: Sendable {
  private static var height: Int { Int(row_tile) }

  let rows: Int
  /// K
  let depth: Int
  /// `⌈rows / height⌉ · K · height` values.
  let values: [S]

  /// - Parameter x: `(rows, K)`, row-major.
  init(_ x: [S], rows: Int) {
    let (height, depth) = (Self.height, rows == 0 ? 0 : x.count / rows)
    let count = (rows + height - 1) / height * height * depth
    values = [S](unsafeUninitializedCapacity: count) { tiles, initialized in
      initialized = count
      x.withUnsafeBufferPointer { x in
        for first in stride(from: 0, to: rows, by: height) {
          let present = min(height, rows - first)
          // A few columns at a time, so that what is read and written stays in cache.
          for columns in stride(from: 0, to: depth, by: 16) {
            for row in 0..<height {
              for k in columns..<min(columns + 16, depth) {
                let place = first * depth + k * height + row
                (tiles.baseAddress.map { $0 + place })?.initialize(
                  to: row < present ? x[(first + row) * depth + k] : 0)
              }
            }
          }
        }
      }
    }
    self.rows = rows
    self.depth = depth
  }

  private init(rows: Int, depth: Int, values: [S]) {
    self.rows = rows
    self.depth = depth
    self.values = values
  }
}

extension RowTiles<Double> {
  /// The tiles of rows, and of their magnitudes in Float32, rounded up; nil where one is too large for it.
  static func withMagnitudes(_ x: [Double], rows: Int) -> (values: RowTiles, magnitudes: RowTiles<Float>)? {
    let depth = rows == 0 ? 0 : x.count / rows
    let count = (rows + height - 1) / height * height * depth
    var areHeld = false
    var magnitudes: [Float] = []
    let values = [Double](unsafeUninitializedCapacity: count) { values, initialized in
      initialized = count
      magnitudes = [Float](unsafeUninitializedCapacity: count) { magnitudes, initialized in
        initialized = count
        areHeld =
          tile_rows(best_instruction_set(), x, rows, depth, values.baseAddress, magnitudes.baseAddress) != 0
      }
    }
    guard areHeld else { return nil }
    return (
      RowTiles(rows: rows, depth: depth, values: values),
      RowTiles<Float>(rows: rows, depth: depth, values: magnitudes)
    )
  }
}

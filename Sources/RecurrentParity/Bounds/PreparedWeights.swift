import Dispatch
import Recurrent

/// The weights of some cells made ready once, for the many hypotheses that use them, and the products of a few
/// rows with them: most hypotheses only combine the same products in another way.
struct PreparedWeights: Sendable {
  /// By where the elements lie. The matrices are kept with them, so no other can come to lie there.
  private let weights: [UInt: CertifiedArithmetic.Weights]
  private let known = ProductCache()
  /// Larger blocks are not worth keeping.
  private static let rows = 8

  init(_ cells: [Cell<Double>], roundoff: Double, in arithmetic: ErrorModel) {
    let matrices = cells.flatMap(\.gates).flatMap { [$0.gate.weightIH, $0.gate.weightHH] }
    let distinct = Dictionary(matrices.map { (Self.place($0), $0) }) { first, _ in first }
    let certified = CertifiedArithmetic(arithmetic: arithmetic)
    let ready = Array(distinct).concurrentMap {
      ($0.key, certified.weights($0.value, of: .input, roundoff: roundoff))
    }
    weights = Dictionary(uniqueKeysWithValues: ready)
  }

  subscript(_ matrix: Matrix<Double>) -> CertifiedArithmetic.Weights? { weights[Self.place(matrix)] }

  /// The products of a block of rows with some units' weights, computed once where the weights are prepared.
  func products(
    _ ready: CertifiedArithmetic.Weights, _ operand: ProductOperand, units: Range<Int>,
    otherwise compute: () -> BlockProducts
  ) -> BlockProducts {
    let place = Self.place(ready.matrix)
    guard operand.value.rows <= Self.rows, weights[place] != nil else { return compute() }
    return known.products(place, operand.value.midpoint, units: units, otherwise: compute)
  }

  private static func place(_ matrix: Matrix<Double>) -> UInt {
    matrix.elements.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
  }
}

/// Products by weights and operand.
private final class ProductCache: @unchecked Sendable {
  private struct Key: Hashable {
    let weights: UInt
    let units: Range<Int>
    let operand: Int
  }

  /// Guards the dictionary.
  private let queue = DispatchQueue(label: "products")
  private var products: [Key: BlockProducts] = [:]

  func products(
    _ weights: UInt, _ operand: [Double], units: Range<Int>, otherwise compute: () -> BlockProducts
  ) -> BlockProducts {
    var hasher = Hasher()
    operand.withUnsafeBytes { hasher.combine(bytes: $0) }
    let key = Key(weights: weights, units: units, operand: hasher.finalize())
    if let known = queue.sync(execute: { products[key] }) { return known }
    let result = compute()
    queue.sync { products[key] = result }
    return result
  }
}

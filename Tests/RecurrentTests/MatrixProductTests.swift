import RandomNetworks
import Recurrent
import Testing

/// Shapes on both sides of every block that a kernel may work in.
private let sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65]
private let depths = sizes + [127, 129]

@Suite struct MatrixProductTests {
  @Test("x Wᵀ of whole numbers is exact, whatever the depth", arguments: Precision.allCases, depths)
  func wholeNumbers(_ precision: Precision, _ depth: Int) {
    check(precision.type)

    // |Σ| ≤ 129 · 9 · 9 < 2²⁴, so no sum rounds in any order.
    func check<S: Scalar>(_: S.Type) {
      for (rows, columns) in [(1, 1), (1, 5), (2, 4), (3, 7), (5, 9)] {
        let x = wholeMatrix(rows, depth, of: S.self, seed: 1)
        let w = wholeMatrix(columns, depth, of: S.self, seed: 2)
        #expect(x * w.T == tripleLoop(x, w), "\(rows) × \(depth) × \(columns)")
      }
    }
  }

  @Test("x Wᵀ has a row for each row of x and a column for each of W", arguments: sizes, sizes)
  func shape(rows: Int, columns: Int) {
    let x = wholeMatrix(rows, 3, of: Float.self, seed: 3)
    let w = wholeMatrix(columns, 3, of: Float.self, seed: 4)
    let product = x * w.T
    #expect((product.rows, product.columns) == (rows, columns))
    #expect(product == tripleLoop(x, w))
  }

  @Test("x Wᵀ of fractions is within the rounding error of a sum", arguments: Precision.allCases, depths)
  func fractions(_ precision: Precision, _ depth: Int) {
    check(precision.type)

    // Each of two evaluations of the same inner product, in whatever order, is within K·u·Σ|x·w| of its exact
    // value (Jeannerod & Rump 2013); they are within twice that of each other. The sum S is itself evaluated
    // with a relative error of at most K·u, which one more K·u·S covers as long as K·u < 1.
    func check<S: Scalar>(_: S.Type) {
      var random = Randomness(seed: UInt64(depth))
      let x: Matrix<S> = random.matrix(3, depth)
      let w: Matrix<S> = random.matrix(5, depth)
      let (product, expected) = (x * w.T, tripleLoop(x, w))
      let size = tripleLoop(x.magnitudes, w.magnitudes)
      for index in product.elements.indices {
        let bound = 3 * S(depth) * S.unitRoundoff * size.elements[index]
        #expect(abs(product.elements[index] - expected.elements[index]) <= bound)
      }
    }
  }

  @Test("A row of the product does not depend on the other rows", arguments: Precision.allCases, depths)
  func independentRows(_ precision: Precision, _ depth: Int) {
    check(precision.type)

    func check<S: Scalar>(_: S.Type) {
      var random = Randomness(seed: UInt64(depth))
      let x: Matrix<S> = random.matrix(5, depth)
      let w: Matrix<S> = random.matrix(6, depth)
      let product = x * w.T
      for row in 0..<x.rows {
        let alone = Matrix(rows: 1, columns: depth, elements: Array(x.row(row)))
        #expect((alone * w.T).elements == Array(product.row(row)))
      }
    }
  }

  @Test("NaN and infinity in an operand reach the results that they belong to, and no others")
  func notFinite() {
    var x = wholeMatrix(3, 9, of: Float.self, seed: 5)
    let w = wholeMatrix(4, 9, of: Float.self, seed: 6)
    x[1, 8] = .nan
    let product = x * w.T
    for row in 0..<3 {
      #expect(product.row(row).allSatisfy(\.isNaN) == (row == 1))
      #expect(product.row(row).contains(where: \.isNaN) == (row == 1))
    }
  }

  @Test("Transposing twice changes nothing, and once exchanges rows and columns")
  func transposition() {
    let w = wholeMatrix(3, 5, of: Double.self, seed: 7)
    let transposed = w.transposed()
    #expect((transposed.rows, transposed.columns) == (5, 3))
    #expect(transposed[4, 2] == w[2, 4])
    #expect(transposed != w)
    #expect(transposed.transposed() == w)
  }
}

/// `Σ_k x[r, k] · w[j, k]`, as it is written.
private func tripleLoop<S: Scalar>(_ x: Matrix<S>, _ w: Matrix<S>) -> Matrix<S> {
  var result = Matrix<S>(zeros: x.rows, w.rows)
  for r in 0..<x.rows {
    for j in 0..<w.rows {
      for k in 0..<x.columns { result[r, j] += x[r, k] * w[j, k] }
    }
  }
  return result
}

/// Whole numbers from −9 to 9.
private func wholeMatrix<S: Scalar>(_ rows: Int, _ columns: Int, of: S.Type, seed: UInt64) -> Matrix<S> {
  var random = Randomness(seed: seed)
  let elements = (0..<rows * columns).map { _ in S(Int.random(in: -9...9, using: &random)) }
  return Matrix(rows: rows, columns: columns, elements: elements)
}

extension Matrix {
  fileprivate var magnitudes: Matrix {
    Matrix(rows: rows, columns: columns, elements: elements.map { abs($0) })
  }
}

/// A dense matrix, row-major.
public struct Matrix<S: Scalar>: Equatable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// `rows · columns` values; element `(r, c)` is `elements[r * columns + c]`. Their number stays: with another one the
  /// program stops where the matrix is used.
  public var elements: [S]

  /// A matrix of these elements, row-major; traps where they are not `rows · columns`.
  ///
  /// - Precondition: there are `rows · columns` elements.
  @inlinable
  public init(rows: Int, columns: Int, elements: [S]) {
    precondition(rows >= 0 && columns >= 0 && elements.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// Zeros `(rows, columns)`.
  @inlinable
  public init(zeros rows: Int, _ columns: Int) {
    self.init(rows: rows, columns: columns, elements: [S](repeating: 0, count: rows * columns))
  }

  /// The element of that row and column, from 0.
  @inlinable
  public subscript(row: Int, column: Int) -> S {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// The `columns` elements of one row.
  @inlinable
  public func row(_ index: Int) -> ArraySlice<S> {
    elements[index * columns..<(index + 1) * columns]
  }

  /// The transpose, as a value with its own storage.
  @inlinable
  public func transposed() -> Matrix {
    let transposed = [S](unsafeUninitializedCapacity: rows * columns) { out, count in
      count = rows * columns
      elements.withUnsafeBufferPointer { elements in
        for c in 0..<columns {
          for r in 0..<rows { out[c * rows + r] = elements[r * columns + c] }
        }
      }
    }
    return Matrix(rows: columns, columns: rows, elements: transposed)
  }

  /// The same values in another scalar type, each rounded to nearest where it does not fit.
  public func converted<T: Scalar>(to type: T.Type) -> Matrix<T> {
    Matrix<T>(rows: rows, columns: columns, elements: T.rounded(S.widened(elements)))
  }

  /// The transpose as it stands in a formula, `x * W.T`: nothing is moved.
  package var T: Transpose<S> { Transpose(matrix: self) }
}

/// A matrix read with rows and columns exchanged.
public struct Transpose<S: Scalar>: Sendable {
  /// The matrix as it is stored.
  public let matrix: Matrix<S>

  /// The transpose of a matrix, without moving anything.
  @inlinable
  public init(matrix: Matrix<S>) { self.matrix = matrix }
}

extension Matrix {
  /// The matrix product `x Wᵀ`: `x (B, K)` with `W (N, K)` gives `(B, N)`.
  public static func * (x: Matrix, w: Transpose<S>) -> Matrix {
    let w = w.matrix
    precondition(x.columns == w.columns)
    return Matrix(
      rows: x.rows, columns: w.rows,
      elements: S.rowProducts(x.elements, w.elements, rows: x.rows, units: w.rows, depth: w.columns))
  }

  /// The matrix product: `x (B, K)` with `w (K, N)` gives `(B, N)`.
  ///
  /// - Precondition: x has as many columns as w has rows.
  public static func * (x: Matrix, w: Matrix) -> Matrix { x * Transpose(matrix: w.transposed()) }

  /// The sum, element by element, of two matrices of one shape.
  @inlinable
  public static func + (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rows == b.rows && a.columns == b.columns)
    var sum = a
    for i in sum.elements.indices { sum.elements[i] += b.elements[i] }
    return sum
  }

  /// Adds a bias to every row; a cell without that bias adds nothing.
  @inlinable
  public static func + (a: Matrix, bias: [S]?) -> Matrix {
    guard let bias else { return a }
    precondition(bias.count == a.columns)
    var sum = a
    for row in 0..<a.rows {
      for column in 0..<a.columns { sum.elements[row * a.columns + column] += bias[column] }
    }
    return sum
  }

  /// `max(−limit, min(limit, x))` of every element; nil changes nothing.
  @inlinable
  public func clipped(to limit: Double?) -> Matrix {
    guard let limit = limit.map({ S($0) }) else { return self }
    var result = self
    for i in result.elements.indices {
      let x = result.elements[i]
      result.elements[i] = x > limit ? limit : x < -limit ? -limit : x
    }
    return result
  }

  /// `p · old + (1 − p) · self`; without a share p nothing changes, and nothing is rounded.
  func zoned(by p: Double, from old: Matrix) -> Matrix {
    guard p != 0 else { return self }
    let share = [S](repeating: S(p), count: columns)
    return share ⊙ old + share.map { 1 - $0 } ⊙ self
  }

  /// The difference, element by element, of two matrices of one shape.
  @inlinable
  public static func - (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rows == b.rows && a.columns == b.columns)
    var difference = a
    for i in difference.elements.indices { difference.elements[i] -= b.elements[i] }
    return difference
  }

  /// `1 − z`, element by element.
  @inlinable
  public static func - (one: S, z: Matrix) -> Matrix {
    var difference = z
    for i in difference.elements.indices { difference.elements[i] = one - z.elements[i] }
    return difference
  }

  /// The elementwise product.
  @inlinable
  public static func ⊙ (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rows == b.rows && a.columns == b.columns)
    var product = a
    for i in product.elements.indices { product.elements[i] *= b.elements[i] }
    return product
  }

  /// The elementwise product of every row with a vector.
  @inlinable
  public static func ⊙ (vector: [S], b: Matrix) -> Matrix {
    precondition(vector.count == b.columns)
    var product = b
    for row in 0..<b.rows {
      for column in 0..<b.columns { product.elements[row * b.columns + column] *= vector[column] }
    }
    return product
  }
}

infix operator ⊙ : MultiplicationPrecedence

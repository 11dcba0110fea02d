import Recurrent

/// What a name of an equation stands for while it is run. A vector is a row or a column, as its place needs it.
enum NotationValue {
  case number(Double)
  case vector([Double])
  case matrix(Matrix<Double>)
}

extension Expression {
  /// Its value, by what its names stand for and what its functions do to an element.
  func value(
    _ names: [String: NotationValue], _ functions: [String: (Double) -> Double]
  ) throws(NotationError) -> NotationValue {
    switch self {
    case .number(let number): return .number(number)
    case .name(let name):
      guard let value = names[name] else {
        throw NotationError(text: name, expected: "a name of the notation", found: "another")
      }
      return value
    case .transposed(let inner):
      guard case .matrix(let matrix) = try inner.value(names, functions) else {
        throw NotationError(text: "ᵀ", expected: "a matrix before it", found: "none")
      }
      return .matrix(matrix.transposed())
    case .applied(let name, let argument):
      guard let function = functions[name] else {
        throw NotationError(text: name, expected: "a function of the notation", found: "another name")
      }
      return try argument.value(names, functions).mapped(function)
    case .product(let left, let right):
      return try left.value(names, functions).multiplied(by: try right.value(names, functions))
    case .elementwise(let left, let right):
      return try left.value(names, functions).combined("⊙", with: try right.value(names, functions), *)
    case .sum(let left, let right):
      return try left.value(names, functions).combined("+", with: try right.value(names, functions), +)
    case .difference(let left, let right):
      return try left.value(names, functions).combined("−", with: try right.value(names, functions), -)
    }
  }
}

extension NotationValue {
  fileprivate func mapped(_ function: (Double) -> Double) throws(NotationError) -> NotationValue {
    guard case .vector(let vector) = self else {
      throw NotationError(text: "a function", expected: "a vector", found: words)
    }
    return .vector(vector.map(function))
  }

  fileprivate func multiplied(by other: NotationValue) throws(NotationError) -> NotationValue {
    switch (self, other) {
    case (.matrix(let matrix), .vector(let vector)) where matrix.columns == vector.count:
      return .vector(matrix.product(with: vector))
    case (.vector(let vector), .matrix(let matrix)) where matrix.rows == vector.count:
      return .vector(matrix.transposed().product(with: vector))
    default: throw NotationError(text: "a product", expected: "a matrix and a vector", found: pair(other))
    }
  }

  fileprivate func combined(
    _ sign: String, with other: NotationValue, _ operation: (Double, Double) -> Double
  ) throws(NotationError) -> NotationValue {
    switch (self, other) {
    case (.vector(let left), .vector(let right)) where left.count == right.count:
      return .vector(zip(left, right).map(operation))
    case (.number(let left), .vector(let right)): return .vector(right.map { operation(left, $0) })
    default: throw NotationError(text: sign, expected: "vectors of one length", found: pair(other))
    }
  }

  private func pair(_ other: NotationValue) -> String { "\(words) and \(other.words)" }

  private var words: String {
    switch self {
    case .number: "a number"
    case .vector(let vector): "a vector (\(vector.count))"
    case .matrix(let matrix): "a matrix (\(matrix.rows), \(matrix.columns))"
    }
  }
}

extension Matrix<Double> {
  /// `M v`
  fileprivate func product(with vector: [Double]) -> [Double] {
    (0..<rows).map { row in
      vector.indices.reduce(0) { $0 + elements[row * columns + $1] * vector[$1] }
    }
  }
}

import Recurrent

/// The same step in the run's own precision, each pre-activation summed one term after the other: what honest
/// arithmetic does on this very data.
struct ControlArithmetic<S: Scalar>: StepArithmetic {
  var order: SummationOrder
  /// Below Float32, every operation's result is rounded to this; nil where the scalar is the precision.
  var format: FloatFormat?
  var rounding: OperandRounding?

  func known(_ values: [Double], rows: Int, radius: Spread, scale: Spread) -> Matrix<S> {
    Matrix(rows: rows, columns: rows == 0 ? 0 : values.count / rows, elements: S.rounded(values))
  }

  /// `(K, H)`: one row a term.
  func weights(_ matrix: Matrix<Double>, of operand: GateOperand, roundoff: Double) -> Matrix<S> {
    let used = rounding.map { $0(matrix) } ?? matrix
    return used.transposed().converted(to: S.self)
  }

  func sum(
    _ products: [(value: Matrix<S>, weights: Matrix<S>)], biases: [Bias], addends: [Matrix<S>]
  ) -> Matrix<S> {
    let rows = products[0].value.rows
    let units = products[0].weights.columns
    let zero = Matrix<S>(rows: rows, columns: units, elements: [S](repeating: 0, count: rows * units))
    var biasSum = [S](repeating: 0, count: units)
    for bias in biases {
      for unit in 0..<units { biasSum[unit] += S(bias.values[unit]) }
    }
    let bias = Matrix<S>(rows: rows, columns: units, elements: (0..<rows).flatMap { _ in biasSum })
    var result: Matrix<S>
    switch order {
    case .fromBiases:
      result = products.reduce(into: bias) { accumulate(operand($1.value), $1.weights, into: &$0) }
    case .biasesLast:
      result = products.reduce(into: zero) { accumulate(operand($1.value), $1.weights, into: &$0) } + bias
    case .productsApart:
      let parts = products.map { value, weights in
        var part = zero
        accumulate(operand(value), weights, into: &part)
        return part
      }
      result = parts.dropFirst().reduce(parts[0], +) + bias
    }
    for addend in addends { result = result + addend }
    return rounded(result)
  }

  func apply(_ activation: Activation, to value: Matrix<S>) -> Matrix<S> { rounded(activation(value)) }

  func product(_ a: Matrix<S>, _ b: Matrix<S>) -> Matrix<S> { rounded(a ⊙ b) }

  func add(_ a: Matrix<S>, _ b: Matrix<S>) -> Matrix<S> { rounded(a + b) }

  func scaled(_ value: Matrix<S>, by factors: [Double], roundoff: Double) -> Matrix<S> {
    rounded(S.rounded(factors) ⊙ value)
  }

  func complement(_ a: Matrix<S>) -> Matrix<S> { rounded(1 - a) }

  func clipped(_ a: Matrix<S>, to limit: Double) -> Matrix<S> { rounded(a.clipped(to: limit)) }

  func blend(z: Matrix<S>, n: Matrix<S>, h: Matrix<S>, _ form: GRUBlend) -> Matrix<S> {
    let rest = complement(z)
    switch form {
    case .updateKeeps: return add(product(rest, n), product(z, h))
    case .updateTakes: return add(product(z, n), product(rest, h))
    }
  }

  private func operand(_ value: Matrix<S>) -> Matrix<S> {
    guard let rounding else { return value }
    return Matrix(
      rows: value.rows, columns: value.columns,
      elements: S.rounded(S.widened(value.elements).map { rounding($0) }))
  }

  private func rounded(_ value: Matrix<S>) -> Matrix<S> {
    guard let format else { return value }
    return Matrix(
      rows: value.rows, columns: value.columns,
      elements: S.rounded(S.widened(value.elements).map { format.round($0) }))
  }
}

/// Adds `x (rows, K) · w (K, H)` to `result`, term by term in the order of k.
private func accumulate<S: Scalar>(_ x: Matrix<S>, _ w: Matrix<S>, into result: inout Matrix<S>) {
  let (depth, units) = (w.rows, w.columns)
  // So many units at a time that their weights stay in cache from row to row.
  let width = 64
  result.elements.withUnsafeMutableBufferPointer { sums in
    w.elements.withUnsafeBufferPointer { w in
      x.elements.withUnsafeBufferPointer { x in
        for first in stride(from: 0, to: units, by: width) {
          let last = min(first + width, units)
          for row in 0..<sums.count / max(units, 1) {
            for k in 0..<depth {
              let v = x[row * depth + k]
              for unit in first..<last { sums[row * units + unit] += v * w[k * units + unit] }
            }
          }
        }
      }
    }
  }
}

extension Matrix: BlockValue {
  mutating func replaceRows(where mask: [Bool], with other: Matrix) {
    for row in 0..<rows where mask[row] {
      elements.replaceSubrange(row * columns..<(row + 1) * columns, with: other.row(row))
    }
  }
}

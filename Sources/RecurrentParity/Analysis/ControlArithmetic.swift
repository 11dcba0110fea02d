import Recurrent

/// The same step in the run's own scalar type, each pre-activation summed one term after the other from its
/// biases: what honest arithmetic does on this very data.
struct ControlArithmetic<S: Scalar>: StepArithmetic {
  var rounding: OperandRounding?

  /// `(K, H)`: one row a term.
  func weights(_ matrix: Matrix<Double>, roundoff: Double) -> Matrix<S> {
    let rounded = rounding.map { rounding in matrix.mapped { rounding($0) } } ?? matrix
    return rounded.transposed().converted(to: S.self)
  }

  func sum(_ products: [(value: Matrix<S>, weights: Matrix<S>)], biases: [Bias]) -> Matrix<S> {
    let rows = products[0].value.rows
    let units = products[0].weights.columns
    var start = [S](repeating: 0, count: units)
    for bias in biases {
      for unit in 0..<units { start[unit] += S(bias.values[unit]) }
    }
    var result = Matrix<S>(rows: rows, columns: units, elements: (0..<rows).flatMap { _ in start })
    for (value, weights) in products {
      let operand = rounding.map { rounding in
        Matrix<S>(
          rows: rows, columns: value.columns, elements: value.elements.map { S(rounding(Double($0))) })
      }
      accumulate(operand ?? value, weights, into: &result)
    }
    return result
  }

  func apply(_ activation: Activation, to value: Matrix<S>) -> Matrix<S> { activation(value) }
}

/// Adds `x (rows, K) · w (K, H)` to `result`, term by term in the order of k.
private func accumulate<S: Scalar>(_ x: Matrix<S>, _ w: Matrix<S>, into result: inout Matrix<S>) {
  let (depth, units) = (w.rows, w.columns)
  result.elements.withUnsafeMutableBufferPointer { sums in
    w.elements.withUnsafeBufferPointer { w in
      for row in 0..<x.rows {
        for k in 0..<depth {
          let v = x.elements[row * depth + k]
          for unit in 0..<units { sums[row * units + unit] += v * w[k * units + unit] }
        }
      }
    }
  }
}

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

  struct Weights: Sendable {
    /// `(H, K)` in panels of units.
    let panels: [S]
    let depth: Int
  }

  /// Rounded as the run rounds the operands of its products.
  func operand(_ value: Matrix<S>) -> RowTiles<S> {
    guard let rounding else { return RowTiles(value.elements, rows: value.rows) }
    return RowTiles(S.rounded(S.widened(value.elements).map { rounding($0) }), rows: value.rows)
  }

  func weights(_ matrix: Matrix<Double>, of operand: GateOperand, roundoff: Double) -> Weights {
    let used = rounding.map { $0(matrix) } ?? matrix
    return Weights(
      panels: PackedWeights.panels(used.elements, units: used.rows) { S($0) }, depth: used.columns)
  }

  func sum(
    _ products: [(operand: RowTiles<S>, weights: Weights)], biases: [Bias], addends: [Matrix<S>],
    units: Range<Int>
  ) -> Matrix<S> {
    let rows = products[0].operand.rows
    let zero = Matrix<S>(
      rows: rows, columns: units.count, elements: [S](repeating: 0, count: rows * units.count))
    var biasSum = [S](repeating: 0, count: units.count)
    for bias in biases {
      for (index, unit) in units.enumerated() { biasSum[index] += S(bias.values[unit]) }
    }
    let bias = Matrix<S>(
      rows: rows, columns: units.count, elements: (0..<rows).flatMap { _ in biasSum })
    func accumulate(_ product: (operand: RowTiles<S>, weights: Weights), into sum: inout Matrix<S>) {
      let width = PackedWeights.width
      let first = units.lowerBound * product.weights.depth
      let last = (units.upperBound + width - 1) / width * width * product.weights.depth
      S.addSequentialProducts(
        product.operand.values, product.weights.panels[first..<max(first, last)], rows: rows,
        units: units.count, depth: product.weights.depth, to: &sum.elements)
    }
    var result: Matrix<S>
    switch order {
    case .fromBiases: result = products.reduce(into: bias) { accumulate($1, into: &$0) }
    case .biasesLast: result = products.reduce(into: zero) { accumulate($1, into: &$0) } + bias
    case .productsApart:
      let parts = products.map { product in
        var part = zero
        accumulate(product, into: &part)
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

  private func rounded(_ value: Matrix<S>) -> Matrix<S> {
    guard let format else { return value }
    return Matrix(
      rows: value.rows, columns: value.columns,
      elements: S.rounded(S.widened(value.elements).map { format.round($0) }))
  }
}

extension Matrix: BlockValue {
  mutating func replaceRows(where mask: [Bool], with other: Matrix) {
    for row in 0..<rows where mask[row] {
      elements.replaceSubrange(row * columns..<(row + 1) * columns, with: other.row(row))
    }
  }

  func columns(_ range: Range<Int>) -> Matrix {
    Matrix(
      rows: rows, columns: range.count, elements: elements.columns(range, of: columns))
  }

  init(joining parts: [Matrix]) {
    let rows = parts.first?.rows ?? 0
    self.init(
      rows: rows, columns: parts.reduce(0) { $0 + $1.columns },
      elements: [S](joining: parts.map(\.elements), rows: rows))
  }
}

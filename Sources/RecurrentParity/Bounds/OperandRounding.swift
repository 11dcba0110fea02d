import Recurrent

/// A rounding of the operands of matrix products, as hardware of lowered precision does it.
struct OperandRounding: Equatable, Sendable {
  let format: FloatFormat
  let rule: FloatingPointRoundingRule
  /// Whether the results that are made of rounded operands alone are rounded too: `AutocastArithmetic`.
  var isAutocast = false
  /// Under autocast, whether the bias of the input's product is added by an operation of its own: PyTorch's `linear`
  /// is one operation only on a contiguous input, which a batch-first one is not.
  var addsInputBiasApart = false

  @inline(__always)
  func callAsFunction(_ x: Double) -> Double { format.round(x, rule) }

  func callAsFunction(_ matrix: Matrix<Double>) -> Matrix<Double> {
    Matrix(rows: matrix.rows, columns: matrix.columns, elements: format.round(matrix.elements, rule))
  }

  /// The exact image of a block: rounding is monotone, so an operand's interval goes to the interval between
  /// its rounded ends.
  func image(of value: Bounded) -> Bounded {
    var result = value
    result.midpoint = value.midpoint.map { self($0) }
    func widened(_ index: Int, _ radius: Double) -> Double {
      let (x, center) = (value.midpoint[index], result.midpoint[index])
      return max(self(x + radius) - center, center - self(x - radius))
    }
    switch value.radius {
    case .none: break
    case .relative(let factor):
      result.radius = .each(value.midpoint.indices.map { widened($0, factor * value.midpoint[$0].magnitude) })
    case .each(let radii):
      result.radius = .each(radii.indices.map { widened($0, radii[$0]) })
    }
    return result
  }
}

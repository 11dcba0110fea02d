import Recurrent

/// A step under PyTorch's autocast: the matrix products, biases included, and everything that is made of them
/// alone give results in a lower format; what the old state takes part in is in the run's own.
///
/// So the states are in no coarser format, though the gates are. Every rounding is reproduced: the image of an
/// interval is that between its rounded ends, most often a point.
///
/// Sources: aten/src/ATen/autocast_mode.cpp for `linear`, the rest being type promotion;
/// aten/src/ATen/native/RNN.cpp for the order of operations.
struct AutocastArithmetic: StepArithmetic {
  private let rounding: OperandRounding
  /// The run's own, with rounded operands of matrix products.
  private let own: CertifiedArithmetic

  struct Value: Sendable {
    var block: Bounded
    /// Whether it is in the lower format.
    var isLow: Bool
  }

  init(_ arithmetic: ErrorModel, rounding: OperandRounding) {
    self.rounding = rounding
    own = CertifiedArithmetic(arithmetic: arithmetic, rounding: rounding)
  }

  func known(_ values: [Double], rows: Int, radius: Spread, scale: Spread) -> Value {
    Value(block: own.known(values, rows: rows, radius: radius, scale: scale), isLow: false)
  }

  struct Weights: Sendable {
    let certified: CertifiedArithmetic.Weights
    let operand: GateOperand
  }

  func operand(_ value: Value) -> ProductOperand { own.operand(value.block) }

  func weights(_ matrix: Matrix<Double>, of operand: GateOperand, roundoff: Double) -> Weights {
    Weights(certified: own.weights(matrix, of: operand, roundoff: roundoff), operand: operand)
  }

  /// Each product with its bias is an operation of its own, or two.
  func sum(
    _ products: [(operand: ProductOperand, weights: Weights)], biases: [Bias], addends: [Value],
    units: Range<Int>
  ) -> Value {
    let parts = products.enumerated().map { index, product in
      let bias = biases.dropFirst(index).prefix(1).map { bias in
        Bias(values: bias.values.map { rounding($0) }, roundoff: bias.roundoff, excess: bias.excess)
      }
      let factors = (product.operand, product.weights.certified)
      guard rounding.addsInputBiasApart, product.weights.operand == .input, let bias = bias.first else {
        return low(own.sum([factors], biases: bias, addends: [], units: units))
      }
      return add(
        low(own.sum([factors], biases: [], addends: [], units: units)),
        low(bias, rows: product.operand.value.rows, units: units))
    }
    return (parts.dropFirst() + addends).reduce(parts[0], add)
  }

  /// A bias as an operand of its own: it is rounded already.
  private func low(_ bias: Bias, rows: Int, units: Range<Int>) -> Value {
    let values = (0..<rows).flatMap { _ in bias.values[units] }
    return Value(
      block: own.known(values, rows: rows, radius: .relative(bias.roundoff), scale: .none), isLow: true)
  }

  func apply(_ activation: Activation, to value: Value) -> Value {
    result(own.apply(activation, to: value.block), of: [value])
  }

  func product(_ a: Value, _ b: Value) -> Value { result(own.product(a.block, b.block), of: [a, b]) }

  func add(_ a: Value, _ b: Value) -> Value { result(own.add(a.block, b.block), of: [a, b]) }

  /// The factors are in the run's own format.
  func scaled(_ value: Value, by factors: [Double], roundoff: Double) -> Value {
    Value(block: own.scaled(value.block, by: factors, roundoff: roundoff), isLow: false)
  }

  func complement(_ a: Value) -> Value { result(own.complement(a.block), of: [a]) }

  func clipped(_ a: Value, to limit: Double) -> Value { result(own.clipped(a.block, to: limit), of: [a]) }

  func blend(z: Value, n: Value, h: Value, _ form: GRUBlend) -> Value {
    result(own.blend(z: z.block, n: n.block, h: h.block, form), of: [z, n, h])
  }

  /// Operands of two formats give a result in the finer one.
  private func result(_ block: Bounded, of operands: [Value]) -> Value {
    operands.allSatisfy(\.isLow) ? low(block) : Value(block: block, isLow: false)
  }

  private func low(_ block: Bounded) -> Value {
    var image = rounding.image(of: block)
    // Where the rounding may go either way, it is expected to.
    image.scale = image.radius
    return Value(block: image, isLow: true)
  }
}

extension AutocastArithmetic.Value: BlockValue {
  mutating func replaceRows(where mask: [Bool], with other: Self) {
    block.replaceRows(where: mask, with: other.block)
    isLow = other.isLow
  }

  var rows: Int { block.rows }
  var columns: Int { block.columns }

  func columns(_ range: Range<Int>) -> Self { Self(block: block.columns(range), isLow: isLow) }

  init(joining parts: [Self]) {
    self.init(block: Bounded(joining: parts.map(\.block)), isLow: parts.allSatisfy(\.isLow))
  }
}

internal import CProductKernels
import Recurrent

/// Carries midpoint, certified radius and expected scale through a step.
///
/// Radii follow from the operations in the worst case, scales in quadrature. Sources: `ErrorModel`.
struct CertifiedArithmetic: StepArithmetic {
  var arithmetic: ErrorModel
  /// What the run did to the operands of its matrix products before multiplying; nil where nothing.
  var rounding: OperandRounding?
  /// Weights that were made ready before, without rounding.
  var prepared: PreparedWeights?
  /// What the kernels are run in.
  var set = best_instruction_set()

  struct Weights: Sendable {
    let packed: PackedWeights
    /// What they were made of.
    let matrix: Matrix<Double>
    /// How far the run's weights may be from these, relative.
    let roundoff: Double
  }

  func known(_ values: [Double], rows: Int, radius: Spread, scale: Spread) -> Bounded {
    Bounded(
      rows: rows, columns: rows == 0 ? 0 : values.count / rows, midpoint: values, radius: radius, scale: scale
    )
  }

  /// Of the operands that the run rounded before multiplying, the image.
  func operand(_ value: Bounded) -> ProductOperand {
    ProductOperand(rounding?.image(of: value, in: set) ?? value, mayNarrow: !arithmetic.isCompensated)
  }

  func weights(_ matrix: Matrix<Double>, of operand: GateOperand, roundoff: Double) -> Weights {
    if rounding == nil, let ready = prepared?[matrix] { return ready }
    let used = rounding.map { $0(matrix) } ?? matrix
    let packed = PackedWeights(
      used, mayNarrow: !arithmetic.isCompensated && PackedWeights.areWorthNarrowing(depth: used.columns),
      in: set)
    let areHeld =
      rounding == nil && packed.areNarrow && arithmetic.format.holdsAll(of: .float32)
      || arithmetic.format.holds(all: matrix.elements)
    return Weights(
      packed: packed, matrix: matrix, roundoff: roundoff + (areHeld ? 0 : arithmetic.operandRoundoff))
  }

  // MARK: Sums

  /// N terms with `S = Σ|terms|`: no order of summation, blocked or fused, is further off than `N·u·S`
  /// (Jeannerod & Rump 2013), plus what the operands bring with them, underflow, and the checker's own error.
  func sum(
    _ products: [(operand: ProductOperand, weights: Weights)], biases: [Bias], addends: [Bounded],
    units: Range<Int>
  ) -> Bounded {
    let terms = products.reduce(biases.count + addends.count) { $0 + $1.weights.packed.depth }
    var sum = CertifiedSum(
      rows: products[0].operand.value.rows, units: units, terms: Double(terms),
      isCompensated: arithmetic.isCompensated, in: set)
    for (operand, weights) in products {
      sum.add(blockProducts(operand, weights, units), of: operand, with: weights)
    }
    for addend in addends { sum.add(addend) }
    for bias in biases { sum.add(bias) }
    return sum.finish(in: arithmetic)
  }

  private func blockProducts(_ operand: ProductOperand, _ weights: Weights, _ units: Range<Int>)
    -> BlockProducts
  {
    func computed() -> BlockProducts {
      arithmetic.isCompensated
        ? weights.packed.compensatedProducts(operand.value.midpoint, rows: operand.value.rows, units: units)
        : weights.packed.products(operand, units: units, in: set)
    }
    guard rounding == nil, let prepared else { return computed() }
    return prepared.products(weights, operand, units: units, otherwise: computed)
  }

  // MARK: Activations

  func apply(_ activation: Activation, to value: Bounded) -> Bounded {
    // Float64 runs are as exact as the kernels.
    guard arithmetic.isCompensated || !(activation == .tanh || activation == .sigmoid) else {
      let kernel = activation == .tanh ? interval_tanh : interval_sigmoid
      return result(of: value) { m, r, s in
        kernel(
          set, arithmetic.roundings, value.midpoint.count, value.midpoint, value.radii, value.scales, m, r, s)
      }
    }
    let bound = ActivationBound(activation)
    var (radius, scale) = (value.radii, value.scales)
    var midpoint = value.midpoint
    for index in midpoint.indices {
      let before = radius[index]
      let image = bound.image(midpoint[index], radius: before, scale: scale[index])
      let own = bound.own(value.midpoint[index], radius: before, image: image.midpoint, in: arithmetic)
      midpoint[index] = image.midpoint
      // A flushed operand moves the image by at most the steepest slope times as much. The image of negative values
      // under ReLU is zero whatever is flushed.
      let flushed =
        image.midpoint == 0 && image.radius == 0
        ? 0 : bound.steepness * arithmetic.lostByFlushing(value.midpoint[index], radius: before)
      radius[index] = arithmetic.withinRange(
        image.midpoint, radius: image.radius + own.radius + flushed)
      scale[index] = max((image.scale * image.scale + own.scale * own.scale).squareRoot(), flushed)
    }
    return Bounded(
      rows: value.rows, columns: value.columns, midpoint: midpoint, radius: .each(radius), scale: .each(scale)
    )
  }

  // MARK: Elementwise operations

  /// `r = |a| r_b + |b| r_a + r_a r_b`, then one rounding.
  func product(_ a: Bounded, _ b: Bounded) -> Bounded {
    result(of: a) { m, r, s in
      interval_product(
        set, arithmetic.roundings, a.midpoint.count, a.midpoint, a.radii, a.scales, b.midpoint, b.radii,
        b.scales,
        m, r, s)
    }
  }

  /// `r = r_a + r_b`, then one rounding.
  func add(_ a: Bounded, _ b: Bounded) -> Bounded {
    result(of: a) { m, r, s in
      interval_addition(
        set, arithmetic.roundings, a.midpoint.count, a.midpoint, a.radii, a.scales, b.midpoint, b.radii,
        b.scales,
        m, r, s)
    }
  }

  /// The product with factors that are known up to a rounding.
  func scaled(_ value: Bounded, by factors: [Double], roundoff: Double) -> Bounded {
    let areHeld = arithmetic.format.holds(all: factors)
    let factors = known(
      (0..<value.rows).flatMap { _ in factors }, rows: value.rows,
      radius: .relative(roundoff + (areHeld ? 0 : arithmetic.operandRoundoff)), scale: .none)
    return product(value, factors)
  }

  /// `r = r_a`, then one rounding.
  func complement(_ a: Bounded) -> Bounded {
    mapped(a) { a in
      let m = 1 - a.midpoint
      let flushed = arithmetic.lostByFlushing(a.midpoint, radius: a.radius)
      return Element(
        midpoint: m, radius: rounded(a.radius + flushed, m),
        scale: expected(norm(a.scale, 0, arithmetic.scaleRoundoff * m), flushed, m, a.radius))
    }
  }

  /// The exact image of the interval: clipping is monotone and rounds nothing, but the limit may have been rounded.
  func clipped(_ a: Bounded, to limit: Double) -> Bounded {
    let limitRoundoff = arithmetic.format.holds(limit) ? 0 : arithmetic.operandRoundoff * limit
    func clip(_ x: Double) -> Double { max(-limit, min(limit, x)) }
    return mapped(a) { a in
      // Nothing can be said of what may overflow; its sign may be either.
      guard !a.radius.isNaN else { return a }
      let m = clip(a.midpoint)
      let own = a.midpoint.magnitude + a.radius < limit - limitRoundoff ? 0 : limitRoundoff
      return Element(
        midpoint: m,
        radius: max(clip(a.midpoint + a.radius) - m, m - clip(a.midpoint - a.radius)) + own,
        scale: max((clip(a.midpoint + a.scale) - clip(a.midpoint - a.scale)) / 2, own))
    }
  }

  /// One operation's rounding on top of a propagated radius, in the run and in the checker.
  private func rounded(_ radius: Double, _ midpoint: Double) -> Double {
    arithmetic.withinRange(
      midpoint,
      radius: radius + arithmetic.operationRoundoff * (midpoint.magnitude + radius) + arithmetic.underflow
        + 2 * arithmetic.checkerRoundoff * midpoint.magnitude)
  }

  /// The scale of an operation's result: frameworks that flush subnormal numbers are off by what that loses.
  ///
  /// - Parameters:
  ///   - flushed: what the operands lose by it.
  ///   - radius: of the result, before the operation itself rounds.
  private func expected(
    _ scale: Double, _ flushed: Double, _ midpoint: Double, _ radius: Double
  ) -> Double {
    max(scale, flushed + arithmetic.lostByFlushing(midpoint, radius: radius))
  }

  /// `(1 − z) n + z h`, also as `n + z (h − n)`, with `1 − z` possibly an activation of its own: the bound
  /// covers every published form.
  func blend(z: Bounded, n: Bounded, h: Bounded, _ form: GRUBlend) -> Bounded {
    result(of: n) { m, r, s in
      interval_blend(
        set, arithmetic.roundings, form == .updateKeeps ? 1 : 0, n.midpoint.count, z.midpoint, z.radii,
        z.scales,
        n.midpoint, n.radii, n.scales, h.midpoint, h.radii, h.scales, m, r, s)
    }
  }

  /// A block in the shape of another, whose midpoint, radius and scale a kernel writes.
  private func result(
    of operand: Bounded,
    _ kernel: (UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?) ->
      Void
  ) -> Bounded {
    let count = operand.midpoint.count
    var (midpoint, radius): ([Double], [Double]) = ([], [])
    let scale = [Double](unsafeUninitializedCapacity: count) { s, written in
      written = count
      radius = [Double](unsafeUninitializedCapacity: count) { r, written in
        written = count
        midpoint = [Double](unsafeUninitializedCapacity: count) { m, written in
          written = count
          kernel(m.baseAddress, r.baseAddress, s.baseAddress)
        }
      }
    }
    return Bounded(
      rows: operand.rows, columns: operand.columns, midpoint: midpoint, radius: .each(radius),
      scale: .each(scale))
  }

  private struct Element {
    var midpoint: Double
    var radius: Double
    var scale: Double
  }

  @inline(__always)
  private func mapped(_ a: Bounded, _ operation: (Element) -> Element) -> Bounded {
    var (midpoint, radius, scale) = (a.midpoint, a.radii, a.scales)
    for index in midpoint.indices {
      let element = operation(
        Element(midpoint: midpoint[index], radius: radius[index], scale: scale[index]))
      midpoint[index] = element.midpoint
      radius[index] = element.radius
      scale[index] = element.scale
    }
    return Bounded(
      rows: a.rows, columns: a.columns, midpoint: midpoint, radius: .each(radius), scale: .each(scale))
  }

  private func norm(_ a: Double, _ b: Double, _ c: Double) -> Double { (a * a + b * b + c * c).squareRoot() }
}

extension ErrorModel {
  fileprivate var roundings: Roundings {
    Roundings(
      operation: operationRoundoff, activation: activationRoundoff, scale: scaleRoundoff,
      underflow: underflow,
      checker: checkerRoundoff, largest: format.largestFinite)
  }
}

extension Matrix<Double> {
  func mapped(_ transform: (Double) -> Double) -> Matrix<Double> {
    Matrix(rows: rows, columns: columns, elements: elements.map(transform))
  }
}

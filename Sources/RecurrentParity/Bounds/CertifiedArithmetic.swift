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

  func weights(_ matrix: Matrix<Double>, of operand: GateOperand, roundoff: Double) -> Weights {
    if rounding == nil, let ready = prepared?[matrix] { return ready }
    let areHeld = arithmetic.format.holds(all: matrix.elements)
    let used = rounding.map { $0(matrix) } ?? matrix
    return Weights(
      packed: PackedWeights(used), matrix: matrix,
      roundoff: roundoff + (areHeld ? 0 : arithmetic.operandRoundoff))
  }

  // MARK: Sums

  /// N terms with `S = Σ|terms|`: no order of summation, blocked or fused, is further off than `N·u·S`
  /// (Jeannerod & Rump 2013), plus what the operands bring with them, underflow, and the checker's own error.
  func sum(
    _ products: [(value: Bounded, weights: Weights)], biases: [Bias], addends: [Bounded]
  ) -> Bounded {
    let terms = products.reduce(biases.count + addends.count) { $0 + $1.weights.packed.depth }
    var sum = CertifiedSum(
      rows: products[0].value.rows, units: products[0].weights.packed.units, terms: Double(terms),
      isCompensated: arithmetic.isCompensated)
    for (value, weights) in products {
      let operand = rounding?.image(of: value) ?? value
      sum.add(blockProducts(operand, weights), of: operand, with: weights)
    }
    for bias in biases { sum.add(bias) }
    for addend in addends { sum.add(addend) }
    return sum.finished(in: arithmetic)
  }

  private func blockProducts(_ operand: Bounded, _ weights: Weights) -> BlockProducts {
    func computed() -> BlockProducts {
      arithmetic.isCompensated
        ? weights.packed.compensatedProducts(operand.midpoint, rows: operand.rows)
        : weights.packed.products(operand.midpoint, rows: operand.rows)
    }
    guard rounding == nil, let prepared else { return computed() }
    return prepared.products(weights, operand.midpoint, rows: operand.rows, otherwise: computed)
  }

  // MARK: Activations

  func apply(_ activation: Activation, to value: Bounded) -> Bounded {
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
    combined(a, b) { a, b in
      let m = a.midpoint * b.midpoint
      let r =
        a.midpoint.magnitude * b.radius + b.midpoint.magnitude * a.radius + a.radius * b.radius
      let flushed =
        arithmetic.lostByFlushing(a.midpoint, radius: a.radius) * (b.midpoint.magnitude + b.radius)
        + arithmetic.lostByFlushing(b.midpoint, radius: b.radius) * (a.midpoint.magnitude + a.radius)
      return Element(
        midpoint: m, radius: rounded(r + flushed, m),
        scale: expected(
          norm(a.midpoint * b.scale, b.midpoint * a.scale, arithmetic.scaleRoundoff * m), flushed, m, r))
    }
  }

  /// `r = r_a + r_b`, then one rounding.
  func add(_ a: Bounded, _ b: Bounded) -> Bounded {
    combined(a, b) { a, b in
      let m = a.midpoint + b.midpoint
      let r = a.radius + b.radius
      let flushed =
        arithmetic.lostByFlushing(a.midpoint, radius: a.radius)
        + arithmetic.lostByFlushing(b.midpoint, radius: b.radius)
      return Element(
        midpoint: m, radius: rounded(r + flushed, m),
        scale: expected(norm(a.scale, b.scale, arithmetic.scaleRoundoff * m), flushed, m, r))
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
    var result = n
    let (zRadii, zScales, nRadii, nScales) = (z.radii, z.scales, n.radii, n.scales)
    let (hRadii, hScales) = (h.radii, h.scales)
    var (radius, scale) = (nRadii, nScales)
    let u = arithmetic.operationRoundoff
    for index in result.midpoint.indices {
      let (n, h) = (n.midpoint[index], h.midpoint[index])
      let keep = form == .updateKeeps ? z.midpoint[index] : 1 - z.midpoint[index]
      let (zRadius, nRadius, hRadius) = (zRadii[index], nRadii[index], hRadii[index])
      let size = h.magnitude + n.magnitude + nRadius + hRadius
      let m = keep * h + (1 - keep) * n
      // z, or 1 − z, may be flushed in front of n, h or their difference; n and h in front of a factor of at most 1,
      // and each once more as an operand of the difference; the two products in front of their sum, and it.
      let flushed =
        (arithmetic.lostByFlushing(keep, radius: zRadius)
          + arithmetic.lostByFlushing(1 - keep, radius: zRadius)) * size
        + 2 * arithmetic.lostByFlushing(n, radius: nRadius)
        + 2 * arithmetic.lostByFlushing(h, radius: hRadius)
        + 2 * arithmetic.lostByFlushing(keep * h, radius: zRadius * (h.magnitude + hRadius) + hRadius)
        + 2 * arithmetic.lostByFlushing((1 - keep) * n, radius: zRadius * (n.magnitude + nRadius) + nRadius)
      let propagated =
        (h - n).magnitude * zRadius + (1 - keep).magnitude * nRadius + keep.magnitude * hRadius
        + zRadius * (nRadius + hRadius)
      result.midpoint[index] = m
      let rounding =
        propagated + flushed + arithmetic.activationRoundoff * size * max(keep.magnitude, 0.25) + 5 * u * size
        + 5 * arithmetic.underflow + 4 * arithmetic.checkerRoundoff * size
      radius[index] = arithmetic.withinRange(m, radius: rounding)
      scale[index] = max(
        norm(
          (h - n) * zScales[index], norm((1 - keep) * nScales[index], keep * hScales[index], 0),
          arithmetic.scaleRoundoff * ((1 - keep).magnitude * n.magnitude + keep.magnitude * h.magnitude)),
        flushed)
    }
    result.radius = .each(radius)
    result.scale = .each(scale)
    return result
  }

  private struct Element {
    var midpoint: Double
    var radius: Double
    var scale: Double
  }

  @inline(__always)
  private func combined(_ a: Bounded, _ b: Bounded, _ operation: (Element, Element) -> Element) -> Bounded {
    let (aRadii, aScales, bRadii, bScales) = (a.radii, a.scales, b.radii, b.scales)
    var (midpoint, radius, scale) = (a.midpoint, aRadii, aScales)
    for index in midpoint.indices {
      let element = operation(
        Element(midpoint: a.midpoint[index], radius: aRadii[index], scale: aScales[index]),
        Element(midpoint: b.midpoint[index], radius: bRadii[index], scale: bScales[index]))
      midpoint[index] = element.midpoint
      radius[index] = element.radius
      scale[index] = element.scale
    }
    return Bounded(
      rows: a.rows, columns: a.columns, midpoint: midpoint, radius: .each(radius), scale: .each(scale))
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

extension Matrix<Double> {
  func mapped(_ transform: (Double) -> Double) -> Matrix<Double> {
    Matrix(rows: rows, columns: columns, elements: elements.map(transform))
  }
}

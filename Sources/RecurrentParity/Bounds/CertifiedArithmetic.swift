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

  func weights(_ matrix: Matrix<Double>, roundoff: Double) -> Weights {
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
    let isRounded = bound.isRounded
    let u = arithmetic.scaleRoundoff
    // The exact image is itself evaluated in Float64, by a library good to an ulp.
    let fixed = arithmetic.underflow + 4 * arithmetic.checkerRoundoff
    var (radius, scale) = (value.radii, value.scales)
    var midpoint = value.midpoint
    for index in midpoint.indices {
      let image = bound.image(midpoint[index], radius: radius[index], scale: scale[index])
      midpoint[index] = image.midpoint
      let size = max(image.midpoint.magnitude, 0.25)
      radius[index] = image.radius + (isRounded ? arithmetic.activationRoundoff * size + fixed : 0)
      let own = isRounded ? u * size : 0
      scale[index] = (image.scale * image.scale + own * own).squareRoot()
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
      return Element(
        midpoint: m, radius: rounded(r, m),
        scale: norm(a.midpoint * b.scale, b.midpoint * a.scale, arithmetic.scaleRoundoff * m))
    }
  }

  /// `r = r_a + r_b`, then one rounding.
  func add(_ a: Bounded, _ b: Bounded) -> Bounded {
    combined(a, b) { a, b in
      let m = a.midpoint + b.midpoint
      return Element(
        midpoint: m, radius: rounded(a.radius + b.radius, m),
        scale: norm(a.scale, b.scale, arithmetic.scaleRoundoff * m))
    }
  }

  /// One operation's rounding on top of a propagated radius, in the run and in the checker.
  private func rounded(_ radius: Double, _ midpoint: Double) -> Double {
    radius + arithmetic.operationRoundoff * (midpoint.magnitude + radius) + arithmetic.underflow
      + 2 * arithmetic.checkerRoundoff * midpoint.magnitude
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
      let propagated =
        (h - n).magnitude * zRadius + (1 - keep).magnitude * nRadius + keep.magnitude * hRadius
        + zRadius * (nRadius + hRadius)
      result.midpoint[index] = keep * h + (1 - keep) * n
      radius[index] =
        propagated + arithmetic.activationRoundoff * size * max(keep.magnitude, 0.25) + 5 * u * size
        + 5 * arithmetic.underflow + 4 * arithmetic.checkerRoundoff * size
      scale[index] = norm(
        (h - n) * zScales[index], norm((1 - keep) * nScales[index], keep * hScales[index], 0),
        arithmetic.scaleRoundoff * ((1 - keep).magnitude * n.magnitude + keep.magnitude * h.magnitude))
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

  private func norm(_ a: Double, _ b: Double, _ c: Double) -> Double { (a * a + b * b + c * c).squareRoot() }
}

extension Matrix<Double> {
  func mapped(_ transform: (Double) -> Double) -> Matrix<Double> {
    Matrix(rows: rows, columns: columns, elements: elements.map(transform))
  }
}

import Recurrent

/// Carries midpoint, certified radius and expected scale through a step.
struct CertifiedArithmetic: StepArithmetic {
  var arithmetic: WorkingArithmetic
  /// What the run did to the operands of its matrix products before multiplying; nil where nothing.
  var rounding: OperandRounding?

  struct Weights: Sendable {
    let packed: PackedWeights
    /// `|w|`, `w²`: packed when a spread operand asks for them.
    let matrix: Matrix<Double>
    /// How far the run's weights may be from these, relative.
    let roundoff: Double
  }

  func weights(_ matrix: Matrix<Double>, roundoff: Double) -> Weights {
    let areHeld = matrix.elements.allSatisfy(arithmetic.format.holds)
    let rounded = rounding.map { rounding in
      Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { rounding($0) })
    }
    return Weights(
      packed: PackedWeights(rounded ?? matrix), matrix: rounded ?? matrix,
      roundoff: roundoff + (areHeld ? 0 : arithmetic.operandRoundoff))
  }

  /// N terms with `S = Σ|terms|`: no order of summation, blocked or fused, is further off than `N·u·S`
  /// (Jeannerod & Rump 2013), plus what the operands bring with them, underflow, and the checker's own error.
  func sum(_ products: [(value: Bounded, weights: Weights)], biases: [Bias]) -> Bounded {
    let rows = products[0].value.rows
    let units = products[0].weights.packed.units
    let terms = Double(products.reduce(biases.count) { $0 + $1.weights.packed.depth })
    var midpoint = [Double](repeating: 0, count: rows * units)
    var remainder = midpoint
    var absolute = midpoint
    var radius = midpoint
    var variance = midpoint
    var rowUnderflow = [Double](repeating: 0, count: rows)
    var unitUnderflow = [Double](repeating: 2 * terms, count: units)

    func add(_ index: Int, _ term: Double) {
      let next = midpoint[index] + term
      if arithmetic.isCompensated {
        let rest = next - midpoint[index]
        remainder[index] += (midpoint[index] - (next - rest)) + (term - rest)
      }
      midpoint[index] = next
    }

    for (value, weights) in products {
      let operand = rounding?.image(of: value) ?? value
      let packed = weights.packed
      let block =
        arithmetic.isCompensated
        ? packed.compensatedProducts(operand.midpoint, rows: rows)
        : packed.products(operand.midpoint, rows: rows)
      var relative = weights.roundoff
      if case .relative(let factor) = operand.radius { relative += factor }
      for index in midpoint.indices {
        add(index, block.sum[index])
        if let low = block.remainder { remainder[index] += low[index] }
        absolute[index] += block.absolute[index]
        radius[index] += relative * block.absolute[index]
      }
      if case .each(let spread) = operand.radius {
        let extra = PackedWeights(weights.matrix.mapped(\.magnitude)).products(spread, rows: rows)
        for index in radius.indices { radius[index] += extra.sum[index] }
      }
      if case .each(let spread) = operand.scale {
        let squares = PackedWeights(weights.matrix.mapped { $0 * $0 })
        let extra = squares.products(spread.map { $0 * $0 }, rows: rows)
        for index in variance.indices { variance[index] += extra.sum[index] }
      }
      for row in 0..<rows {
        for k in 0..<packed.depth {
          rowUnderflow[row] += operand.midpoint[row * packed.depth + k].magnitude + 1
        }
      }
      for unit in 0..<units { unitUnderflow[unit] += packed.absoluteSums[unit] }
    }
    for bias in biases {
      for row in 0..<rows {
        for unit in 0..<units {
          let index = row * units + unit
          add(index, bias.values[unit])
          absolute[index] += bias.values[unit].magnitude
          radius[index] += bias.roundoff * bias.values[unit].magnitude
        }
      }
    }

    let own = arithmetic.checkerRoundoff
    for row in 0..<rows {
      for unit in 0..<units {
        let index = row * units + unit
        let S = absolute[index]
        let underflow = arithmetic.underflow * (rowUnderflow[row] + unitUnderflow[unit])
        let scale = arithmetic.scaleRoundoff * S
        midpoint[index] += remainder[index]
        let checker =
          arithmetic.isCompensated
          ? own * midpoint[index].magnitude + 4 * terms * terms * own * own * S : (terms + 2) * own * S
        radius[index] +=
          (terms * arithmetic.termRoundoff + arithmetic.partialRoundoff) * S + underflow + checker
        // Frameworks that flush subnormal numbers are off by that much: it is expected of them.
        variance[index] += scale * scale + underflow * underflow
      }
    }
    return Bounded(
      rows: rows, columns: units, midpoint: midpoint, radius: .each(radius),
      scale: .each(variance.map { $0.squareRoot() }))
  }

  func apply(_ activation: Activation, to value: Bounded) -> Bounded {
    guard case .each(let radii) = value.radius, case .each(let scales) = value.scale else {
      preconditionFailure("an activation is applied to a sum")
    }
    let bound = ActivationBound(activation)
    let isRounded = bound.isRounded
    let u = arithmetic.scaleRoundoff
    // The exact image is itself evaluated in Float64, by a library good to an ulp.
    let fixed = arithmetic.underflow + 4 * arithmetic.checkerRoundoff
    var result = value
    var radius = radii
    var scale = scales
    for index in value.midpoint.indices {
      let image = bound.image(value.midpoint[index], radius: radii[index], scale: scales[index])
      result.midpoint[index] = image.midpoint
      let size = max(image.midpoint.magnitude, 0.25)
      radius[index] = image.radius + (isRounded ? arithmetic.activationRoundoff * size + fixed : 0)
      let own = isRounded ? u * size : 0
      scale[index] = (image.scale * image.scale + own * own).squareRoot()
    }
    result.radius = .each(radius)
    result.scale = .each(scale)
    return result
  }
}

extension Matrix<Double> {
  func mapped(_ transform: (Double) -> Double) -> Matrix<Double> {
    Matrix(rows: rows, columns: columns, elements: elements.map(transform))
  }
}

import Recurrent

/// All results of an expression that any order of summation, in any arithmetic of a unit roundoff, may have: a value and
/// how far from it.
struct Ball {
  var value: Double
  var radius: Double

  static func exact(_ value: Double) -> Ball { Ball(value: value, radius: 0) }
}

/// An arithmetic of Balls. Every operation is rounded once, by `u` of its result.
struct BallArithmetic {
  /// Unit roundoff of the arithmetic.
  let u: Double

  private func rounded(_ value: Double, _ radius: Double) -> Ball {
    // The 2 covers what the radius itself is rounded by.
    Ball(value: value, radius: radius + 2 * u * (value.magnitude + radius))
  }

  func sum(_ a: Ball, _ b: Ball) -> Ball { rounded(a.value + b.value, a.radius + b.radius) }

  func product(_ a: Ball, _ b: Ball) -> Ball {
    rounded(
      a.value * b.value, a.value.magnitude * b.radius + b.value.magnitude * a.radius + a.radius * b.radius)
  }

  /// `Σ wᵢ xᵢ + biases`, in whatever order: each of n terms is rounded at most n times.
  func dot(_ w: ArraySlice<Double>, _ x: [Ball], _ biases: [Double]) -> Ball {
    var (value, radius, size) = (biases.reduce(0, +), 0.0, biases.reduce(0) { $0 + $1.magnitude })
    for (w, x) in zip(w, x) {
      value += w * x.value
      radius += w.magnitude * x.radius
      size += w.magnitude * (x.value.magnitude + x.radius)
    }
    return Ball(value: value, radius: radius + Double(x.count + biases.count + 1) * 2 * u * size)
  }

  /// An activation is off by 16 u of the larger of its value and ¼: what all frameworks' functions keep to, see
  /// Documentation/method.md.
  func apply(_ activation: Activation, _ x: Ball) -> Ball {
    let slope: Double =
      switch activation {
      case .sigmoid, .hardSigmoid, .hardSigmoidKeras2: 0.25
      case .tanh, .relu, .linear, .softsign, .softplus, .hardTanh: 1
      default: 2
      }
    let value = activation(x.value)
    return Ball(value: value, radius: slope * x.radius + 16 * u * max(value.magnitude + x.radius, 0.25))
  }
}

extension Pass<Double> {
  /// h after every step, `[t][b][unit]`.
  func balls(_ input: [[[Ball]]], _ arithmetic: BallArithmetic) -> [[[Ball]]] {
    var result = input.map { $0.map { _ in [Ball]() } }
    for b in input[0].indices {
      var h = [Ball](repeating: .exact(0), count: cell.stateSize)
      var c = [Ball](repeating: .exact(0), count: cell.hiddenSize)
      for t in direction.times(input.count) {
        (h, c) = cell.balls(input[t][b], h, c, arithmetic)
        result[t][b] = h
      }
    }
    return result
  }
}

extension Cell<Double> {
  fileprivate func balls(
    _ x: [Ball], _ h: [Ball], _ c: [Ball], _ arithmetic: BallArithmetic
  ) -> (h: [Ball], c: [Ball]) {
    func product(_ matrix: Matrix<Double>, _ x: [Ball], _ bias: [Double]?) -> [Ball] {
      (0..<matrix.rows).map { row in arithmetic.dot(matrix.row(row), x, bias.map { [$0[row]] } ?? []) }
    }
    func gate(_ gate: Gate<Double>, _ activation: Activation) -> [Ball] {
      zip(product(gate.weightIH, x, gate.biasIH), product(gate.weightHH, h, gate.biasHH)).map {
        arithmetic.apply(activation, arithmetic.sum($0, $1))
      }
    }
    func multiplied(_ a: [Ball], _ b: [Ball]) -> [Ball] { zip(a, b).map(arithmetic.product) }
    func added(_ a: [Ball], _ b: [Ball]) -> [Ball] { zip(a, b).map(arithmetic.sum) }
    switch self {
    case .rnn(let cell): return (gate(cell.gate, cell.activation), c)
    case .gru(let cell):
      let r = gate(cell.reset, cell.recurrentActivation)
      let z = gate(cell.update, cell.recurrentActivation)
      let state =
        cell.resetAfter
        ? multiplied(r, product(cell.new.weightHH, h, cell.new.biasHH))
        : product(cell.new.weightHH, multiplied(r, h), cell.new.biasHH)
      let n = added(product(cell.new.weightIH, x, cell.new.biasIH), state).map {
        arithmetic.apply(cell.activation, $0)
      }
      let rest = z.map { arithmetic.sum(.exact(1), Ball(value: -$0.value, radius: $0.radius)) }
      // Some compute (h − n) z + n, whose sums are as large as both.
      let blend = added(multiplied(rest, n), multiplied(z, h))
      return (
        zip(blend, zip(n, h)).map { blend, terms in
          let size = terms.0.value.magnitude + terms.1.value.magnitude + terms.0.radius + terms.1.radius
          return Ball(value: blend.value, radius: blend.radius + 6 * arithmetic.u * size)
        }, c
      )
    case .lstm(let cell):
      let i = gate(cell.input, cell.recurrentActivation)
      let f = gate(cell.forget, cell.recurrentActivation)
      let g = gate(cell.cell, cell.activation)
      let o = gate(cell.output, cell.recurrentActivation)
      let c = added(multiplied(f, c), multiplied(i, g))
      let h = multiplied(o, c.map { arithmetic.apply(cell.outputActivation ?? cell.activation, $0) })
      return (cell.weightHR.map { product($0, h, nil) } ?? h, c)
    }
  }
}

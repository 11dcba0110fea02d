import Recurrent

/// One unit's new state by a formula in plain Float64, without a bound: what is far off there need not be bounded.
struct PlainStep {
  let x: [Double]
  let h: [Double]

  /// - Parameter c: the unit's own, of an LSTM.
  /// - Returns: nil where the unit alone does not say: of a projection.
  func callAsFunction(_ cell: Cell<Double>, unit: Int, c: Double?) -> (h: Double, c: Double?)? {
    switch cell {
    case .rnn(let rnn):
      let next = rnn.activation(sum(rnn.gate, unit).clipped(to: rnn.clip))
      return (next.zoned(by: rnn.zoneout, from: h[unit]), nil)
    case .gru(let gru): return (next(gru, unit).zoned(by: gru.zoneout, from: h[unit]), nil)
    case .lstm(let lstm): return c.flatMap { next(lstm, unit, $0) }
    }
  }

  private func next(_ gru: GRUCell<Double>, _ unit: Int) -> Double {
    func gate(_ gate: Gate<Double>, _ unit: Int) -> Double {
      gru.recurrentActivation(sum(gate, unit).clipped(to: gru.clip))
    }
    let input = product(gru.new.weightIH, unit, x) + (gru.new.biasIH?[unit] ?? 0)
    let recurrent: Double
    if gru.resetAfter {
      let inner = gru.innerInput.map { product($0, unit, x) } ?? 0
      recurrent =
        gate(gru.reset, unit)
        * (product(gru.new.weightHH, unit, h) + (gru.new.biasHH?[unit] ?? 0) + inner)
    } else {
      let kept = h.indices.map { gate(gru.reset, $0) * h[$0] }
      recurrent = product(gru.new.weightHH, unit, kept) + (gru.new.biasHH?[unit] ?? 0)
    }
    let (z, n) = (gate(gru.update, unit), gru.activation((input + recurrent).clipped(to: gru.clip)))
    return gru.blend == .updateKeeps ? (1 - z) * n + z * h[unit] : z * n + (1 - z) * h[unit]
  }

  private func next(_ lstm: LSTMCell<Double>, _ unit: Int, _ c: Double) -> (h: Double, c: Double?)? {
    guard lstm.weightHR == nil else { return nil }
    let departure = lstm.departure
    func gate(_ gate: Gate<Double>, _ kind: GateKind, _ f: Activation, seeing c: Double) -> Double {
      let (sum, seen) = (sum(gate, unit), (gate.peephole?[unit] ?? 0) * c)
      return departure.peepholesAfterActivation.contains(kind)
        ? f(sum.clipped(to: lstm.clip)) + seen : f((sum + seen).clipped(to: lstm.clip))
    }
    let f = lstm.recurrentActivation
    let (kept, taken): (Double, Double)
    if departure.inputIsCoupled {
      kept = gate(lstm.forget, .forget, f, seeing: c)
      taken = 1 - kept
    } else {
      taken = gate(lstm.input, .input, f, seeing: c)
      kept = lstm.inputForget ? 1 - taken : gate(lstm.forget, .forget, f, seeing: c)
    }
    let proposal = gate(lstm.cell, .cell, lstm.activation, seeing: c)
    let next = (kept * c + taken * proposal).clipped(to: departure.cellClip)
    let output = gate(lstm.output, .output, f, seeing: next)
    let exposed = (lstm.outputActivation ?? lstm.activation)(next.clipped(to: departure.outputClip))
    return (
      (output * exposed).zoned(by: departure.zoneout, from: h[unit]),
      next.zoned(by: departure.cellZoneout, from: c)
    )
  }

  private func sum(_ gate: Gate<Double>, _ unit: Int) -> Double {
    product(gate.weightIH, unit, x) + product(gate.weightHH, unit, h) + (gate.biasIH?[unit] ?? 0)
      + (gate.biasHH?[unit] ?? 0)
  }

  private func product(_ weights: Matrix<Double>, _ unit: Int, _ values: [Double]) -> Double {
    let start = unit * weights.columns
    var sum = 0.0
    for k in values.indices { sum += weights.elements[start + k] * values[k] }
    return sum
  }
}

extension Double {
  fileprivate func clipped(to limit: Double?) -> Double {
    guard let limit else { return self }
    return Swift.max(-limit, Swift.min(limit, self))
  }

  fileprivate func zoned(by share: Double, from old: Double) -> Double {
    share == 0 ? self : share * old + (1 - share) * self
  }
}

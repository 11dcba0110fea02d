import Recurrent

/// The gated recurrent unit's step on blocks.
struct GRUStep<A: StepArithmetic>: Sendable {
  private let arithmetic: A
  private let cell: GRUCell<Double>
  private let reset: PreparedGate<A>
  private let update: PreparedGate<A>
  private let new: PreparedGate<A>
  private let innerInput: A.Weights?

  init(_ cell: GRUCell<Double>, conversion: ConversionRoundoff, in arithmetic: A) {
    self.arithmetic = arithmetic
    self.cell = cell
    reset = PreparedGate(.reset, cell.reset, conversion: conversion, in: arithmetic)
    update = PreparedGate(.update, cell.update, conversion: conversion, in: arithmetic)
    new = PreparedGate(.new, cell.new, conversion: conversion, in: arithmetic)
    innerInput = cell.innerInput.map { arithmetic.weights($0, of: .input, roundoff: conversion.weights) }
  }

  func step(x: A.Value, h: A.Value, units: Range<Int>? = nil) -> A.Value {
    let all = UnitBlocks(units: 0..<cell.reset.hiddenSize, rows: x.rows)
    let blocks = units.map { UnitBlocks(units: $0, rows: x.rows) } ?? all
    let (x, past) = (arithmetic.operand(x), arithmetic.operand(h))
    func sigmoid(_ gate: PreparedGate<A>, _ units: Range<Int>) -> A.Value {
      activated(cell.recurrentActivation, gate.sum(x: x, h: past, units: units, in: arithmetic))
    }
    func blended(_ n: A.Value, _ units: Range<Int>) -> A.Value {
      let old = h.columns(units)
      let next = arithmetic.blend(z: sigmoid(update, units), n: n, h: old, cell.blend)
      return arithmetic.zoned(next, by: cell.zoneout, from: old)
    }
    guard cell.resetAfter else {
      // All units of `r ⊙ h` go into each new one.
      let kept = arithmetic.operand(
        arithmetic.product(A.Value(joining: all.map { sigmoid(reset, $0) }), h))
      return A.Value(
        joining: blocks.map { units in
          blended(activated(cell.activation, new.sum(x: x, h: kept, units: units, in: arithmetic)), units)
        })
    }
    return A.Value(
      joining: blocks.map { units in
        blended(activated(cell.activation, after(sigmoid(reset, units), x, past, units)), units)
      })
  }

  private func activated(_ activation: Activation, _ sum: A.Value) -> A.Value {
    arithmetic.apply(activation, to: arithmetic.clipped(sum, to: cell.clip))
  }

  /// `W_in x + b_in + r ⊙ (W_hn h + b_hn)`: the recurrent product is a sum of its own.
  private func after(_ r: A.Value, _ x: A.Operand, _ h: A.Operand, _ units: Range<Int>) -> A.Value {
    let inner = innerInput.map { [(x, $0)] } ?? []
    let q = arithmetic.sum([(h, new.weightHH)] + inner, biases: new.biasHH, addends: [], units: units)
    return arithmetic.sum(
      [(x, new.weightIH)], biases: new.biasIH, addends: [arithmetic.product(r, q)], units: units)
  }
}

import Recurrent

/// The plain cell's step on blocks, `h_t = f(clip(W_ih x_t + W_hh h_{t−1} + biases))`.
struct RNNStep<A: StepArithmetic>: Sendable {
  private let arithmetic: A
  private let activation: Activation
  private let clip: Double?
  private let zoneout: Double
  private let hiddenSize: Int
  private let gate: PreparedGate<A>

  init(_ cell: RNNCell<Double>, conversion: ConversionRoundoff, in arithmetic: A) {
    self.arithmetic = arithmetic
    activation = cell.activation
    clip = cell.clip
    zoneout = cell.zoneout
    hiddenSize = cell.gate.hiddenSize
    gate = PreparedGate(.hidden, cell.gate, conversion: conversion, in: arithmetic)
  }

  func step(x: A.Value, h: A.Value, units: Range<Int>? = nil) -> A.Value {
    let (rows, x, past) = (x.rows, arithmetic.operand(x), arithmetic.operand(h))
    return A.Value(
      joining: UnitBlocks(units: units ?? 0..<hiddenSize, rows: rows).map { units in
        let sum = gate.sum(x: x, h: past, units: units, in: arithmetic)
        let next = arithmetic.apply(activation, to: arithmetic.clipped(sum, to: clip))
        return arithmetic.zoned(next, by: zoneout, from: h.columns(units))
      })
  }
}

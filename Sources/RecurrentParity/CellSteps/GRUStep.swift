import Recurrent

/// The gated recurrent unit's step on blocks.
struct GRUStep<A: StepArithmetic>: Sendable {
  private let arithmetic: A
  private let cell: GRUCell<Double>
  private let reset: PreparedGate<A>
  private let update: PreparedGate<A>
  private let new: PreparedGate<A>

  init(_ cell: GRUCell<Double>, conversion: ConversionRoundoff, in arithmetic: A) {
    self.arithmetic = arithmetic
    self.cell = cell
    reset = PreparedGate(.reset, cell.reset, conversion: conversion, in: arithmetic)
    update = PreparedGate(.update, cell.update, conversion: conversion, in: arithmetic)
    new = PreparedGate(.new, cell.new, conversion: conversion, in: arithmetic)
  }

  func step(x: A.Value, h: A.Value) -> A.Value {
    func activated(_ activation: Activation, _ sum: A.Value) -> A.Value {
      arithmetic.apply(activation, to: arithmetic.clipped(sum, to: cell.clip))
    }
    let r = activated(cell.recurrentActivation, reset.sum(x: x, h: h, in: arithmetic))
    let z = activated(cell.recurrentActivation, update.sum(x: x, h: h, in: arithmetic))
    let n = activated(cell.activation, cell.resetAfter ? after(r, x, h) : before(r, x, h))
    return arithmetic.blend(z: z, n: n, h: h, cell.blend)
  }

  /// `W_in x + b_in + r ⊙ (W_hn h + b_hn)`: the recurrent product is a sum of its own.
  private func after(_ r: A.Value, _ x: A.Value, _ h: A.Value) -> A.Value {
    let q = arithmetic.sum([(h, new.weightHH)], biases: new.biasHH, addends: [])
    return arithmetic.sum(
      [(x, new.weightIH)], biases: new.biasIH, addends: [arithmetic.product(r, q)])
  }

  /// `W_in x + W_hn (r ⊙ h) + biases`.
  private func before(_ r: A.Value, _ x: A.Value, _ h: A.Value) -> A.Value {
    new.sum(x: x, h: arithmetic.product(r, h), in: arithmetic)
  }
}

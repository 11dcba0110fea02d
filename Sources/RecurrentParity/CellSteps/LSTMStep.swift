import Recurrent

/// The long short-term memory cell's step on blocks.
struct LSTMStep<A: StepArithmetic>: Sendable {
  private let arithmetic: A
  private let cell: LSTMCell<Double>
  private let input: PreparedGate<A>
  private let forget: PreparedGate<A>
  private let proposal: PreparedGate<A>
  private let output: PreparedGate<A>
  private let weightHR: A.Weights?

  init(_ cell: LSTMCell<Double>, conversion: ConversionRoundoff, in arithmetic: A) {
    self.arithmetic = arithmetic
    self.cell = cell
    input = PreparedGate(.input, cell.input, conversion: conversion, in: arithmetic)
    forget = PreparedGate(.forget, cell.forget, conversion: conversion, in: arithmetic)
    proposal = PreparedGate(.cell, cell.cell, conversion: conversion, in: arithmetic)
    output = PreparedGate(.output, cell.output, conversion: conversion, in: arithmetic)
    weightHR = cell.weightHR.map { arithmetic.weights($0, roundoff: conversion.weights) }
  }

  func step(x: A.Value, h: A.Value, c: A.Value) -> (h: A.Value, c: A.Value) {
    func gate(_ gate: PreparedGate<A>, _ activation: Activation) -> A.Value {
      arithmetic.apply(activation, to: gate.sum(x: x, h: h, in: arithmetic))
    }
    let i = gate(input, cell.recurrentActivation)
    let f = gate(forget, cell.recurrentActivation)
    let g = gate(proposal, cell.activation)
    let o = gate(output, cell.recurrentActivation)
    let c = arithmetic.add(arithmetic.product(f, c), arithmetic.product(i, g))
    let h = arithmetic.product(o, arithmetic.apply(cell.activation, to: c))
    guard let weightHR else { return (h, c) }
    return (arithmetic.sum([(h, weightHR)], biases: [], addends: []), c)
  }
}

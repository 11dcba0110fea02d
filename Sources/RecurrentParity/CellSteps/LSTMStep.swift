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
    weightHR = cell.weightHR.map { arithmetic.weights($0, of: .state, roundoff: conversion.weights) }
  }

  func step(x: A.Value, h: A.Value, c: A.Value, units: Range<Int>? = nil) -> (h: A.Value, c: A.Value) {
    precondition(units == nil || weightHR == nil, "a projection reads every unit")
    let rows = x.rows
    let computed = units ?? 0..<cell.input.hiddenSize
    let departure = cell.departure
    func zonedH(_ h_t: A.Value) -> A.Value {
      arithmetic.zoned(h_t, by: departure.zoneout, from: weightHR == nil ? h.columns(computed) : h)
    }
    let (x, past) = (arithmetic.operand(x), arithmetic.operand(h))
    let parts = UnitBlocks(units: computed, rows: rows).map { units in
      let columns = units.lowerBound - computed.lowerBound..<units.upperBound - computed.lowerBound
      return step(x: x, h: past, c: c.columns(columns), units: units)
    }
    let (h_t, c_t) = (A.Value(joining: parts.map(\.h)), A.Value(joining: parts.map(\.c)))
    let zonedC = arithmetic.zoned(c_t, by: departure.cellZoneout, from: c)
    guard let weightHR, let projected = cell.weightHR?.rows else { return (zonedH(h_t), zonedC) }
    let operand = arithmetic.operand(h_t)
    let h = UnitBlocks(units: 0..<projected, rows: rows).map { units in
      arithmetic.sum([(operand, weightHR)], biases: [], addends: [], units: units)
    }
    return (zonedH(A.Value(joining: h)), zonedC)
  }

  /// The step of some units, before any projection.
  private func step(
    x: A.Operand, h: A.Operand, c: A.Value, units: Range<Int>
  ) -> (h: A.Value, c: A.Value) {
    let departure = cell.departure
    func gate(_ gate: PreparedGate<A>, _ activation: Activation, seeing c: A.Value) -> A.Value {
      let isApart = departure.peepholesAfterActivation.contains(gate.kind)
      let apart = isApart ? gate.peephole(seeing: c, units: units, in: arithmetic) : nil
      let sum = gate.sum(x: x, h: h, seeing: apart == nil ? c : nil, units: units, in: arithmetic)
      let activated = arithmetic.apply(activation, to: arithmetic.clipped(sum, to: cell.clip))
      return apart.map { arithmetic.add(activated, $0) } ?? activated
    }
    let (i, f) = inputAndForget { gate($0, cell.recurrentActivation, seeing: c) }
    let g = gate(proposal, cell.activation, seeing: c)
    let sum = arithmetic.add(arithmetic.product(f, c), arithmetic.product(i, g))
    let c_t = arithmetic.clipped(sum, to: departure.cellClip)
    let o = gate(output, cell.recurrentActivation, seeing: c_t)
    let activation = cell.outputActivation ?? cell.activation
    let h_t = arithmetic.product(
      o, arithmetic.apply(activation, to: arithmetic.clipped(c_t, to: departure.outputClip)))
    return (h_t, c_t)
  }

  private func inputAndForget(_ gate: (PreparedGate<A>) -> A.Value) -> (i: A.Value, f: A.Value) {
    guard !cell.departure.inputIsCoupled else {
      let f = gate(forget)
      return (arithmetic.complement(f), f)
    }
    let i = gate(input)
    return (i, cell.inputForget ? arithmetic.complement(i) : gate(forget))
  }
}

import Recurrent

/// The step of any cell on blocks.
enum CellStep<A: StepArithmetic>: Sendable {
  case rnn(RNNStep<A>)
  case gru(GRUStep<A>)
  case lstm(LSTMStep<A>)

  init(_ cell: Cell<Double>, conversion: ConversionRoundoff, in arithmetic: A) {
    switch cell {
    case .rnn(let cell): self = .rnn(RNNStep(cell, conversion: conversion, in: arithmetic))
    case .gru(let cell): self = .gru(GRUStep(cell, conversion: conversion, in: arithmetic))
    case .lstm(let cell): self = .lstm(LSTMStep(cell, conversion: conversion, in: arithmetic))
    }
  }

  /// - Parameters:
  ///   - c: an LSTM's, of the units that are computed; others have none.
  ///   - units: which to compute, from the beginning of a `UnitBlocks` block; nil for all, as a projection needs them.
  func callAsFunction(
    x: A.Value, h: A.Value, c: A.Value?, units: Range<Int>? = nil
  ) -> StatePair<A.Value, A.Value?> {
    switch (self, c) {
    case (.rnn(let cell), _): return StatePair(h: cell.step(x: x, h: h, units: units), c: nil)
    case (.gru(let cell), _): return StatePair(h: cell.step(x: x, h: h, units: units), c: nil)
    case (.lstm(let cell), .some(let c)):
      let (h, c) = cell.step(x: x, h: h, c: c, units: units)
      return StatePair(h: h, c: c)
    case (.lstm, nil): preconditionFailure("an LSTM's step starts from h and c")
    }
  }
}

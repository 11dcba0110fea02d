/// One recurrent cell of any kind.
public enum Cell<S: Scalar>: Equatable, Sendable {
  /// A plain recurrent cell.
  case rnn(RNNCell<S>)
  /// A gated recurrent unit.
  case gru(GRUCell<S>)
  /// A long short-term memory cell.
  case lstm(LSTMCell<S>)

  /// Which of the three it is.
  public var kind: CellKind {
    switch self {
    case .rnn: .rnn
    case .gru: .gru
    case .lstm: .lstm
    }
  }

  /// The gates by what they do; every gate of the kind is there.
  public var gates: [(kind: GateKind, gate: Gate<S>)] {
    switch self {
    case .rnn(let cell): [(.hidden, cell.gate)]
    case .gru(let cell): [(.reset, cell.reset), (.update, cell.update), (.new, cell.new)]
    case .lstm(let cell):
      [(.input, cell.input), (.forget, cell.forget), (.cell, cell.cell), (.output, cell.output)]
    }
  }

  /// The same cell with every gate, and the projection where there is one, transformed.
  public func mapping<T: Scalar>(
    gates transform: (GateKind, Gate<S>) -> Gate<T>, projection: (Matrix<S>) -> Matrix<T>
  ) -> Cell<T> {
    switch self {
    case .rnn(let cell):
      var mapped = RNNCell(
        gate: transform(.hidden, cell.gate), activation: cell.activation, clip: cell.clip,
        formula: cell.formula)
      mapped.zoneout = cell.zoneout
      return .rnn(mapped)
    case .gru(let cell):
      var mapped = GRUCell(
        reset: transform(.reset, cell.reset), update: transform(.update, cell.update),
        new: transform(.new, cell.new), activation: cell.activation,
        recurrentActivation: cell.recurrentActivation, resetAfter: cell.resetAfter, blend: cell.blend,
        clip: cell.clip, formula: cell.formula)
      mapped.zoneout = cell.zoneout
      mapped.innerInput = cell.innerInput?.converted(to: T.self)
      return .gru(mapped)
    case .lstm(let cell):
      var mapped = LSTMCell(
        input: transform(.input, cell.input), forget: transform(.forget, cell.forget),
        cell: transform(.cell, cell.cell), output: transform(.output, cell.output),
        weightHR: cell.weightHR.map(projection), activation: cell.activation,
        recurrentActivation: cell.recurrentActivation, outputActivation: cell.outputActivation,
        clip: cell.clip, inputForget: cell.inputForget, formula: cell.formula)
      mapped.departure = cell.departure
      return .lstm(mapped)
    }
  }

  /// The same cell with every gate changed in place.
  public func changing(_ change: (GateKind, inout Gate<S>) -> Void) -> Cell {
    mapping(
      gates: { kind, gate in
        var gate = gate
        change(kind, &gate)
        return gate
      }, projection: { $0 })
  }

  /// H, the width of the gates and of an LSTM's c.
  public var hiddenSize: Int { gates[0].gate.hiddenSize }

  /// I, the width of the input.
  public var inputSize: Int { gates[0].gate.inputSize }

  /// The width of the state h: H, or P where it is projected.
  public var stateSize: Int {
    switch self {
    case .rnn, .gru: hiddenSize
    case .lstm(let cell): cell.weightHR?.rows ?? hiddenSize
    }
  }

  /// The projection `(P, H)` of an LSTM, where there is one.
  public var weightHR: Matrix<S>? {
    switch self {
    case .rnn, .gru: nil
    case .lstm(let cell): cell.weightHR
    }
  }

  /// The activation of the new state.
  public var activation: Activation {
    switch self {
    case .rnn(let cell): cell.activation
    case .gru(let cell): cell.activation
    case .lstm(let cell): cell.activation
    }
  }

  /// Whether there are two biases, as in PyTorch, or one, as in Keras.
  public var formula: BiasFormula {
    switch self {
    case .rnn(let cell): cell.formula
    case .gru(let cell): cell.formula
    case .lstm(let cell): cell.formula
    }
  }

  /// How many numbers the cell's weights and biases hold.
  public var parameterCount: Int {
    gates.reduce(weightHR?.elements.count ?? 0) { $0 + $1.gate.parameterCount }
  }

  /// The state after the step: `x (B, I)`.
  public func step(x: Matrix<S>, _ state: State<S>) -> State<S> {
    switch self {
    case .rnn(let cell): return State(h: cell.step(x: x, h: state.h))
    case .gru(let cell): return State(h: cell.step(x: x, h: state.h))
    case .lstm(let cell):
      let (h, c) = cell.step(x: x, h: state.h, c: state.c ?? Matrix(zeros: x.rows, hiddenSize))
      return State(h: h, c: c)
    }
  }

  /// The state of zeros that a pass starts from by default.
  public func zeroState(batch: Int) -> State<S> {
    State(
      h: Matrix(zeros: batch, stateSize), c: kind == .lstm ? Matrix(zeros: batch, hiddenSize) : nil)
  }

  /// The same cell in another scalar type, each value rounded to nearest.
  public func converted<T: Scalar>(to type: T.Type) -> Cell<T> {
    mapping(gates: { $1.converted(to: type) }, projection: { $0.converted(to: type) })
  }
}

/// The cells that there are.
public enum CellKind: String, CaseIterable, Sendable {
  /// The plain recurrent cell.
  case rnn
  /// The gated recurrent unit.
  case gru
  /// The long short-term memory cell.
  case lstm
}

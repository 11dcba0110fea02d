import Recurrent

/// Values that are the same in every scalar type: multiples of 2⁻²³ between −1 and 1 fit the 24 bits of `Float`.
extension Randomness {
  public mutating func value<S: Scalar>() -> S {
    S(Int.random(in: -(1 << 23)...(1 << 23), using: &self)) / 0x1p23
  }

  public mutating func values<S: Scalar>(_ count: Int) -> [S] { (0..<count).map { _ in value() } }

  public mutating func matrix<S: Scalar>(_ rows: Int, _ columns: Int) -> Matrix<S> {
    Matrix(rows: rows, columns: columns, elements: values(rows * columns))
  }

  public mutating func sequence<S: Scalar>(_ timesteps: Int, _ batch: Int, _ features: Int)
    -> BatchedSequence<S>
  {
    BatchedSequence(
      timesteps: timesteps, batch: batch, features: features, elements: values(timesteps * batch * features))
  }

  /// A plain cell with distinct biases, as many as the formula has.
  public mutating func rnn<S: Scalar>(
    _ formula: BiasFormula, input: Int, hidden: Int, activation: Activation = .tanh
  ) -> RNNCell<S> {
    RNNCell(
      gate: Gate(
        weightIH: matrix(hidden, input), weightHH: matrix(hidden, hidden), biasIH: values(hidden),
        biasHH: formula == .twoBias ? values(hidden) : nil),
      activation: activation, formula: formula)
  }

  /// One direction of a layer, which starts from a random state.
  public mutating func pass<S: Scalar>(
    _ direction: Direction, input: Int, hidden: Int, batch: Int, activation: Activation = .tanh
  ) -> Pass<S> {
    Pass(
      direction: direction,
      cell: .rnn(rnn(.twoBias, input: input, hidden: hidden, activation: activation)),
      initialState: State(h: matrix(batch, hidden)))
  }

  /// A forward and a backward pass.
  public mutating func bidirectional<S: Scalar>(input: Int, hidden: Int, batch: Int) -> Layer<S> {
    Layer(passes: Direction.allCases.map { pass($0, input: input, hidden: hidden, batch: batch) })
  }
}

/// A kind of cell with what distinguishes its formula: every formula that a framework has.
public enum CellVariant: String, CaseIterable, Sendable {
  case rnn
  case gruResetAfter
  case gruResetBefore
  case lstm
  case lstmProjected

  /// H units that read I inputs; all biases distinct. The state is `stateSize(hidden)` wide.
  public func cell<S: Scalar>(
    _ formula: BiasFormula, input: Int, hidden: Int, random: inout Randomness
  ) -> Cell<S> {
    let state = stateSize(hidden)
    let biases = formula == .twoBias || self == .gruResetAfter ? 2 : 1
    func gate() -> Gate<S> { random.gate(input: input, hidden: hidden, state: state, biases: biases) }
    switch self {
    case .rnn: return .rnn(RNNCell(gate: gate(), activation: .tanh, formula: formula))
    case .gruResetAfter, .gruResetBefore:
      return .gru(
        GRUCell(
          reset: gate(), update: gate(), new: gate(), resetAfter: self == .gruResetAfter, formula: formula))
    case .lstm, .lstmProjected:
      return .lstm(
        LSTMCell(
          input: gate(), forget: gate(), cell: gate(), output: gate(),
          weightHR: self == .lstm ? nil : random.matrix(state, hidden), formula: formula))
    }
  }

  /// H, or P where the state is projected.
  public func stateSize(_ hidden: Int) -> Int { self == .lstmProjected ? hidden - 2 : hidden }

  /// One direction of a layer of this cell, which starts from random states.
  public func pass<S: Scalar>(
    _ direction: Direction, input: Int, hidden: Int, batch: Int, random: inout Randomness
  ) -> Pass<S> {
    let cell: Cell<S> = cell(.twoBias, input: input, hidden: hidden, random: &random)
    let h: Matrix<S> = random.matrix(batch, cell.stateSize)
    let c: Matrix<S>? = cell.kind == .lstm ? random.matrix(batch, hidden) : nil
    return Pass(direction: direction, cell: cell, initialState: State(h: h, c: c))
  }
}

extension Randomness {
  /// A gate with distinct biases: of two, of the first only, or none.
  public mutating func gate<S: Scalar>(input: Int, hidden: Int, state: Int, biases: Int) -> Gate<S> {
    Gate(
      weightIH: matrix(hidden, input), weightHH: matrix(hidden, state),
      biasIH: biases > 0 ? values(hidden) : nil, biasHH: biases > 1 ? values(hidden) : nil)
  }
}

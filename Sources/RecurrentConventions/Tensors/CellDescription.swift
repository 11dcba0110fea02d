import Recurrent

/// What must be known of a cell, beside its weights, to read them.
public struct CellDescription: Equatable, Sendable {
  public var kind: CellKind
  public var inputSize: Int
  public var hiddenSize: Int
  public var activation: Activation
  /// GRU and LSTM.
  public var recurrentActivation: Activation
  /// LSTM: the f of `o ⊙ f(c)`; nil where it is `activation`.
  public var outputActivation: Activation?
  /// What the arguments of the gates' activations are clipped to; nil where they are not.
  public var clip: Double?
  /// LSTM: whether f is `1 − i`.
  public var inputForget: Bool
  /// GRU.
  public var resetAfter: Bool
  /// P of an LSTM; nil where the state is not projected.
  public var projectionSize: Int?

  public init(
    kind: CellKind = .rnn, inputSize: Int, hiddenSize: Int, activation: Activation = .tanh,
    recurrentActivation: Activation = .sigmoid, outputActivation: Activation? = nil, clip: Double? = nil,
    inputForget: Bool = false, resetAfter: Bool = true, projectionSize: Int? = nil
  ) {
    self.kind = kind
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.outputActivation = outputActivation
    self.clip = clip
    self.inputForget = inputForget
    self.resetAfter = resetAfter
    self.projectionSize = projectionSize
  }

  /// What would have to be known of a cell to read it.
  public init(_ cell: Cell<Double>) {
    self.init(
      kind: cell.kind, inputSize: cell.inputSize, hiddenSize: cell.hiddenSize, activation: cell.activation,
      projectionSize: cell.weightHR?.rows)
    switch cell {
    case .rnn(let cell): clip = cell.clip
    case .gru(let cell):
      (recurrentActivation, resetAfter, clip) = (cell.recurrentActivation, cell.resetAfter, cell.clip)
    case .lstm(let cell):
      (recurrentActivation, outputActivation) = (cell.recurrentActivation, cell.outputActivation)
      (clip, inputForget) = (cell.clip, cell.inputForget)
    }
  }

  /// The width of the state h.
  public var stateSize: Int { projectionSize ?? hiddenSize }

  /// G, the number of gates.
  public var gateCount: Int {
    switch kind {
    case .rnn: 1
    case .gru: 3
    case .lstm: 4
    }
  }

  func cell(_ native: NativeGates, order: [GateKind], formula: BiasFormula) -> Cell<Double> {
    func gate(_ kind: GateKind) -> Gate<Double> { native.gates[order.firstIndex(of: kind) ?? 0] }
    switch kind {
    case .rnn:
      return .rnn(RNNCell(gate: gate(.hidden), activation: activation, clip: clip, formula: formula))
    case .gru:
      return .gru(
        GRUCell(
          reset: gate(.reset), update: gate(.update), new: gate(.new), activation: activation,
          recurrentActivation: recurrentActivation, resetAfter: resetAfter, clip: clip, formula: formula))
    case .lstm:
      return .lstm(
        LSTMCell(
          input: gate(.input), forget: gate(.forget), cell: gate(.cell), output: gate(.output),
          weightHR: native.weightHR, activation: activation, recurrentActivation: recurrentActivation,
          outputActivation: outputActivation, clip: clip, inputForget: inputForget, formula: formula))
    }
  }
}

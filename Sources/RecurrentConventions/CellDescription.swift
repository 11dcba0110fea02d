import Recurrent

/// What must be known of a cell, beside its weights, to read them.
public struct CellDescription: Equatable, Sendable {
  public var kind: CellKind
  public var inputSize: Int
  public var hiddenSize: Int
  public var activation: Activation
  /// GRU and LSTM.
  public var recurrentActivation: Activation
  /// GRU.
  public var resetAfter: Bool
  /// P of an LSTM; nil where the state is not projected.
  public var projectionSize: Int?

  public init(
    kind: CellKind = .rnn, inputSize: Int, hiddenSize: Int, activation: Activation = .tanh,
    recurrentActivation: Activation = .sigmoid, resetAfter: Bool = true, projectionSize: Int? = nil
  ) {
    self.kind = kind
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.resetAfter = resetAfter
    self.projectionSize = projectionSize
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

  func cell(_ packed: PackedGates, order: [GateKind], formula: BiasFormula) -> Cell<Double> {
    func gate(_ kind: GateKind) -> Gate<Double> {
      packed.block(order.firstIndex(of: kind) ?? 0, of: order.count)
    }
    switch kind {
    case .rnn: return .rnn(RNNCell(gate: gate(.hidden), activation: activation, formula: formula))
    case .gru:
      return .gru(
        GRUCell(
          reset: gate(.reset), update: gate(.update), new: gate(.new), activation: activation,
          recurrentActivation: recurrentActivation, resetAfter: resetAfter, formula: formula))
    case .lstm:
      return .lstm(
        LSTMCell(
          input: gate(.input), forget: gate(.forget), cell: gate(.cell), output: gate(.output),
          weightHR: packed.weightHR, activation: activation, recurrentActivation: recurrentActivation,
          formula: formula))
    }
  }
}

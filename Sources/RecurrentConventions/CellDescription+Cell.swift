import Recurrent

extension CellDescription {
  /// What must be known of a cell that is there, to read its weights again.
  public init<S: Scalar>(_ cell: Cell<S>) {
    self.init(
      kind: cell.kind, inputSize: cell.inputSize, hiddenSize: cell.hiddenSize, activation: cell.activation)
    switch cell {
    case .rnn(let cell): clip = cell.clip
    case .gru(let cell):
      recurrentActivation = cell.recurrentActivation
      resetAfter = cell.resetAfter
      clip = cell.clip
    case .lstm(let cell):
      recurrentActivation = cell.recurrentActivation
      outputActivation = cell.outputActivation
      inputForget = cell.inputForget
      projectionSize = cell.weightHR?.rows
      clip = cell.clip
    }
  }
}

import Recurrent

/// Changes of a cell of one kind; of another nothing is changed.
extension Cell<Double> {
  mutating func changeGRU(_ change: (inout GRUCell<Double>) -> Void) {
    guard case .gru(var cell) = self else { return }
    change(&cell)
    self = .gru(cell)
  }

  mutating func changeLSTM(_ change: (inout LSTMCell<Double>) -> Void) {
    guard case .lstm(var cell) = self else { return }
    change(&cell)
    self = .lstm(cell)
  }
}

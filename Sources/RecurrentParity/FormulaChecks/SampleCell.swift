import Recurrent
import RecurrentConventions

/// A cell with weights, biases and an input that hide nothing: distinct biases, I ≠ H, several steps.
struct SampleCell {
  let description: CellDescription
  let cell: Cell<Double>
  let input: BatchedSequence<Double>

  init(_ kind: CellKind) {
    var numbers = SplitMix(state: 1)
    let (I, H, T, B) = (3, 5, 9, 2)
    description = CellDescription(kind: kind, inputSize: I, hiddenSize: H)
    func values(_ count: Int) -> [Double] { (0..<count).map { _ in numbers.next() } }
    input = BatchedSequence(timesteps: T, batch: B, features: I, elements: values(T * B * I))
    func gate() -> Gate<Double> {
      Gate(
        weightIH: Matrix(rows: H, columns: I, elements: values(H * I)),
        weightHH: Matrix(rows: H, columns: H, elements: values(H * H)), biasIH: values(H), biasHH: values(H))
    }
    switch kind {
    case .rnn: cell = .rnn(RNNCell(gate: gate(), activation: .tanh, formula: .twoBias))
    case .gru: cell = .gru(GRUCell(reset: gate(), update: gate(), new: gate(), formula: .twoBias))
    case .lstm:
      cell = .lstm(
        LSTMCell(input: gate(), forget: gate(), cell: gate(), output: gate(), formula: .twoBias))
    }
  }

  func changedGRU(_ change: (inout GRUCell<Double>) -> Void) -> Cell<Double> {
    guard case .gru(var gru) = cell else { return cell }
    change(&gru)
    return .gru(gru)
  }

  func changedLSTM(_ change: (inout LSTMCell<Double>) -> Void) -> Cell<Double> {
    guard case .lstm(var lstm) = cell else { return cell }
    change(&lstm)
    return .lstm(lstm)
  }
}

/// Numbers in (−1, 1), the same every time. Source: Steele, Lea & Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    z ^= z >> 31
    return Double(Int64(bitPattern: z)) / 0x1p63
  }
}

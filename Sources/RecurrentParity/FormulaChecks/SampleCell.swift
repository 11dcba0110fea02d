import Recurrent
import RecurrentConventions

/// A cell with weights, biases and an input that hide nothing: distinct biases, I ≠ H, several steps.
struct SampleCell {
  let description: CellDescription
  let cell: Cell<Double>
  let input: BatchedSequence<Double>

  /// With the features named, in a kind of cell that may have them.
  init(_ kind: CellKind, _ features: [CellFeature] = []) {
    var numbers = SplitMix(state: 1)
    let (I, H, T, B) = (3, 5, 9, 2)
    let P = features.contains(.projection) ? 4 : H
    description = CellDescription(kind: kind, inputSize: I, hiddenSize: H)
    func values(_ count: Int) -> [Double] { (0..<count).map { _ in numbers.next() } }
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(rows: rows, columns: columns, elements: values(rows * columns))
    }
    input = BatchedSequence(timesteps: T, batch: B, features: I, elements: values(T * B * I))
    func gate(seesC: Bool = false) -> Gate<Double> {
      var gate = Gate(weightIH: matrix(H, I), weightHH: matrix(H, P), biasIH: values(H), biasHH: values(H))
      if seesC, features.contains(.peepholes) { gate.peephole = values(H) }
      return gate
    }
    // Arguments are of order 1.
    let clip = features.contains(.clip) ? 0.5 : nil
    switch kind {
    case .rnn: cell = .rnn(RNNCell(gate: gate(), activation: .tanh, clip: clip, formula: .twoBias))
    case .gru:
      cell = .gru(
        GRUCell(
          reset: gate(), update: gate(), new: gate(), resetAfter: !features.contains(.resetBefore),
          clip: clip,
          formula: .twoBias))
    case .lstm:
      cell = .lstm(
        LSTMCell(
          input: gate(seesC: true), forget: gate(seesC: true), cell: gate(), output: gate(seesC: true),
          weightHR: features.contains(.projection) ? matrix(P, H) : nil,
          outputActivation: features.contains(.outputActivation) ? .softsign : nil, clip: clip,
          inputForget: features.contains(.inputForget), formula: .twoBias))
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

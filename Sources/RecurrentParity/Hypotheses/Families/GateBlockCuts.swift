import Recurrent

/// Packed gates that were cut at multiples of the input's width instead of the gates'.
extension HypothesisCatalogue {
  var gateBlockCuts: [Hypothesis] {
    let (height, width) = (cell.hiddenSize, cell.inputSize)
    let order = context.gateOrder.map(\.kind)
    // Cut further apart, the last would reach behind the end.
    guard order.count > 1, width < height else { return [] }
    let gates = Dictionary(uniqueKeysWithValues: cell.gates.map { ($0.kind, $0.gate) })
    let packed = PackedRows(order.compactMap { gates[$0] })
    let cut = changing(Mistake(.gateBlocksCut, "\(width)"), .parameters) { kind, gate in
      guard let block = order.firstIndex(of: kind) else { return }
      gate = packed.gate(from: block * width, like: gate)
    }
    return [cut].compactMap { $0 }
  }
}

/// The gates of a cell on top of each other, as they are stored: `(G · H, …)`.
private struct PackedRows {
  private let gates: [Gate<Double>]

  init(_ gates: [Gate<Double>]) { self.gates = gates }

  /// As many rows as a gate has.
  func gate(from row: Int, like gate: Gate<Double>) -> Gate<Double> {
    let rows = row..<row + gate.hiddenSize
    func matrix(_ part: (Gate<Double>) -> Matrix<Double>) -> Matrix<Double> {
      Matrix(
        rows: rows.count, columns: part(gate).columns,
        elements: rows.flatMap { part(gates[$0 / gate.hiddenSize]).row($0 % gate.hiddenSize) })
    }
    func vector(_ part: (Gate<Double>) -> [Double]?) -> [Double]? {
      part(gate).map { _ in
        rows.map { part(gates[$0 / gate.hiddenSize])?[$0 % gate.hiddenSize] ?? 0 }
      }
    }
    return Gate(
      weightIH: matrix(\.weightIH), weightHH: matrix(\.weightHH), biasIH: vector(\.biasIH),
      biasHH: vector(\.biasHH), peephole: gate.peephole)
  }
}

import Recurrent

/// All gates of a cell, stacked in a convention's order.
struct PackedGates {
  /// `(G·H, I)`
  var weightIH: Matrix<Double>
  /// `(G·H, H)` or `(G·H, P)`
  var weightHH: Matrix<Double>
  /// `(G·H)`
  var biasIH: [Double]?
  /// `(G·H)`
  var biasHH: [Double]?
  /// `(P, H)`
  var weightHR: Matrix<Double>?

  /// One gate of `count`.
  func block(_ index: Int, of count: Int) -> Gate<Double> {
    let H = weightIH.rows / count
    func rows(_ matrix: Matrix<Double>) -> Matrix<Double> {
      let width = H * matrix.columns
      return Matrix(
        rows: H, columns: matrix.columns,
        elements: Array(matrix.elements[index * width..<(index + 1) * width]))
    }
    func part(_ bias: [Double]?) -> [Double]? { bias.map { Array($0[index * H..<(index + 1) * H]) } }
    return Gate(
      weightIH: rows(weightIH), weightHH: rows(weightHH), biasIH: part(biasIH), biasHH: part(biasHH))
  }
}

extension PackedGates {
  /// Stacks a cell's gates.
  init(_ cell: Cell<Double>, order: [GateKind]) {
    let gates = order.compactMap { kind in cell.gates.first { $0.kind == kind }?.gate }
    func stacked(_ matrices: [Matrix<Double>]) -> Matrix<Double> {
      Matrix(
        rows: matrices.reduce(0) { $0 + $1.rows }, columns: matrices[0].columns,
        elements: matrices.flatMap(\.elements))
    }
    func joined(_ biases: [[Double]?]) -> [Double]? {
      biases.contains { $0 == nil } ? nil : biases.flatMap { $0 ?? [] }
    }
    self.init(
      weightIH: stacked(gates.map(\.weightIH)), weightHH: stacked(gates.map(\.weightHH)),
      biasIH: joined(gates.map(\.biasIH)), biasHH: joined(gates.map(\.biasHH)), weightHR: cell.weightHR)
  }
}

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

  /// The G gates, one after the other.
  func gates(_ count: Int) -> [Gate<Double>] {
    let H = weightIH.rows / count
    func rows(_ matrix: Matrix<Double>, _ index: Int) -> Matrix<Double> {
      // A plain cell's only gate is all of it.
      if count == 1 { return matrix }
      let width = H * matrix.columns
      return Matrix(
        rows: H, columns: matrix.columns,
        elements: Array(matrix.elements[index * width..<(index + 1) * width]))
    }
    func part(_ bias: [Double]?, _ index: Int) -> [Double]? {
      bias.map { Array($0[index * H..<(index + 1) * H]) }
    }
    return (0..<count).map { index in
      Gate(
        weightIH: rows(weightIH, index), weightHH: rows(weightHH, index), biasIH: part(biasIH, index),
        biasHH: part(biasHH, index))
    }
  }
}

extension PackedGates {
  /// Stacks gates.
  init(_ gates: [Gate<Double>]) {
    func stacked(_ matrices: [Matrix<Double>]) -> Matrix<Double> {
      Matrix(
        rows: matrices.reduce(0) { $0 + $1.rows }, columns: matrices[0].columns,
        elements: matrices.flatMap(\.elements))
    }
    self.init(
      weightIH: stacked(gates.map(\.weightIH)), weightHH: stacked(gates.map(\.weightHH)),
      biasIH: gates.joined(\.biasIH), biasHH: gates.joined(\.biasHH))
  }
}

extension [Gate<Double>] {
  /// The vectors of all gates, one after the other; nil where none has one. A gate without one has zeros.
  func joined(_ vector: (Gate<Double>) -> [Double]?) -> [Double]? {
    contains { vector($0) != nil }
      ? flatMap { vector($0) ?? [Double](repeating: 0, count: $0.hiddenSize) } : nil
  }
}

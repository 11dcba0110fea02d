import Recurrent
import RecurrentConventions
import RecurrentParity

extension CellRelation {
  /// What makes `b` of `a`, all of it, as far as a conversion rounds; the simplest first. Nil where nothing does that is
  /// tried.
  init?(_ a: StoredCell, _ b: StoredCell) {
    var single: [(CellRelation, Cell<Double>)] = a.cell.reordered
    let permuted = a.cell.permuted
    single += permuted
    for (relation, cell) in single where Self.isEqual(cell, a, b) {
      self = relation
      return
    }
    for (first, cell) in permuted {
      for (second, cell) in cell.reordered where Self.isEqual(cell, a, b) {
        self = .both(first, second)
        return
      }
    }
    return nil
  }

  private static func isEqual(_ cell: Cell<Double>, _ a: StoredCell, _ b: StoredCell) -> Bool {
    defer { WorkContext.current.counter?.advance() }
    return CellComparison(StoredCell(cell: cell, format: a.format), b).agreement < .different
  }
}

extension Cell<Double> {
  /// The cell with its gates' parameters exchanged, in every way but its own.
  fileprivate var permuted: [(CellRelation, Cell<Double>)] {
    let kinds = gates.map(\.kind)
    return kinds.permutations.dropFirst().map { order in
      let taken = Dictionary(uniqueKeysWithValues: zip(kinds, order))
      let cell = changing { kind, gate in
        guard let source = taken[kind], let other = self.gates.first(where: { $0.kind == source }) else {
          return
        }
        gate = other.gate
      }
      // Gate `order[i]` of this cell is gate `kinds[i]` of that.
      return (.gatesPermuted(zip(order, kinds).filter { $0.0 != $0.1 }), cell)
    }
  }

  /// The cell with its numbers in other places, or without some.
  fileprivate var reordered: [(CellRelation, Cell<Double>)] {
    var found: [(CellRelation, Cell<Double>)] = []
    if inputSize == hiddenSize {
      found.append((.inputTransposed, changing { _, gate in gate.weightIH = gate.weightIH.transposed() }))
    }
    if stateSize == hiddenSize {
      found.append((.recurrentTransposed, changing { _, gate in gate.weightHH = gate.weightHH.transposed() }))
    }
    for (input, state) in [(false, true), (true, false), (true, true)] {
      found.append((.reshaped, reshaped(input: input, state: state)))
    }
    let hasBiases = gates.contains { $0.gate.biasIH != nil || $0.gate.biasHH != nil }
    guard hasBiases else { return found }
    found.append(
      (.biasesSwapped, changing { _, gate in (gate.biasIH, gate.biasHH) = (gate.biasHH, gate.biasIH) }))
    found.append((.biasHHLost, changing { _, gate in gate.biasHH = gate.biasHH.map { $0.map { _ in 0 } } }))
    found.append(
      (
        .biasLost,
        changing { _, gate in
          gate.biasIH = nil
          gate.biasHH = nil
        }
      ))
    return found
  }

  /// The stacked matrices `(G·H, n)` with their numbers taken for those of `(n, G·H)`, which were then transposed.
  private func reshaped(input: Bool, state: Bool) -> Cell<Double> {
    let count = gates.count
    func reshaped(_ matrices: [Matrix<Double>]) -> [Matrix<Double>] {
      let (rows, columns) = (matrices[0].rows, matrices[0].columns)
      let flat = matrices.flatMap(\.elements)
      let other = Matrix(rows: columns, columns: count * rows, elements: flat).transposed()
      return (0..<count).map { index in
        Matrix(
          rows: rows, columns: columns,
          elements: Array(other.elements[index * rows * columns..<(index + 1) * rows * columns]))
      }
    }
    let inputs = input ? reshaped(gates.map(\.gate.weightIH)) : gates.map(\.gate.weightIH)
    let states = state ? reshaped(gates.map(\.gate.weightHH)) : gates.map(\.gate.weightHH)
    let order = gates.map(\.kind)
    return changing { kind, gate in
      guard let index = order.firstIndex(of: kind) else { return }
      gate.weightIH = inputs[index]
      gate.weightHH = states[index]
    }
  }
}

extension Array {
  /// All orders, its own first.
  fileprivate var permutations: [[Element]] {
    guard count > 1 else { return [self] }
    return indices.flatMap { index -> [[Element]] in
      var rest = self
      let first = rest.remove(at: index)
      return rest.permutations.map { [first] + $0 }
    }
  }
}

import Recurrent

/// Other orders of the packed gates.
extension HypothesisCatalogue {
  func gateOrders(_ scopes: [GateBlocks]) -> [Hypothesis] {
    let stored = context.gateOrder
    guard stored.count > 1 else { return [] }
    return scopes.flatMap { scope in
      stored.indices.map { $0 }.otherOrders.compactMap { order -> Hypothesis? in
        // Stored block k was used as gate order[k].
        let letters = order.map { stored[$0].letter }.joined()
        let source = Dictionary(
          uniqueKeysWithValues: order.enumerated().map { (stored[$0.element].kind, stored[$0.offset].kind) })
        let reordered = { @Sendable (cell: Cell<Double>) in
          let gates = Dictionary(uniqueKeysWithValues: cell.gates.map { ($0.kind, $0.gate) })
          return cell.changing { kind, gate in
            guard let from = source[kind].flatMap({ gates[$0] }) else { return }
            scope.copy(from, into: &gate)
          }
        }
        guard !reordered(cell).computesTheSame(as: cell) else { return nil }
        return Hypothesis(
          Mistake(.gateOrder, letters + scope.rawValue), scope.aspects, .cell { $0 = reordered($0) })
      }
    }
  }
}

/// Which parts of the packed blocks a gate order concerns; the raw value is the hypothesis's suffix.
enum GateBlocks: String, CaseIterable, Sendable {
  case all = ""
  case bias = "@bias"
  case recurrent = "@recurrent"
  case input = "@input"

  var aspects: Aspects {
    switch self {
    case .all: .gateOrder
    case .bias: .biasOrder
    case .recurrent: .recurrentOrder
    case .input: .inputOrder
    }
  }

  func copy(_ source: Gate<Double>, into gate: inout Gate<Double>) {
    if self == .all || self == .input { gate.weightIH = source.weightIH }
    if self == .all || self == .recurrent { gate.weightHH = source.weightHH }
    if self == .all || self == .bias {
      gate.biasIH = source.biasIH
      gate.biasHH = source.biasHH
    }
  }
}

extension [Int] {
  /// Every order of the elements but this one.
  var otherOrders: [[Int]] {
    func all(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty
        ? [[]] : rest.indices.flatMap { i in all(rest.filter { $0 != rest[i] }).map { [rest[i]] + $0 } }
    }
    return all(self).filter { $0 != self }
  }
}

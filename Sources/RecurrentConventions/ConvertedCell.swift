import Recurrent

/// A cell that was carried over to a convention: the same function, or it would have been refused.
public struct ConvertedCell: Equatable, Sendable {
  /// As the convention reads what it has written.
  public let cell: Cell<Double>
  /// The native weights.
  public let tensors: [String: NativeTensor]
  /// What is not there in the way it was.
  public let changes: [ConversionChange]

  /// Whether the way back gives every parameter as it was, bit for bit.
  public var isReversible: Bool { changes.isEmpty }
}

/// What a conversion did to a cell's biases; the weights are the same, bit for bit.
public enum ConversionChange: Equatable, Sendable {
  /// `b_ih + b_hh` is one bias: what each of them was is lost, and the sum is rounded where it is no number of the
  /// weights' format.
  case biasesSummed([GateKind])
  /// There is a bias where there was none, of zeros.
  case zerosAdded([GateKind])
  /// There is no second bias where there was one, of zeros.
  case zerosDropped([GateKind])
}

extension Convention {
  /// The cell as this convention has it.
  ///
  /// What is written is read again and compared: all but the biases must be what it was.
  /// - Throws: `ConventionError` for a cell that the framework does not have, with the option by name.
  public func converted(_ cell: Cell<Double>) throws(ConventionError) -> ConvertedCell {
    try rules.expectToHave(cell.features, in: cell.kind)
    try expectActivations(of: cell)
    var own = cell.converted(to: formula)
    if rules.hasAlwaysBiases { own = own.withBiases }
    let tensors = rules.tensors(own)
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      if let value = tensor.values.first(where: { !$0.isFinite }) {
        throw ConventionError(tensor: name, expected: "finite values", found: "\(value)")
      }
    }
    let read = try self.cell(CellDescription(own), from: tensors)
    var written = own
    for (kind, gate) in read.gates {
      written = written.changing { other, parameters in
        if other == kind { (parameters.biasIH, parameters.biasHH) = (gate.biasIH, gate.biasHH) }
      }
    }
    guard written == read else {
      throw ConventionError(
        tensor: rules.recurrentWeight(cell.kind), expected: "a cell that \(title) has",
        found: "one that departs from it")
    }
    return ConvertedCell(cell: read, tensors: tensors, changes: changes(from: cell, to: read))
  }

  private func expectActivations(of cell: Cell<Double>) throws(ConventionError) {
    let said = CellDescription(cell)
    var activations = [("activation", said.activation, false)]
    if cell.kind != .rnn { activations.append(("recurrent_activation", said.recurrentActivation, true)) }
    if let output = said.outputActivation { activations.append(("output_activation", output, false)) }
    for (name, activation, ofGates) in activations {
      if let expected = rules.refusal(of: activation, ofGates: ofGates, in: cell.kind) {
        throw ConventionError(tensor: name, expected: expected, found: activation.description)
      }
    }
  }

  private func changes(from cell: Cell<Double>, to converted: Cell<Double>) -> [ConversionChange] {
    var (summed, added, dropped): ([GateKind], [GateKind], [GateKind]) = ([], [], [])
    for ((kind, old), (_, new)) in zip(cell.gates, converted.gates) {
      let (before, after) = (
        [old.biasIH, old.biasHH].compactMap { $0 }, [new.biasIH, new.biasHH].compactMap { $0 }
      )
      if after.count > before.count {
        added.append(kind)
      } else if after.count < before.count {
        let isZero = before.last?.allSatisfy { $0 == 0 } ?? true
        if isZero { dropped.append(kind) } else { summed.append(kind) }
      }
    }
    return (summed.isEmpty ? [] : [.biasesSummed(summed)]) + (added.isEmpty ? [] : [.zerosAdded(added)])
      + (dropped.isEmpty ? [] : [.zerosDropped(dropped)])
  }
}

extension Cell<Double> {
  /// Zeros for every bias that a cell of its formula may have and this one has not.
  fileprivate var withBiases: Cell {
    changing { kind, gate in
      let zeros = [Double](repeating: 0, count: gate.hiddenSize)
      gate.biasIH = gate.biasIH ?? zeros
      if formula == .twoBias || kind == .new && !mergesBiases { gate.biasHH = gate.biasHH ?? zeros }
    }
  }
}

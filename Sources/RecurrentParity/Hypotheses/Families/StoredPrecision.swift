import Recurrent

/// Weights that were rounded where they were stored, in a run that computes as declared.
///
/// There are many roundings, and matrices may be large: each is made when it is first applied, and kept only where the
/// cell is small.
extension HypothesisCatalogue {
  /// With more parameters than these, they are neither kept nor tried together with anything.
  static let smallCell = 1 << 15

  var storedPrecisions: [Hypothesis] {
    let declared = StoredParameters(cell)
    let isSmall = cell.parameterCount <= Self.smallCell
    let weights: Aspects = [.inputWeights, .recurrentWeights]
    func hypothesis(_ kind: Mistake.Kind, _ rounding: WeightRounding, withBiases: Bool) -> Hypothesis? {
      guard declared.areChanged(by: rounding, withBiases: withBiases) else { return nil }
      let memo = Memo<Cell<Double>>()
      let cell = cell
      return Hypothesis(
        Mistake(kind, rounding.name), withBiases ? weights.union(.biasValues) : weights,
        .cell { changed in
          // What changes a problem before leaves the weights as they are, so one rounding serves every composition.
          let make = { declared.rounded(by: rounding, in: cell) }
          let rounded = isSmall ? memo.value(make) : make()
          let gates = Dictionary(uniqueKeysWithValues: rounded.gates.map { ($0.kind, $0.gate) })
          changed = changed.mapping(
            gates: { kind, gate in
              guard let source = gates[kind] else { return gate }
              var gate = gate
              (gate.weightIH, gate.weightHH) = (source.weightIH, source.weightHH)
              if withBiases { (gate.biasIH, gate.biasHH) = (source.biasIH, source.biasHH) }
              return gate
            }, projection: { rounded.weightHR ?? $0 })
        })
    }
    let hasBiases = cell.gates.contains { $0.gate.biasIH != nil || $0.gate.biasHH != nil }
    return (WeightRounding.binary + WeightRounding.integer).compactMap {
      hypothesis(.weightsRounded, $0, withBiases: false)
    }
      + (hasBiases ? WeightRounding.binary : []).compactMap {
        hypothesis(.parametersRounded, $0, withBiases: true)
      } + WeightRounding.decimal.compactMap { hypothesis(.parametersPrinted, $0, withBiases: true) }
  }
}

/// The parameters of a cell, tensor by tensor, each with its gates one below the other.
private struct StoredParameters: Sendable {
  let weights: [(blocks: [[Double]], columns: Int)]
  let biases: [(blocks: [[Double]], columns: Int)]

  init(_ cell: Cell<Double>) {
    let gates = cell.gates.map(\.gate)
    weights =
      [
        (gates.map(\.weightIH.elements), cell.inputSize), (gates.map(\.weightHH.elements), cell.stateSize),
      ] + (cell.weightHR.map { [([$0.elements], cell.hiddenSize)] } ?? [])
    biases = [gates.compactMap(\.biasIH), gates.compactMap(\.biasHH)].map { ($0, 1) }
  }

  /// Whether weights are; where biases go with them, whether those are, for weights alone are another hypothesis.
  func areChanged(by rounding: WeightRounding, withBiases: Bool) -> Bool {
    guard weights.contains(where: { rounding.changes($0.blocks, columns: $0.columns) }) else { return false }
    if case .format = rounding.scheme, withBiases {
      return biases.contains { rounding.changes($0.blocks, columns: $0.columns) }
    }
    return true
  }

  func rounded(by rounding: WeightRounding, in cell: Cell<Double>) -> Cell<Double> {
    let inputs = rounding(weights[0].blocks, columns: weights[0].columns)
    let states = rounding(weights[1].blocks, columns: weights[1].columns)
    let order = Dictionary(uniqueKeysWithValues: cell.gates.enumerated().map { ($0.element.kind, $0.offset) })
    return cell.mapping(
      gates: { kind, gate in
        guard let index = order[kind] else { return gate }
        var gate = gate
        gate.weightIH.elements = inputs[index]
        gate.weightHH.elements = states[index]
        gate.biasIH = gate.biasIH.map { rounding([$0], columns: 1)[0] }
        gate.biasHH = gate.biasHH.map { rounding([$0], columns: 1)[0] }
        return gate
      },
      projection: { matrix in
        var matrix = matrix
        matrix.elements = rounding([matrix.elements], columns: matrix.columns)[0]
        return matrix
      })
  }
}

import Recurrent

/// Weights of another layer or direction.
extension HypothesisCatalogue {
  var foreignWeights: [Hypothesis] {
    let layers = context.parameters.layers
    return layers.indices.flatMap { layer in
      layers[layer].passes.indices.flatMap { pass -> [Hypothesis] in
        let recorded = layers[layer].passes[pass]
        guard (layer, pass) != (context.layer, context.pass), recorded.cell.kind == cell.kind else {
          return []
        }
        let isSameDirection = recorded.direction == problem.direction
        let name = isSameDirection ? "\(layer)" : "\(layer) \(recorded.direction.rawValue)"
        let other = context.declared(layer, pass).cell
        // All of the other direction's are `directionsSwapped`.
        let parts = layer == context.layer ? ForeignPart.allCases.filter { $0 != .all } : ForeignPart.allCases
        return parts.compactMap { part in
          guard part == .all || !part.isAll(of: other, beside: cell), part.fits(other, cell) else {
            return nil
          }
          return taking(part, of: other, Mistake(.weightsOf, name + part.rawValue))
        }
      }
    }
  }

  private func taking(_ part: ForeignPart, of other: Cell<Double>, _ mistake: Mistake) -> Hypothesis? {
    let gates = Dictionary(uniqueKeysWithValues: other.gates.map { ($0.kind, $0.gate) })
    return changing(mistake, part.aspects) { kind, gate in
      if let source = gates[kind] { part.copy(source, into: &gate) }
    }
  }
}

/// Which parameters are taken from elsewhere; the raw value is the hypothesis's suffix.
private enum ForeignPart: String, CaseIterable {
  case all = ""
  case recurrent = "@recurrent"
  case input = "@input"
  case bias = "@bias"
  case recurrentAndBias = "@recurrent-and-bias"

  private var tensors: (input: Bool, recurrent: Bool, bias: Bool) {
    switch self {
    case .all: (true, true, true)
    case .recurrent: (false, true, false)
    case .input: (true, false, false)
    case .bias: (false, false, true)
    case .recurrentAndBias: (false, true, true)
    }
  }

  var aspects: Aspects {
    switch self {
    case .all: .parameters
    case .recurrent: .recurrentWeights
    case .input: .inputWeights
    case .bias: [.biasValues, .bias]
    case .recurrentAndBias: [.recurrentWeights, .biasValues, .bias]
    }
  }

  /// Whether the other cell's shapes are the cell's.
  func fits(_ other: Cell<Double>, _ cell: Cell<Double>) -> Bool {
    other.hiddenSize == cell.hiddenSize && other.stateSize == cell.stateSize
      && (!tensors.input || other.inputSize == cell.inputSize)
  }

  /// Whether what it leaves is equal, so that a part that takes more says the same.
  func isAll(of other: Cell<Double>, beside cell: Cell<Double>) -> Bool {
    !zip(other.gates, cell.gates).contains { theirs, own in
      (!tensors.input && theirs.gate.weightIH != own.gate.weightIH)
        || (!tensors.recurrent && theirs.gate.weightHH != own.gate.weightHH)
        || (!tensors.bias
          && (theirs.gate.biasIH != own.gate.biasIH || theirs.gate.biasHH != own.gate.biasHH))
    }
  }

  func copy(_ source: Gate<Double>, into gate: inout Gate<Double>) {
    if tensors.input { gate.weightIH = source.weightIH }
    if tensors.recurrent { gate.weightHH = source.weightHH }
    if tensors.bias { (gate.biasIH, gate.biasHH) = (source.biasIH, source.biasHH) }
  }
}

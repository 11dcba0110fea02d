import NativeWeights
import ParityReport

extension WeightComparisonReport {
  init(_ comparison: NetworkComparison) {
    self.init(
      first: comparison.first, second: comparison.second, agreement: comparison.agreement.rawValue,
      layers: comparison.layers.map { Layer($0) }, onlyInFirst: comparison.onlyInFirst,
      onlyInSecond: comparison.onlyInSecond,
      others: comparison.others.map {
        Other(
          first: $0.first, second: $0.second, isTransposed: $0.isTransposed, agreement: $0.agreement.rawValue,
          difference: $0.difference)
      }, otherOnlyInFirst: comparison.otherOnlyInFirst, otherOnlyInSecond: comparison.otherOnlyInSecond)
  }
}

extension WeightComparisonReport.Layer {
  fileprivate init(_ layer: ComparedLayer) {
    func options(_ options: [ComparedOption]) -> [WeightComparisonReport.Option] {
      options.map { .init(name: $0.name, first: $0.first, second: $0.second) }
    }
    self.init(
      first: layer.first, second: layer.second, pairedBy: layer.pairing.rawValue,
      agreement: layer.agreement.rawValue, passes: layer.passes.map { WeightComparisonReport.Pass($0) },
      contradictions: options(layer.contradictions), unsaid: options(layer.unsaid))
  }
}

extension WeightComparisonReport.Pass {
  fileprivate init(_ pass: ComparedPass) {
    self.init(
      direction: pass.direction?.rawValue, agreement: pass.agreement.rawValue,
      formats: pass.formats.map { [$0.first, $0.second] }, relation: pass.relation?.name,
      says: pass.relation?.words, parameters: pass.parameters.map { WeightComparisonReport.Parameter($0) })
  }
}

extension WeightComparisonReport.Parameter {
  fileprivate init(_ parameter: ComparedParameter) {
    let gate = parameter.gate?.rawValue ?? ""
    self.init(
      name: parameter.name, gate: gate.isEmpty ? nil : gate, agreement: parameter.agreement.rawValue,
      count: parameter.count, differing: parameter.differing, place: parameter.worst?.place,
      first: parameter.worst?.first, second: parameter.worst?.second, bound: parameter.worst?.bound)
  }
}

extension CellRelation {
  fileprivate var name: String {
    switch self {
    case .gatesPermuted: "gates-permuted"
    case .recurrentTransposed: "recurrent-transposed"
    case .inputTransposed: "input-transposed"
    case .reshaped: "reshaped"
    case .biasesSwapped: "biases-swapped"
    case .biasHHLost: "bias-hh-lost"
    case .biasLost: "bias-lost"
    case .directionsSwapped: "directions-swapped"
    case .both(let first, let second): "\(first.name)+\(second.name)"
    }
  }

  fileprivate var words: String {
    switch self {
    case .gatesPermuted(let pairs):
      CellRelationWords.gatesPermuted(pairs.map { ($0.0.rawValue, $0.1.rawValue) })
    case .recurrentTransposed: CellRelationWords.recurrentTransposed
    case .inputTransposed: CellRelationWords.inputTransposed
    case .reshaped: CellRelationWords.reshaped
    case .biasesSwapped: CellRelationWords.biasesSwapped
    case .biasHHLost: CellRelationWords.biasHHLost
    case .biasLost: CellRelationWords.biasLost
    case .directionsSwapped: CellRelationWords.directionsSwapped
    case .both(let first, let second): "\(first.words); and \(second.words)"
    }
  }
}

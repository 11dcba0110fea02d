import Recurrent
import RecurrentParity

extension StructuralDifference {
  /// - Parameters: the names of the two references.
  func text(_ a: String, _ b: String) -> String {
    switch self {
    case .layerCount(let own, let other):
      "\(a) has \(own) layers, \(b) \(other)"
    case .directions(let layer, let own, let other):
      "layer \(layer) is \(own.text) in \(a), \(other.text) in \(b)"
    case .merge(let layer, let own, let other):
      "layer \(layer) merges by \(own.rawValue) in \(a), \(other.rawValue) in \(b)"
    case .cell(let layer, let own, let other):
      "layer \(layer) is \(own.text) in \(a), \(other.text) in \(b)"
    case .unpaired(let own, let others):
      [own.isEmpty ? nil : "\(own.text) of \(a)", others.isEmpty ? nil : "\(others.text) of \(b)"]
        .compactMap { $0 }.joined(separator: "; ")
        + ": no layer or direction of the other has that shape, or its weights where there are several"
    }
  }
}

extension [LayerShape] {
  fileprivate var text: String {
    map { "\($0.name) (\($0.directions.text), \($0.cells.first?.text ?? "no cell"))" }.joined(separator: ", ")
  }
}

extension [Direction] {
  fileprivate var text: String { map(\.rawValue).joined(separator: " and ") }
}

extension CellShape {
  fileprivate var text: String {
    "\(kind.rawValue) with I = \(inputSize), H = \(hiddenSize)"
      + (stateSize == hiddenSize ? "" : ", P = \(stateSize)")
  }
}

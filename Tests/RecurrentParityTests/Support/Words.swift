@testable import ParityReport
@testable import RecurrentParity

extension Hypothesis {
  var name: String { mistake.name }
}

extension PassJudgement {
  /// What a report says beside the figures and the diagnosis.
  var notes: [String] { FindingWords(convention: nil).notes(findings) }
}

extension Finding {
  var says: String { FindingWords(convention: nil).sentence(self) }

  /// Whether it accounts for every element, which is then within its bound.
  var explainsAll: Bool { explains == .all }
  var isWithinBound: Bool { maxBoundRatio.map { $0 <= 1 } ?? false }
}

extension CrossJudgement {
  var structureText: String? { structure.map { $0.text(statesOf, weightsOf) } }
}

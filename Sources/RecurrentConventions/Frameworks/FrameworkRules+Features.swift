import Recurrent

extension FrameworkRules {
  /// - Throws: for the first feature that the framework does not have.
  static func expectToHave(_ features: Set<CellFeature>, in kind: CellKind) throws(ConventionError) {
    for feature in CellFeature.allCases where features.contains(feature) && !self.features.contains(feature) {
      throw refusal(of: feature, in: kind)
    }
  }

  private static func refusal(of feature: CellFeature, in kind: CellKind) -> ConventionError {
    let none = "\(article) \(title) \(kind == .rnn ? "RNN" : kind == .gru ? "GRU" : "LSTM") has none"
    let weight = recurrentWeight(kind)
    return switch feature {
    case .resetBefore:
      ConventionError(
        tensor: weight, expected: "reset_after true, as every \(title) GRU is", found: "false")
    case .projection: ConventionError(tensor: weight, expected: "no projection: \(none)", found: "one")
    case .peepholes: ConventionError(tensor: weight, expected: "no peepholes: \(none)", found: "some")
    case .clip: ConventionError(tensor: "clip", expected: "no clipping: \(none)", found: "some")
    case .inputForget:
      ConventionError(tensor: "input_forget", expected: "false: \(none)", found: "true")
    case .outputActivation:
      ConventionError(
        tensor: "output_activation", expected: "no activation of its own: \(none)", found: "one")
    }
  }
}

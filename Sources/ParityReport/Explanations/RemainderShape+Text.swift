import RecurrentParity

extension RemainderShape {
  /// What it looks like, and which elements carry it.
  func text(at place: FindingPlace) -> String {
    "beyond the bound: \(pattern.text); \(elements) of \(of) elements, units \(Self.listed(place.units)), "
      + "t \(Self.listed(place.timesteps)), sequences \(Self.listed(place.sequences))"
      + (cellStateAgrees ? "; c agrees, so it is the output gate or what follows it" : "")
  }

  /// "3", "0–11", "0, 2, 5", "0, 2, 5 and 9 more"
  private static func listed(_ values: [Int]) -> String {
    guard let first = values.first, let last = values.last else { return "none" }
    if values.count == 1 { return "\(first)" }
    if last - first + 1 == values.count { return "\(first)–\(last)" }
    let shown = values.prefix(4).map(String.init).joined(separator: ", ")
    return values.count <= 4 ? shown : "\(shown) and \(values.count - 4) more"
  }
}

extension RemainderShape.Pattern {
  fileprivate var text: String {
    switch self {
    case .spike: "one spike"
    case .stepOfOneSequence: "one step of one sequence"
    case .oneUnit: "one unit: a row of weights or a bias of it"
    case .oneTimestep: "one timestep"
    case .everything: "everything"
    case .everythingFrom(let t): "everything from t = \(t) on: something changed during the run"
    case .someSequences: "some sequences only"
    case .scattered: "scattered"
    }
  }
}

import RecurrentParity

/// What of a case calls for something to be done: a flagged part of it, what was found, and what mends it. Printable.
public struct CaseAction: Codable, Equatable, Sendable {
  /// The verdict of that part.
  public var verdict: Verdict
  /// "pytorch, layer 1 (rnn.l1), forward"
  public var place: String
  /// What was found.
  public var says: String
  /// The lines that mend it; empty where none is known.
  public var mending: [Mending]

  /// Of each case.
  static let most = 4

  /// - Parameter entry: printable.
  static func all(_ entry: CaseReport) -> [CaseAction] {
    let actions =
      entry.ofTheCase + entry.references.flatMap(entry.actions) + entry.cross.flatMap(entry.actions)
      + entry.ofBoundaries
    return mostUrgentFirst(actions).prefix(most).map { actions[$0] }
  }

  /// Their numbers: what is worse first, of that what can be mended, and else in the order in which they came.
  package static func mostUrgentFirst(_ actions: [CaseAction]) -> [Int] {
    actions.indices.sorted {
      let (a, b) = (actions[$0], actions[$1])
      return (b.verdict, a.mending.isEmpty ? 1 : 0, $0) < (a.verdict, b.mending.isEmpty ? 1 : 0, $1)
    }
  }
}

extension CaseReport {
  fileprivate var ofTheCase: [CaseAction] {
    if let error { return [CaseAction(verdict: .invalid, place: "file", says: error, mending: [])] }
    return ([unknownFeaturesLine].compactMap { $0 } + (leftOut ?? []).filter(\.isOpen).map(\.text)).map {
      CaseAction(verdict: .inconclusive, place: "file", says: $0, mending: [])
    }
  }

  fileprivate func actions(_ reference: ReferenceReport) -> [CaseAction] {
    let flagged = reference.layers.filter { $0.verdict != Verdict.match.rawValue }
    return FlaggedGroup.groups(flagged, saying: \.actionLines).map { group in
      let place = "\(reference.name), \(group.place(among: reference.layers))"
      return CaseAction(group.passes[0], place: place, says: group.lines.first)
    }
  }

  fileprivate func actions(_ check: CrossReport) -> [CaseAction] {
    let side = "\(check.statesOf) states by \(check.weightsOf) weights"
    if let structure = check.structure {
      // Either way round it is the same.
      guard check.statesOf < check.weightsOf else { return [] }
      return [
        CaseAction(
          verdict: Verdict(check.verdict), place: side, says: "not the same network: \(structure)",
          mending: [])
      ]
    }
    let flagged = check.layers.filter { $0.verdict != Verdict.match.rawValue && tellsMore($0, in: check) }
    return FlaggedGroup.groups(flagged) { causes($0, in: check) ?? $0.actionLines }.map { group in
      CaseAction(
        group.passes[0], place: "\(side), \(group.place(among: check.layers))",
        says: causes(group.passes[0], in: check)?.first ?? group.lines.first)
    }
  }

  /// Whether a pass says anything that is not said by its own weights, nor the other way round.
  private func tellsMore(_ pass: CrossLayerReport, in check: CrossReport) -> Bool {
    guard !isExplainedTheOtherWayRound(pass, in: check), !isFlaggedAsByItsOwnWeights(pass, in: check) else {
      return false
    }
    let opposite = cross.prefix { !($0.statesOf == check.statesOf && $0.weightsOf == check.weightsOf) }
      .first { $0.statesOf == check.weightsOf && $0.weightsOf == check.statesOf }
    let counterpart = opposite?.layers.first { $0.layer == pass.otherLayer && $0.direction == pass.direction }
    return counterpart?.explanation == nil || original == check.weightsOf
  }

  fileprivate var ofBoundaries: [CaseAction] {
    (findings ?? []).filter { $0.kind == "boundary" }.map {
      CaseAction(verdict: .differs, place: "between the layers", says: $0.says, mending: [])
    }
  }
}

extension PassReport {
  /// What decides which passes call for the same.
  fileprivate var actionLines: [String] {
    if let explanation {
      return [explanation.statement ?? explanation.says] + (explanation.mending ?? []).map(\.line)
    }
    return notes
  }
}

extension CaseAction {
  fileprivate init(_ pass: some PassReport, place: String, says: String?) {
    let statement = pass.explanation.map { $0.statement ?? $0.says }
    let says = says ?? pass.departure ?? pass.verdict
    self.init(
      verdict: Verdict(pass.verdict), place: place, says: says,
      mending: says == statement ? pass.explanation?.mending ?? [] : [])
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order in which they first come.
  package var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

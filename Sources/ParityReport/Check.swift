import RecurrentParity

/// One thing that was judged: a direction of a layer, by its own weights or another reference's; a boundary; or what
/// concerns the case as a whole. Every text is printable.
public struct Check: Equatable, Sendable {
  /// What it is a part of: "pytorch", "keras states by pytorch weights", "keras and pytorch, between their layers"; nil
  /// for the case itself.
  public var group: String?
  /// Within the group: "layer 1 (encoder.rnn), backward".
  public var name: String
  /// What was found of it.
  public var verdict: Verdict
  /// Where it departs, with residual and bound; nil where no step does.
  public var departure: String?
  /// What was found and how to mend it, complete, a line each; empty where there is nothing to say.
  public var says: [String]
  /// Whether it fails beside its verdict: the free-running difference is above the user's tolerance, or bits differ that
  /// were to be the same.
  public var failsBesides = false
  /// Whether it follows from what another check found, and says only that.
  public var refersToAnother = false

  /// All that is to be said of it, in lines.
  public var text: String { (([departure].compactMap { $0 }) + says).joined(separator: "\n") }

  /// Whether it lets a run fail that fails on this verdict.
  public func fails(on threshold: Verdict) -> Bool { verdict >= threshold || failsBesides }
}

extension CaseReport {
  /// Everything that was judged, in the order of the report.
  public var checks: [Check] {
    var entry = self
    entry.makePrintable()
    if let error = entry.error { return [Check(name: "file", verdict: .invalid, says: [error])] }
    if let line = entry.unknownFeaturesLine {
      return [Check(name: "file", verdict: .inconclusive, says: [line])]
    }
    return entry.references.flatMap(entry.checks) + entry.cross.flatMap(entry.checks)
      + (entry.boundaries ?? []).map(Check.init)
      + (entry.bits ?? []).map(Check.init)
      + (entry.leftOut ?? []).filter(\.isOpen).map {
        Check(name: "what was left out", verdict: .inconclusive, says: [$0.text])
      }
  }

  private func checks(_ reference: ReferenceReport) -> [Check] {
    reference.layers.map { layer in
      let isFlagged = layer.verdict != Verdict.match.rawValue
      let above = layer.freeRunning.firstAboveTolerance?.value
      return Check(
        group: reference.name, name: layer.place, verdict: Verdict(layer.verdict),
        departure: isFlagged ? layer.departure : nil,
        says: (isFlagged ? lines(layer.findings) : [])
          + (above.map { ["free-running difference above the tolerance from t = \($0)"] } ?? []),
        failsBesides: above != nil)
    }
  }

  private func checks(_ check: CrossReport) -> [Check] {
    let group = "\(check.statesOf) states by \(check.weightsOf) weights"
    let structure = check.structure.map {
      Check(group: group, name: "structure", verdict: Verdict(check.verdict), says: [$0])
    }
    return [structure].compactMap { $0 }
      + check.layers.map { layer in
        let isFlagged = layer.verdict != Verdict.match.rawValue
        return Check(
          group: group, name: layer.place, verdict: Verdict(layer.verdict),
          departure: isFlagged ? layer.departure : nil,
          says: isFlagged
            ? (causes(layer, in: check) ?? lines(layer.findings)) + check.details(layer) : [],
          refersToAnother: isExplainedTheOtherWayRound(layer, in: check)
            || isFlaggedAsByItsOwnWeights(layer, in: check))
      }
  }

  /// The simplest that explains the run, else all; and how what explains it is mended.
  private func lines(_ findings: [FindingReport]) -> [String] {
    let explaining = findings.first { $0.explains != Finding.Extent.none.rawValue }
    return (explaining.map { [$0] } ?? findings).flatMap { finding in
      let guides = finding.kind == "mistake" ? MistakeGuide.guides(to: finding.name) : []
      let lines = guides.flatMap(\.mending)
      let isTold = lines.contains { finding.says.contains($0.text) }
      return [finding.says] + (isTold ? [] : lines).map { "  \($0.framework): \($0.text)" }
    }
  }
}

extension Check {
  fileprivate init(_ boundary: BoundaryReport) {
    self.init(
      group: "\(boundary.references.joined(separator: " and ")), between their layers",
      name: boundary.boundary, verdict: Verdict(boundary.verdict), says: [boundary.says].compactMap { $0 })
  }
}

extension Check {
  /// Verdicts know nothing of bits.
  fileprivate init(_ bits: BitReport) {
    self.init(
      group: bits.references.joined(separator: " and "), name: "bit by bit", verdict: .match,
      says: bits.same ? [] : [bits.says], failsBesides: !bits.same)
  }
}

extension Verdict {
  /// Of a report: one that is not known counts as the worst.
  package init(_ name: String) { self = Verdict(rawValue: name) ?? .invalid }
}

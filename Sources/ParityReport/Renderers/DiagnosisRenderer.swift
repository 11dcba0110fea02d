import RecurrentParity

/// Why what is flagged is flagged, and what to change: for a person.
public struct DiagnosisRenderer: ReportRenderer {
  /// A renderer; it has no options.
  public init() {}

  public func section(_ entry: CaseReport, _ write: (String) throws -> Void) throws {
    var entry = entry
    entry.makePrintable()
    try write(wrapped(lines(entry)).joined(separator: "\n") + "\n")
  }

  public func frame(_ cases: [CaseSummary]) -> ReportFrame { ReportFrame(separator: "\n") }

  /// Each line within the width of a report, its continuation under it.
  private func wrapped(_ lines: [String]) -> [String] {
    lines.flatMap { line in
      let margin = String(line.prefix { $0 == " " })
      return line.dropFirst(margin.count).description
        .wrapped(to: Terminal.width - margin.count, indentation: "  ").map { margin + $0 }
    }
  }

  private func lines(_ entry: CaseReport) -> [String] {
    var lines = ["\(entry.case) · \(entry.verdict)", "  \(entry.file)"]
    var found: [DiagnosisReport] = []
    if let error = entry.error { return lines + ["  \(error)"] }
    lines += ([entry.unknownFeaturesLine].compactMap { $0 } + entry.remarks + entry.unreadLines).map {
      "  \($0)"
    }
    for reference in entry.references {
      lines += ["", "  \(reference.name) by its own weights · \(reference.verdict)"]
      let groups = groups(reference.layers) { causes($0) }
      for group in groups {
        lines += self.lines(group, among: reference.layers, verdict: { growth($0.freeRunning) }) { _ in [] }
      }
      found += groups.flatMap { $0.passes.prefix(1) }.filter { $0.verdict != Verdict.match.rawValue }
        .compactMap(\.explanation)
    }
    for check in entry.cross {
      lines += ["", "  \(check.statesOf) states by \(check.weightsOf) weights · \(check.verdict)"]
      if let structure = check.structure { lines.append("    not the same network: \(structure)") }
      if let pairing = check.pairingText { lines.append("    \(pairing)") }
      if let weights = check.weights { lines.append("    \(weights.says)") }
      let flagged = check.layers.filter { $0.verdict != Verdict.match.rawValue }
      for group in groups(flagged, saying: { entry.causes($0, in: check) ?? causes($0) }) {
        lines += self.lines(group, among: check.layers, verdict: { _ in "" }) { check.details($0) }
        if let pass = group.passes.first, !entry.isFlaggedAsByItsOwnWeights(pass, in: check) {
          found += [pass.explanation].compactMap { $0 }
        }
      }
    }
    for boundary in entry.boundaries ?? [] where boundary.verdict != Verdict.match.rawValue {
      lines += ["", "  \(boundary.boundary) · \(boundary.verdict)"]
      if let says = boundary.says { lines.append("    \(says)") }
    }
    return lines + guides(found)
  }

  private func growth(_ drift: FreeRunningReport) -> String {
    guard let growth = drift.growthPerStep, growth.value.isFinite else { return "" }
    let kind = growth.value > 1 ? "chaotic" : "contractive"
    return " · \(kind): a disturbance grows \(text(growth, .compact)) times a step"
  }

  /// Flagged layers of which the same is said; each that matches by itself.
  private func groups<Pass: PassReport>(
    _ passes: [Pass], saying lines: (Pass) -> [String]
  ) -> [FlaggedGroup<Pass>] {
    FlaggedGroup.groups(passes) { $0.verdict == Verdict.match.rawValue ? [] : lines($0) }
  }

  /// What was found, the cause first. Nothing where nothing was searched, and nothing else is to be said.
  private func causes(_ pass: some PassReport) -> [String] {
    var lines: [String] = []
    if let first = pass.explanation {
      lines = [first.statement ?? first.says]
      lines += (first.mending ?? []).map(\.line)
      if !first.equivalentTo.isEmpty {
        lines.append("the same on this data: \(first.equivalentTo.joined(separator: ", "))")
      }
    } else if pass.isUnexplained {
      lines = ["unexplained: no hypothesis, nor several together, accounts for it"]
    }
    return lines + pass.notes
  }

  /// A group's layers, what was found of them, and where each departs.
  private func lines<Pass: PassReport>(
    _ group: FlaggedGroup<Pass>, among all: [Pass], verdict: (Pass) -> String, details: (Pass) -> [String]
  ) -> [String] {
    guard let first = group.passes.first else { return [] }
    let isOne = group.passes.count == 1
    let title = "    \(group.place(among: all)) · \(first.verdict)\(isOne ? verdict(first) : "")"
    guard first.verdict != Verdict.match.rawValue else { return [title] }
    let name = first.explanation.flatMap { explanation -> String? in
      guard group.lines.first == explanation.statement ?? explanation.says else { return nil }
      let ratios = group.passes.compactMap { $0.explanation?.maxBoundRatio.value }
      return "      \(explanation.hypothesis): r/ρ falls to \(text(Number(ratios.max() ?? .nan), .compact))"
    }
    return [title] + [name].compactMap { $0 } + group.lines.map { "      \($0)" }
      + group.passes.flatMap { pass in
        let texts = [pass.departure].compactMap { $0 } + details(pass)
        return isOne
          ? texts.map { "      \($0)" }
          : texts.isEmpty ? [] : ["      \(pass.place): \(texts.joined(separator: "; "))"]
      }
  }

  /// How each mistake that was found happens, and how to mend it: once, however many layers have it.
  private func guides(_ findings: [DiagnosisReport]) -> [String] {
    var told: Set<String> = []
    var lines: [String] = []
    for guide in findings.flatMap({ MistakeGuide.guides(to: $0.hypothesis) })
    where told.insert(guide.name).inserted {
      lines += ["", "  \(guide.name): \(guide.happens)"]
      let isTold = findings.contains { finding in
        finding.mending != nil
          && MistakeGuide.guides(to: finding.hypothesis).contains { $0.name == guide.name }
      }
      if isTold { continue }
      for (framework, text) in guide.mending { lines.append("    \(framework): \(text)") }
    }
    return lines
  }
}

import RecurrentParity

/// Why what is flagged is flagged, and what to change: for a person.
public struct DiagnosisRenderer {
  public init() {}

  public func render(_ report: Report) -> String {
    report.cases.map(section).joined(separator: Self.separator)
  }

  /// What stands between the sections of two cases.
  public static let separator = "\n"

  /// What is said of one case.
  public func section(_ entry: CaseReport) -> String {
    var entry = entry
    entry.makePrintable()
    return wrapped(lines(entry)).joined(separator: "\n") + "\n"
  }

  /// Each line within the width of a report, its continuation under it.
  private func wrapped(_ lines: [String]) -> [String] {
    lines.flatMap { line in
      let margin = String(line.prefix { $0 == " " })
      return line.dropFirst(margin.count).description
        .wrapped(to: TerminalRenderer.width - margin.count, indentation: "  ").map { margin + $0 }
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
      for layer in reference.layers {
        lines.append(
          "    layer \(layer.layer) (\(layer.name)), \(layer.direction) · \(layer.verdict)\(growth(layer.freeRunning))"
        )
        guard layer.verdict != Verdict.match.rawValue else { continue }
        lines +=
          departure(layer.firstFlagged.value, layer.verdict, layer.findings)
          + findings(layer.diagnosis.value, explained: layer.findings.explainAll)
        found += layer.diagnosis.value?.prefix(1) ?? []
        lines += layer.notes.map { "      \($0)" }
      }
    }
    for check in entry.cross {
      lines += ["", "  \(check.statesOf) states by \(check.weightsOf) weights · \(check.verdict)"]
      if let structure = check.structure { lines.append("    not the same network: \(structure)") }
      if let pairing = check.pairingText { lines.append("    \(pairing)") }
      for layer in check.layers where layer.verdict != Verdict.match.rawValue {
        lines.append("    layer \(layer.layer), \(layer.direction) · \(layer.verdict)")
        lines += departure(layer.firstFlagged.value, layer.verdict, layer.findings)
        let differing = check.parameters.filter { $0.layer == layer.layer && $0.direction == layer.direction }
        if !differing.isEmpty {
          let names = differing.map { "\($0.parameter) by \(text($0.maxAbs))" }
          lines.append("      parameters that differ: \(names.joined(separator: ", "))")
        }
        if entry.isExplainedTheOtherWayRound(layer, in: check) {
          lines.append("      explained the other way round")
        } else {
          lines += findings(layer.diagnosis.value, explained: layer.findings.explainAll)
          if !layer.findings.explainAll { lines += layer.notes.map { "      \($0)" } }
          found += layer.diagnosis.value?.prefix(1) ?? []
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

  /// Nothing where the run's options have no formula here: no step is where it departs, and a note names them.
  private func departure(
    _ flagged: FlaggedReport?, _ verdict: String, _ findings: [FindingReport]
  ) -> [String] {
    guard let flagged, verdict == Verdict.invalid.rawValue || !findings.nameForeignOptions else { return [] }
    let place = "t = \(flagged.timestep), sequence \(flagged.batch), unit \(flagged.unit) of \(flagged.state)"
    guard flagged.residual.value.isFinite, flagged.bound.value.isFinite else {
      return ["      from \(place): no finite value to judge"]
    }
    return ["      from \(place): residual \(text(flagged.residual)), bound \(text(flagged.bound))"]
  }

  /// Nil: nothing was searched; empty: nothing explains it.
  private func findings(_ findings: [DiagnosisReport]?, explained: Bool) -> [String] {
    guard let findings else { return [] }
    guard let first = findings.first else {
      return explained ? [] : ["      unexplained: no hypothesis, nor two together, accounts for it"]
    }
    var lines = [
      "      \(first.hypothesis): r/ρ falls to \(text(first.maxBoundRatio, .compact))", "      \(first.says)",
    ]
    if !first.equivalentTo.isEmpty {
      lines.append("      the same on this data: \(first.equivalentTo.joined(separator: ", "))")
    }
    return lines
  }

  /// How each mistake that was found happens, and how to mend it: once, however many layers have it.
  private func guides(_ findings: [DiagnosisReport]) -> [String] {
    var told: Set<String> = []
    var lines: [String] = []
    for guide in findings.flatMap({ MistakeGuide.guides(to: $0.hypothesis) })
    where told.insert(guide.name).inserted {
      lines += ["", "  \(guide.name): \(guide.happens)"]
      for (framework, text) in guide.mending { lines.append("    \(framework): \(text)") }
    }
    return lines
  }
}

import RecurrentParity

/// The report for a person: a summary first, then each case.
///
/// No line is wider than 100 columns, but for those that hold a path: of a file, or within one.
public struct TerminalRenderer: ReportRenderer {
  /// Whether verdicts are coloured.
  public var isColoured: Bool

  /// A renderer with escape sequences for colour, or without.
  public init(isColoured: Bool) { self.isColoured = isColoured }

  /// The whole report.
  public func whole(_ report: Report) -> String {
    frame(report.cases.map(CaseSummary.init)).beginning + report.cases.map(section).joined()
  }

  /// A case, an empty line before it.
  public func section(_ entry: CaseReport, _ write: (String) throws -> Void) throws {
    try write(section(entry))
  }

  public func frame(_ cases: [CaseSummary]) -> ReportFrame {
    ReportFrame(beginning: summary(cases).joined(separator: "\n") + "\n")
  }

  private func section(_ entry: CaseReport) -> String {
    var entry = entry.withoutForeignFigures
    entry.makePrintable()
    return ([""] + detail(entry)).joined(separator: "\n") + "\n"
  }

  // MARK: Summary

  private func summary(_ entries: [CaseSummary]) -> [String] {
    let verdict = entries.map(\.verdict).worst.rawValue
    var table = TextTable(CaseSummary.columns)
    for entry in entries { table.add(entry.row) }
    let rows = table.lines(width: Terminal.width, names: ["case", "references"])
    return ["\(paint(verdict.uppercased(), verdict))  \(entries.tallyText)"]
      + tolerance(entries) + entries.flatMap { $0.headlines.flatMap { words($0, indentation: 0) } }
      + unread(entries) + JoinableFiles(entries).lines + ["", rows[0]]
      + zip(rows.dropFirst(), entries).map { paintPrefix($0, $1.verdict.rawValue) }
      + [""]
      + CaseSummary.meanings.map {
        $0.title + String(repeating: " ", count: 7 - $0.title.count) + $0.text
      }
  }

  /// What the verdict leaves out and the exit status does not.
  private func tolerance(_ entries: [CaseSummary]) -> [String] {
    let count = entries.count(where: \.exceedsTolerance)
    guard count > 0 else { return [] }
    return [
      "\(count) of them above the given tolerance: that fails the command and leaves the verdict as it is"
    ]
  }

  /// What the verdict does not rest on, though the file holds it.
  private func unread(_ entries: [CaseSummary]) -> [String] {
    let count = entries.count(where: \.holdsUnread)
    guard count > 0 else { return [] }
    return [
      count == 1
        ? "1 file holds a part that was not read: its case below says which"
        : "\(count) files hold parts that were not read: their cases below say which"
    ]
  }

  // MARK: One case

  private func detail(_ entry: CaseReport) -> [String] {
    var axes = ""
    if let shape = entry.shape {
      axes = " · T = \(shape.timesteps), B = \(shape.batch), I = \(shape.inputSize)"
      if shape.ragged { axes += ", ragged" }
    }
    var lines = [titled(entry.case, entry.verdict, axes)]
    if let error = entry.error { return lines + ["  \(error)"] }
    lines.append("  \(entry.file)")
    lines += ([entry.unknownFeaturesLine].compactMap { $0 } + entry.remarks).flatMap {
      words($0, indentation: 2)
    }
    lines += entry.unreadLines.flatMap { words($0, indentation: 2) }
    for reference in entry.references { lines += detail(reference) }
    lines += cross(entry)
    lines += boundaries(entry)
    return lines
  }

  private func detail(_ reference: ReferenceReport) -> [String] {
    var table = TextTable([
      ("layer", .right), ("direction", .left), ("cell", .left), ("verdict", .left), ("residual", .right),
      ("r/ρ", .right), ("ε rms", .right), ("bits", .right), ("drift", .right), ("ref–exact", .right),
      ("swift–exact", .right),
    ])
    for layer in reference.layers {
      table.add([
        String(layer.layer), layer.direction, layer.cell, layer.verdict, text(layer.stepwise.maxResidual),
        text(layer.stepwise.maxBoundRatio, .compact), text(layer.stepwise.effectiveRoundoffRms, .compact),
        text(layer.stepwise.effectivePrecisionBits, .tenths), text(layer.freeRunning.maxAbs),
        text(layer.freeRunning.referenceToExact), text(layer.freeRunning.swiftToExact),
      ])
    }
    let framework = "\(reference.framework) \(reference.frameworkVersion)".shortened(to: 40)
    let header =
      "  "
      + titled(
        reference.name, reference.verdict, " · \(framework), \(reference.formula) formula", indentation: 2)
    let rows = table.lines(width: Terminal.width - 4).map { "    " + $0 }
    let flagged = reference.layers.filter { $0.verdict != Verdict.match.rawValue }
    return [header] + declared(reference).flatMap { words($0) } + [rows[0]]
      + zip(rows.dropFirst(), reference.layers).map { paintVerdict($0, $1.verdict) }
      + FlaggedGroup.groups(flagged, saying: causes).flatMap { group in
        lines(group, among: reference.layers) { _ in [] }
      } + heatStrips(flagged) + reference.layers.flatMap(notes)
  }

  /// As what precision the run was judged, where that is not simply the one that it is stored in.
  private func declared(_ reference: ReferenceReport) -> [String] {
    let plain = [DeclaredPrecision.float32, .float64].map(\.rawValue)
    let declared = reference.layers.map { layer in
      layer.declaredPrecision.flatMap { plain.contains($0) ? nil : $0 }
    }
    if let first = declared.first, let precision = first, declared.allSatisfy({ $0 == precision }) {
      return ["declares \(precision), and is judged as that"]
    }
    return zip(reference.layers, declared).compactMap { layer, precision in
      precision.map { "layer \(layer.layer), \(layer.direction): declares \($0), and is judged as that" }
    }
  }

  /// "name · verdict · rest", the name as long as there is room for it.
  private func titled(_ name: String, _ verdict: String, _ rest: String, indentation: Int = 0) -> String {
    let room = Terminal.width - indentation - " · \(verdict)\(rest)".count
    return "\(name.shortened(to: max(12, room))) · \(paint(verdict, verdict))\(rest)"
  }

  /// Lines of words, indented.
  private func words(_ text: String, indentation: Int = 4) -> [String] {
    let margin = String(repeating: " ", count: indentation)
    return text.wrapped(to: Terminal.width - indentation, indentation: "  ").map { margin + $0 }
  }

  /// What was found of a flagged layer, the cause first; then whatever else is to be said of it.
  private func causes(_ layer: some PassReport) -> [String] {
    var lines: [String] = []
    if let explanation = layer.explanation {
      lines.append("\(explanation.hypothesis): \(explanation.statement ?? explanation.says)")
      lines += (explanation.mending ?? []).map { "  \($0.line)" }
      if !explanation.equivalentTo.isEmpty {
        lines.append("  the same on this data: \(explanation.equivalentTo.joined(separator: ", "))")
      }
    } else if layer.isUnexplained {
      lines.append("no known mistake accounts for it")
    }
    return lines + layer.notes.map { lines.isEmpty ? $0 : "  \($0)" }
  }

  /// The cause of a group, and below it where each of its layers departs.
  private func lines<Pass>(
    _ group: FlaggedGroup<Pass>, among all: [Pass], details: (Pass) -> [String]
  ) -> [String] {
    let place = group.place(among: all)
    let departures = group.passes.map { pass in ([pass.departure].compactMap { $0 }) + details(pass) }
    guard let first = group.lines.first else {
      return departures[0].enumerated().flatMap { index, text in
        words(index == 0 ? "\(place): \(text)" : text, indentation: index == 0 ? 4 : 6)
      }
    }
    return words("\(place): \(first)")
      + group.lines.dropFirst().flatMap { line in
        words(String(line.drop { $0 == " " }), indentation: 6)
      }
      + zip(group.passes, departures).flatMap { pass, texts in
        group.passes.count == 1
          ? texts.flatMap { words($0, indentation: 6) }
          : texts.isEmpty ? [] : words("\(pass.place): \(texts.joined(separator: "; "))", indentation: 6)
      }
  }

  private func notes(_ layer: LayerReport) -> [String] {
    var notes = layer.verdict == Verdict.match.rawValue ? layer.notes : []
    if let growth = layer.freeRunning.growthPerStep, growth.value > 1 {
      notes.append("chaotic: a disturbance grows \(text(growth, .compact)) times a step")
    }
    if let t = layer.freeRunning.firstAboveTolerance?.value {
      notes.append("drift is above the given tolerance from t = \(t)")
    }
    return notes.flatMap { words("layer \(layer.layer), \(layer.direction): \($0)") }
  }

  // MARK: Heat strips

  /// Timesteps across, flagged layers down: where each departs.
  private func heatStrips(_ layers: [LayerReport]) -> [String] {
    guard !layers.isEmpty else { return [] }
    let label = 20
    let columns = Terminal.width - label - 4
    let count = layers.map(\.timesteps.count).max() ?? 0
    let stepsPerColumn = max(1, (count + columns - 1) / columns)
    let strips = layers.map { layer in
      let name = "layer \(layer.layer) \(layer.direction)"
      let cells = stride(from: 0, to: layer.timesteps.count, by: stepsPerColumn).map { start in
        let bin = layer.timesteps[start..<min(start + stepsPerColumn, layer.timesteps.count)]
        let verdict = worstVerdict(bin.map(\.verdict))
        return paint(Self.symbol(verdict), verdict)
      }
      return "    " + name + String(repeating: " ", count: max(1, label - name.count)) + cells.joined()
    }
    let each = stepsPerColumn == 1 ? "one column a timestep" : "one column for \(stepsPerColumn) timesteps"
    return strips + ["    · match  ? inconclusive  ~ drift  # mismatch  ! invalid; \(each)"]
  }

  private static func symbol(_ verdict: String) -> String {
    switch Verdict(rawValue: verdict) {
    case .match: "·"
    case .inconclusive: "?"
    case .drift: "~"
    case .differs: "≠"
    case .mismatch: "#"
    case .invalid, nil: "!"
    }
  }

  // MARK: Cross checks

  private func cross(_ entry: CaseReport) -> [String] {
    entry.cross.flatMap { check in
      let sides = "\(check.statesOf.shortened(to: 32)) states by \(check.weightsOf.shortened(to: 32)) weights"
      var lines = ["  \(sides) · \(paint(check.verdict, check.verdict))"]
      if let structure = check.structure { lines += words("not the same network: \(structure)") }
      if let pairing = check.pairingText { lines += words(pairing) }
      if let weights = check.weights { lines += words(weights.says) }
      let flagged = check.layers.filter { $0.verdict != Verdict.match.rawValue }
      let groups = FlaggedGroup.groups(flagged) { entry.causes($0, in: check) ?? causes($0) }
      for group in groups {
        lines += self.lines(group, among: check.layers) { check.details($0) }
      }
      return lines
    }
  }

  // MARK: Boundaries

  /// What lies between the layers, a table for each two references.
  private func boundaries(_ entry: CaseReport) -> [String] {
    var pairs: [[String]] = []
    let boundaries = entry.boundaries ?? []
    for boundary in boundaries where !pairs.contains(boundary.references) {
      pairs.append(boundary.references)
    }
    return pairs.flatMap { pair in
      let judged = boundaries.filter { $0.references == pair }
      var table = TextTable([
        ("boundary", .left), ("verdict", .left), ("ratio", .right), ("where", .left), ("spread", .right),
        ("rms", .right), ("by", .left),
      ])
      for boundary in judged {
        table.add([
          boundary.boundary, boundary.verdict, boundary.ratio.map { text($0, .compact) } ?? "–",
          boundary.slice?.text ?? "–", boundary.spread.map { text($0) } ?? "–",
          boundary.rms.map { text($0) } ?? "–", boundary.evidence,
        ])
      }
      let verdict = worstVerdict(judged.map(\.verdict))
      let rows = table.lines(width: Terminal.width - 4, names: ["boundary"]).map { "    " + $0 }
      return [
        "  \(pair.map { $0.shortened(to: 32) }.joined(separator: " and ")) between their layers · "
          + paint(verdict, verdict), rows[0],
      ]
        + zip(rows.dropFirst(), judged).map { paintVerdict($0, $1.verdict) }
        + judged.compactMap(\.says).flatMap { words($0) }
    }
  }

  // MARK: Text

  private func paint(_ text: String, _ verdict: String) -> String {
    guard isColoured else { return text }
    let colour =
      switch Verdict(rawValue: verdict) {
      case .match: 32
      case .inconclusive, .drift: 33
      case .differs, .mismatch, .invalid, nil: 31
      }
    return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
  }

  private func paintPrefix(_ line: String, _ verdict: String) -> String {
    line.hasPrefix(verdict) ? paint(verdict, verdict) + line.dropFirst(verdict.count) : line
  }

  private func paintVerdict(_ line: String, _ verdict: String) -> String {
    guard isColoured, let range = line.firstRange(of: " \(verdict)") else { return line }
    return line[..<range.lowerBound] + " " + paint(verdict, verdict) + line[range.upperBound...]
  }
}

import ParityReport
import RecurrentParity

/// One case, with all that the page says of it.
struct CaseView {
  let anchor: String
  let name: String
  let file: String
  let verdict: String
  /// Whether the page shows it unfolded.
  let isFlagged: Bool
  /// "T = 12, B = 3, I = 5, ragged"
  let axes: String?
  let error: String?
  let remarks: [String]
  let references: [ReferenceView]
  let cross: [CrossView]
  let models: [ModelView]

  init(_ raw: CaseReport) {
    var entry = raw.withoutForeignFigures
    entry.makePrintable()
    anchor = Anchor.case(raw.case, raw.file)
    name = entry.case
    file = entry.file
    verdict = entry.verdict
    isFlagged = entry.verdict != Verdict.match.rawValue
    axes = entry.shape.map {
      "T = \($0.timesteps), B = \($0.batch), I = \($0.inputSize)" + ($0.ragged ? ", ragged" : "")
    }
    error = entry.error
    remarks = [entry.unknownFeaturesLine].compactMap { $0 } + entry.remarks + entry.unreadLines
    references = entry.references.map(ReferenceView.init)
    cross = entry.cross.map { CrossView($0, in: entry) }
    models = ModelView.all(entry.boundaries ?? [])
  }
}

/// A reference by its own weights.
struct ReferenceView {
  let name: String
  let verdict: String
  let framework: String
  let formula: String
  let formulas: [FormulaLink]
  let rows: [LayerRow]
  let findings: [FindingView]
  let drift: String?
  let heatMap: String
  let curves: [CurvesView]
  /// "of 3 more flagged layers no curves are drawn"; nil where these are all.
  let moreCurves: String?

  struct FormulaLink {
    let anchor: String
    let cell: String
  }

  struct LayerRow {
    let layer: String
    let verdict: String
    let figures: [String]
  }

  private static let mostCurves = 3

  init(_ reference: ReferenceReport) {
    name = reference.name
    verdict = reference.verdict
    framework = "\(reference.framework) \(reference.frameworkVersion)"
    formula = reference.formula
    let cells = reference.layers.map(\.cell).uniqued
    formulas = cells.map {
      FormulaLink(anchor: Anchor.formula(reference.convention, $0), cell: $0)
    }
    rows = reference.layers.map { layer in
      LayerRow(
        layer: layer.place + (cells.count > 1 ? " · \(layer.cell)" : "")
          + (layer.declaredPrecision.map { " · declares \($0)" } ?? ""),
        verdict: layer.verdict,
        figures: [
          text(layer.stepwise.maxResidual), text(layer.stepwise.maxBoundRatio, .compact),
          text(layer.stepwise.effectiveRoundoffRms, .compact),
          text(layer.stepwise.effectivePrecisionBits, .tenths), text(layer.freeRunning.maxAbs),
          text(layer.freeRunning.referenceToExact), text(layer.freeRunning.swiftToExact),
        ])
    }
    let flagged = reference.layers.filter { $0.verdict != Verdict.match.rawValue }
    findings = FlaggedGroup.groups(flagged, saying: FindingView.lines).map {
      FindingView($0, among: reference.layers) { _ in [] }
    }
    drift = DriftWords.whose(reference.layers)
    heatMap = HeatMap.picture(reference.layers)
    let drawn = flagged.isEmpty ? Array(reference.layers.worst.prefix(1)) : flagged.worst
    curves = drawn.prefix(Self.mostCurves).compactMap(CurvesView.init)
    moreCurves =
      drawn.count > Self.mostCurves
      ? "of \(drawn.count - Self.mostCurves) more flagged passes no curves are drawn" : nil
  }
}

extension [LayerReport] {
  /// By the largest ratio to the bound, the largest first; what has none stands last.
  fileprivate var worst: [LayerReport] {
    enumerated().sorted {
      let (a, b) = ($0.element.stepwise.maxBoundRatio.value, $1.element.stepwise.maxBoundRatio.value)
      return a == b || (a.isNaN && b.isNaN) ? $0.offset < $1.offset : b.isNaN || a > b
    }.map(\.element)
  }
}

/// What was found of one layer, or of several of which the same is said.
struct FindingView {
  let place: String
  let verdict: String
  let hypothesis: String?
  let statement: String?
  let mending: [MendingView]
  let lines: [String]
  let departures: [String]

  struct MendingView {
    let framework: String
    let code: String
  }

  private static let mostDepartures = 12

  init<Pass: PassReport>(
    _ group: FlaggedGroup<Pass>, among all: [Pass], saying own: [String]? = nil, details: (Pass) -> [String]
  ) {
    let first = group.passes[0]
    place = group.place(among: all)
    verdict = first.verdict
    let explanation = own == nil ? first.explanation : nil
    hypothesis = explanation?.hypothesis
    statement = explanation.map { $0.statement ?? $0.says }
    mending = (explanation?.mending ?? []).map { MendingView(framework: $0.framework, code: $0.text) }
    var lines = own ?? []
    if own == nil {
      if let explanation, !explanation.equivalentTo.isEmpty {
        lines.append("the same on this data: \(explanation.equivalentTo.joined(separator: ", "))")
      }
      if first.isUnexplained { lines.append("no known mistake accounts for it") }
      lines += first.notes
    }
    self.lines = lines
    let departures = group.passes.flatMap { pass in
      ([pass.departure].compactMap { $0 } + details(pass)).map {
        group.passes.count == 1 ? $0 : "\(pass.place): \($0)"
      }
    }
    let rest = departures.count - Self.mostDepartures
    self.departures = departures.prefix(Self.mostDepartures) + (rest > 0 ? ["\(rest) more places"] : [])
  }

  /// What decides which layers are a group: all that is said of one but where it departs.
  static func lines(_ pass: some PassReport) -> [String] {
    let explanation = pass.explanation
    return [explanation?.hypothesis, explanation.map { $0.statement ?? $0.says }].compactMap { $0 }
      + (explanation?.equivalentTo ?? []) + (pass.isUnexplained ? ["unexplained"] : []) + pass.notes
  }
}

/// The states of one reference by the weights of another.
struct CrossView {
  let statesOf: String
  let weightsOf: String
  let verdict: String
  let isFlagged: Bool
  let remarks: [String]
  let findings: [FindingView]

  init(_ check: CrossReport, in entry: CaseReport) {
    statesOf = check.statesOf
    weightsOf = check.weightsOf
    verdict = check.verdict
    isFlagged = check.verdict != Verdict.match.rawValue
    remarks =
      (check.structure.map { ["not the same network: \($0)"] } ?? [])
      + [check.pairingText, check.weights?.says].compactMap { $0 }
    let flagged = check.layers.filter { $0.verdict != Verdict.match.rawValue }
    findings = FlaggedGroup.groups(flagged) { entry.causes($0, in: check) ?? FindingView.lines($0) }.map {
      group in
      FindingView(group, among: check.layers, saying: entry.causes(group.passes[0], in: check)) {
        check.details($0)
      }
    }
  }
}

/// What lies between the layers of two references.
struct ModelView {
  let references: String
  let verdict: String
  let picture: String
  let rows: [BoundaryRow]

  struct BoundaryRow {
    let name: String
    let verdict: String
    let figures: [String]
    let says: String?
  }

  /// One for each two references.
  static func all(_ boundaries: [BoundaryReport]) -> [ModelView] {
    boundaries.map(\.references).uniqued.map { pair in
      let judged = boundaries.filter { $0.references == pair }
      return ModelView(
        references: pair.joined(separator: " and "), verdict: worstVerdict(judged.map(\.verdict)),
        picture: ModelPicture.picture(judged),
        rows: judged.map { boundary in
          BoundaryRow(
            name: boundary.boundary, verdict: boundary.verdict,
            figures: [
              boundary.ratio.map { text($0, .compact) } ?? "–", boundary.slice?.text ?? "–",
              boundary.spread.map { text($0) } ?? "–", boundary.rms.map { text($0) } ?? "–",
              boundary.evidence,
            ], says: boundary.says)
        })
    }
  }
}

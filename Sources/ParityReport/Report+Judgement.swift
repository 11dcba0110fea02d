import Recurrent
import RecurrentConventions
import RecurrentParity

/// What became of one file.
public enum FileResult: Sendable {
  /// It was read, and this is what it came to.
  case judged(CaseJudgement)
  /// It could not be read.
  case invalid(FixtureError)
}

extension Report {
  /// - Parameter results: in the order in which they are to be shown.
  public init(_ results: [FileResult]) {
    let cases = results.map(CaseReport.init)
    self.init(
      verdict: results.map(\.verdict).worst.rawValue, cases: cases,
      couldBeJoined: JoinableFiles(cases.map(CaseSummary.init)).groups)
  }
}

extension FileResult {
  /// Judges a case. Its sequences are read meanwhile: where one cannot be, the file is no fixture after all.
  public init(_ parityCase: ParityCase, _ options: JudgingOptions = JudgingOptions()) {
    let judgement = parityCase.judged(options)
    self = parityCase.readFailure.map { .invalid($0) } ?? .judged(judgement)
  }

  /// Of the case; `invalid` where it could not be read.
  public var verdict: Verdict {
    switch self {
    case .judged(let judgement): judgement.verdict
    case .invalid: .invalid
    }
  }
}

extension CaseReport {
  /// What a report says of that result.
  public init(_ result: FileResult) {
    switch result {
    case .judged(let judgement):
      let parityCase = judgement.parityCase
      self.init(
        case: parityCase.name, file: parityCase.file, verdict: judgement.verdict.rawValue, error: nil,
        unknownFeatures: parityCase.unknownFeatures.isEmpty ? nil : parityCase.unknownFeatures,
        shape: parityCase.unknownFeatures.isEmpty ? ShapeReport(parityCase) : nil,
        references: judgement.references.map(ReferenceReport.init),
        cross: judgement.cross.map { CrossReport($0, in: judgement) },
        boundaries: judgement.boundaries.isEmpty
          ? nil : judgement.boundaries.map { BoundaryReport($0, in: judgement) },
        findings: judgement.boundaryFindings.isEmpty
          ? nil : judgement.boundaryFindings.map(FindingWords(convention: nil).report),
        leftOut: ModuleReport.leftOut(judgement), unused: ModuleReport.unused(judgement),
        repeated: ModuleReport.repeated(judgement), trimmed: TrimmingReport.all(judgement),
        unread: parityCase.unread.isEmpty
          ? nil : parityCase.unread.prefix(UnreadReport.most).map(UnreadReport.init),
        unreadCount: parityCase.unread.isEmpty ? nil : parityCase.unread.count, original: judgement.original,
        bits: judgement.bits.isEmpty ? nil : judgement.bits.map(BitReport.init))
    case .invalid(let error):
      let fileName = error.file.split(separator: "/").last.map(String.init) ?? error.file
      self.init(
        case: fileName.hasSuffix(".h5") ? String(fileName.dropLast(3)) : fileName, file: error.file,
        verdict: Verdict.invalid.rawValue, error: error.description, shape: nil, references: [], cross: [])
    }
  }
}

extension ShapeReport {
  init(_ parityCase: ParityCase) {
    self.init(
      timesteps: parityCase.input.timesteps, batch: parityCase.input.batch,
      inputSize: parityCase.input.features, ragged: !parityCase.valid.areAll)
  }
}

extension TrimmingReport {
  /// Nil where there is none.
  static func all(_ judgement: CaseJudgement) -> [TrimmingReport]? {
    let found = judgement.references.compactMap { entry in
      entry.reference.model?.trimmed.map {
        TrimmingReport(reference: entry.reference.name, steps: $0.steps, sequences: $0.sequences)
      }
    }
    return found.isEmpty ? nil : found
  }

  var printable: TrimmingReport {
    TrimmingReport(reference: reference.printable, steps: steps, sequences: sequences)
  }

  /// "pytorch: of every layer at most 10 steps and 2 sequences were kept, and nothing of the model's own ends"
  var text: String {
    "\(reference): of every layer at most \(steps) steps and \(sequences) sequences were kept, and nothing of the "
      + "model's own ends"
  }
}

extension UnreadReport {
  /// A file may hold any number of them.
  static let most = 100

  /// What was not read, a line each, as far as they fit a screen.
  ///
  /// - Parameter count: how much there is, which may be more than is listed.
  static func lines(_ unread: [UnreadReport], count: Int) -> [String] {
    let shown = unread.prefix(8)
    let rest = count - shown.count
    return shown.map { "not read: \($0.text)" } + (rest > 0 ? ["not read: \(rest) more"] : [])
  }

  init(_ unread: UnreadName) {
    self.init(path: unread.path, name: unread.name, kind: unread.kind.rawValue, suggestion: unread.suggestion)
  }

  /// "attribute clipp of /references/keras/layers/0: did you mean clip?"
  var text: String {
    let place = "\(kind == UnreadName.Kind.attribute.rawValue ? "attribute" : "object") \(name) of \(path)"
    return suggestion.map { "\(place): did you mean \($0)?" } ?? place
  }
}

extension CaseReport {
  /// Why nothing was judged.
  package var unknownFeaturesLine: String? {
    unknownFeatures.map { "not judged: \(ParityReport.unknownFeatures($0))" }
  }

  /// What was not read, as far as it fits a screen.
  package var unreadLines: [String] {
    UnreadReport.lines(unread ?? [], count: unreadCount ?? 0)
  }
}

/// "the file requires clockwork, which this program does not know"
func unknownFeatures(_ names: [String]) -> String {
  "the file requires \(names.joined(separator: ", ")), which this program does not know"
}

extension ReferenceReport {
  init(_ judgement: ReferenceJudgement) {
    let reference = judgement.reference
    self.init(
      name: reference.name, framework: reference.framework, frameworkVersion: reference.frameworkVersion,
      convention: reference.convention.rawValue, formula: reference.convention.formula.rawValue,
      verdict: judgement.verdict.rawValue,
      layers: judgement.passes.map { LayerReport($0, words: FindingWords($0, of: reference)) })
  }
}

extension LayerReport {
  init(_ pass: LayerPassJudgement, words: FindingWords) {
    let judgement = pass.judgement
    let drift = pass.freeRunning
    self.init(
      layer: pass.layer, name: pass.name, direction: pass.pass.direction.rawValue,
      cell: pass.pass.cell.kind.rawValue,
      verdict: judgement.verdict.rawValue, evidence: judgement.evidence.rawValue,
      declaredPrecision: pass.pass.declared?.rawValue,
      stepwise: StepwiseReport(
        maxResidual: Number(judgement.figures.maxResidual),
        maxBoundRatio: Number(judgement.figures.maxBoundRatio),
        effectiveRoundoffRms: Number(judgement.figures.effectiveRoundoffRms),
        maxEffectiveRoundoff: Number(judgement.figures.maxEffectiveRoundoff),
        effectivePrecisionBits: Number(judgement.effectivePrecisionBits)),
      freeRunning: FreeRunningReport(
        maxAbs: Number(drift.maxAbs), maxUlp: Nullable(drift.maxULP),
        referenceToExact: Number(drift.referenceToExact), swiftToExact: Number(drift.swiftToExact),
        growthPerStep: drift.growthPerStep.map { Number($0) },
        firstAboveTolerance: drift.tolerance == nil ? nil : Nullable(drift.firstAboveTolerance)),
      firstFlagged: Nullable(judgement.firstFlagged.map(FlaggedReport.init)),
      timesteps: judgement.timesteps.map { step in
        TimestepReport(
          timestep: step.timestep, verdict: step.verdict.rawValue,
          maxResidual: Number(step.figures.maxResidual), maxBoundRatio: Number(step.figures.maxBoundRatio),
          effectiveRoundoffRms: Number(step.figures.effectiveRoundoffRms),
          freeRunningMaxAbs: Number(drift.maxAbsByTimestep[step.timestep] ?? .nan))
      },
      findings: judgement.findings.map(words.report), diagnosis: words.diagnosis(of: judgement),
      notes: words.notes(of: judgement))
  }
}

extension FlaggedReport {
  init(_ element: FlaggedElement) {
    self.init(
      timestep: element.timestep, batch: element.batch, unit: element.unit, state: element.state.rawValue,
      residual: Number(element.residual), bound: Number(element.bound))
  }
}

extension CrossReport {
  init(_ judgement: CrossJudgement, in parityCase: CaseJudgement) {
    self.init(
      statesOf: judgement.statesOf, weightsOf: judgement.weightsOf, verdict: judgement.verdict.rawValue,
      structure: judgement.structure.map { $0.text(judgement.statesOf, judgement.weightsOf) },
      pairedBy: judgement.pairing.ground.rawValue, pairingIsAmbiguous: judgement.pairing.isAmbiguous,
      pairedByFile: judgement.pairing.declared == 0 ? nil : judgement.pairing.declared,
      weights: parityCase.relation(of: judgement).map(WeightsReport.init),
      parameters: judgement.parameters.map { difference in
        ParameterReport(
          layer: difference.layer, direction: difference.direction.rawValue, parameter: difference.parameter,
          maxAbs: Number(difference.maxAbs), bound: Number(difference.bound))
      },
      layers: judgement.passes.map { pass in
        let words = FindingWords(pass, of: judgement, in: parityCase)
        return CrossLayerReport(
          layer: pass.layer, otherLayer: pass.otherLayer, direction: pass.direction.rawValue,
          verdict: pass.verdict.rawValue,
          maxResidual: Number(pass.stepwise.figures.maxResidual),
          maxBoundRatio: Number(pass.stepwise.figures.maxBoundRatio),
          firstFlagged: Nullable(pass.stepwise.firstFlagged.map(FlaggedReport.init)),
          findings: pass.stepwise.findings.map(words.report), diagnosis: words.diagnosis(of: pass.stepwise),
          notes: words.notes(of: pass.stepwise), maxAbs: Number(pass.maxAbs),
          maxUlp: Nullable(pass.maxULP), firstAboveTolerance: Nullable(pass.firstAboveTolerance),
          name: words.layerNames.indices.contains(pass.layer) ? words.layerNames[pass.layer] : nil)
      })
  }
}

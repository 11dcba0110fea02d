import Testing

@testable import ParityReport
@testable import RecurrentParity

// Reports made by hand: plain numbers, so that what is rendered can be checked by eye.

extension Report {
  static func of(_ verdict: String, _ cases: CaseReport...) -> Report {
    Report(verdict: verdict, cases: cases)
  }
}

extension CaseReport {
  static func judged(
    _ name: String, _ verdict: String, timesteps: Int = 4, ragged: Bool = false,
    references: [ReferenceReport], cross: [CrossReport] = []
  ) -> CaseReport {
    CaseReport(
      case: name, file: "Fixtures/\(name).h5", verdict: verdict, error: nil,
      shape: ShapeReport(timesteps: timesteps, batch: 2, inputSize: 3, ragged: ragged),
      references: references, cross: cross)
  }

  static func invalid(_ name: String, _ error: String) -> CaseReport {
    CaseReport(
      case: name, file: "\(name).h5", verdict: "invalid", error: error, shape: nil, references: [], cross: [])
  }
}

extension ReferenceReport {
  static func pytorch(_ verdict: String, _ layers: LayerReport...) -> ReferenceReport {
    ReferenceReport(
      name: "pytorch", framework: "pytorch", frameworkVersion: "2.15.0", convention: "pytorch",
      formula: "two-bias", verdict: verdict, layers: layers)
  }
}

extension LayerReport {
  /// A layer whose timesteps have these verdicts, one letter each: `·` match, `?` inconclusive, `~` drift,
  /// `#` mismatch, `!` invalid.
  static func with(
    steps: String, layer: Int = 0, direction: String = "forward", verdict: String = "match",
    ratio: Double = 0.25, first: FlaggedReport? = nil, findings: [FindingReport] = [],
    diagnosis: [DiagnosisReport]? = nil,
    notes: [String] = [],
    firstAboveTolerance: Nullable<Int>? = nil
  ) -> LayerReport {
    LayerReport(
      layer: layer, name: "encoder.rnn", direction: direction, cell: "rnn", verdict: verdict,
      evidence: "stepwise",
      stepwise: StepwiseReport(
        maxResidual: Number(1.25e-7), maxBoundRatio: Number(ratio), effectiveRoundoffRms: Number(0.75),
        maxEffectiveRoundoff: Number(1.5), effectivePrecisionBits: Number(24.25)),
      freeRunning: FreeRunningReport(
        maxAbs: Number(2.5e-7), maxUlp: Nullable(3), referenceToExact: Number(1e-7),
        swiftToExact: Number(0), firstAboveTolerance: firstAboveTolerance),
      firstFlagged: Nullable(first),
      timesteps: steps.enumerated().map { t, symbol in
        TimestepReport(
          timestep: t, verdict: symbols[symbol] ?? "match", maxResidual: Number(1e-7),
          maxBoundRatio: Number(0.25),
          effectiveRoundoffRms: Number(0.5), freeRunningMaxAbs: Number(2e-7))
      }, findings: findings, diagnosis: Nullable(diagnosis), notes: notes)
  }

  private static let symbols: [Character: String] = [
    "·": "match", "?": "inconclusive", "~": "drift", "#": "mismatch", "!": "invalid",
  ]
}

extension FlaggedReport {
  static func at(_ timestep: Int, residual: Double = 0.5, bound: Double = 2e-6) -> FlaggedReport {
    FlaggedReport(
      timestep: timestep, batch: 1, unit: 5, state: "h", residual: Number(residual), bound: Number(bound))
  }
}

extension DiagnosisReport {
  static let tf32 = DiagnosisReport(
    hypothesis: "precision:tf32", explains: true, maxBoundRatio: Number(0.5),
    equivalentTo: ["precision:float16"], says: "the operands were rounded to tf32")
}

extension FindingReport {
  /// A single wrong weight.
  static let parameter = FindingReport(
    Finding(
      .parameter(
        WrongParameter(gate: .hidden, unit: 5, term: .state(2), declared: 0.25, implied: 0.5)),
      explains: .all,
      at: FindingPlace(layer: 0, direction: .forward, timesteps: [1, 2], sequences: [1], units: [5]),
      maxBoundRatio: 0.5),
    says: "one parameter accounts for every recorded state")
}

extension CrossReport {
  static func keras(
    _ verdict: String, structure: String? = nil, parameters: [ParameterReport] = [],
    layers: [CrossLayerReport] = []
  ) -> CrossReport {
    CrossReport(
      statesOf: "keras", weightsOf: "pytorch", verdict: verdict, structure: structure, parameters: parameters,
      layers: layers)
  }
}

extension ParameterReport {
  static let bias = ParameterReport(
    layer: 0, direction: "forward", parameter: "bias", maxAbs: Number(0.25), bound: Number(1.5e-8))
}

extension CrossLayerReport {
  static func with(_ verdict: String, first: FlaggedReport?) -> CrossLayerReport {
    CrossLayerReport(
      layer: 0, otherLayer: 0, direction: "forward", verdict: verdict, maxResidual: Number(0.5),
      maxBoundRatio: Number(1e5),
      firstFlagged: Nullable(first), findings: [], diagnosis: Nullable(nil), notes: [], maxAbs: Number(0.75),
      maxUlp: Nullable(nil),
      firstAboveTolerance: Nullable(nil))
  }
}

extension Report {
  /// Every part that a report can have.
  static let complete = Report.of(
    "invalid",
    .judged("honest", "match", references: [.pytorch("match", .with(steps: "····"))]),
    .judged(
      "lowered", "drift",
      references: [
        .pytorch(
          "drift",
          .with(
            steps: "·~~·", verdict: "drift", ratio: 40, first: .at(1), findings: [.parameter],
            diagnosis: [.tf32],
            notes: ["the recorded output is another run's"], firstAboveTolerance: Nullable(2)),
          .with(
            steps: "····", layer: 1, firstAboveTolerance: Nullable(nil)))
      ]),
    .judged(
      "ported", "mismatch", references: [.pytorch("match", .with(steps: "····"))],
      cross: [
        .keras("mismatch", parameters: [.bias], layers: [.with("mismatch", first: .at(0))]),
        .keras("mismatch", structure: "1 layer in keras, 2 in pytorch"),
      ]),
    .invalid(
      "broken", "broken.h5: /input: expected rank 3, shape (any, any, any), found rank 2, shape (4, 3)"))
}

extension ReportRenderer {
  /// The whole report; a renderer that throws is an issue.
  func text(_ report: Report) -> String {
    do { return try render(report) } catch {
      Issue.record(error)
      return ""
    }
  }
}

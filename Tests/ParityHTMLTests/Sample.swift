@testable import ParityReport
import RecurrentParity

/// Reports as their JSON has them, with plain numbers.
enum Sample {
  static func step(
    _ t: Int, _ verdict: Verdict, residual: Double, ratio: Double, drift: Double
  ) -> TimestepReport {
    TimestepReport(
      timestep: t, verdict: verdict.rawValue, maxResidual: Number(residual), maxBoundRatio: Number(ratio),
      effectiveRoundoffRms: Number(0.5), freeRunningMaxAbs: Number(drift))
  }

  /// One reference, of whose layers the last has a mismatch at the flagged timesteps.
  static func `case`(layers: Int, timesteps: Int, flagged: Range<Int>) -> CaseReport {
    CaseReport(
      case: "sample", file: "sample.h5", verdict: "mismatch", error: nil,
      shape: ShapeReport(timesteps: timesteps, batch: 2, inputSize: 3, ragged: false),
      references: [
        ReferenceReport(
          name: "pytorch", framework: "pytorch", frameworkVersion: "2.15.0", convention: "pytorch",
          formula: "two-bias", verdict: "mismatch",
          layers: (0..<layers).map { layer($0, of: layers, timesteps, flagged) })
      ], cross: [])
  }

  static func broken(_ name: String) -> CaseReport {
    CaseReport(
      case: name, file: name, verdict: "invalid", error: name, shape: nil, references: [], cross: [])
  }

  static func boundary(_ name: String, differs: Bool) -> BoundaryReport {
    BoundaryReport(
      references: ["keras", "pytorch"], boundary: name, otherBoundary: name,
      verdict: differs ? "differs" : "match", evidence: "pinned", ratio: Number(differs ? 1e5 : 0.5),
      slice: nil, rmsDifference: Number(0.1), spread: Number(1e-7), rms: Number(0.3), exchanged: false,
      says: nil)
  }

  private static func layer(_ number: Int, of count: Int, _ timesteps: Int, _ flagged: Range<Int>)
    -> LayerReport
  {
    let isFlagged = number == count - 1
    return LayerReport(
      layer: number, name: "rnn.\(number)", direction: "forward", cell: "lstm",
      verdict: isFlagged ? "mismatch" : "match", evidence: "stepwise",
      stepwise: StepwiseReport(
        maxResidual: Number(isFlagged ? 0.25 : 1e-7), maxBoundRatio: Number(isFlagged ? 1e5 : 0.1),
        effectiveRoundoffRms: Number(0.7), maxEffectiveRoundoff: Number(2), effectivePrecisionBits: Number(24)
      ),
      freeRunning: FreeRunningReport(
        maxAbs: Number(2e-7), maxUlp: Nullable(3), referenceToExact: Number(1e-7), swiftToExact: Number(2e-7),
        growthPerStep: nil, firstAboveTolerance: nil),
      firstFlagged: Nullable(
        isFlagged
          ? FlaggedReport(
            timestep: flagged.lowerBound, batch: 0, unit: 1, state: "h", residual: Number(0.25),
            bound: Number(1e-6)) : nil),
      timesteps: (0..<timesteps).map { t in
        isFlagged && flagged.contains(t)
          ? step(t, .mismatch, residual: 0.25, ratio: 1e5, drift: 0.5)
          : step(t, .match, residual: 1e-7, ratio: 0.1, drift: 1e-7)
      }, findings: [], diagnosis: Nullable(isFlagged ? [] : nil), notes: [])
  }
}

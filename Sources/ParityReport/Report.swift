import RecurrentParity

/// What `parity report` has to say: one value, rendered in several ways.
///
/// Its JSON form is a published format, described in `Documentation/report-format.md`.
public struct Report: Codable, Equatable, Sendable {
  public var format = "rnn-parity-report"
  public var formatVersion = 1
  /// The worst of all cases.
  public var verdict: String
  public var cases: [CaseReport]
  /// Files of one folder that have one case name: each list could be judged as one case. Absent where there is none.
  public var couldBeJoined: [[String]]?
}

public struct CaseReport: Codable, Equatable, Sendable {
  public var `case`: String
  public var file: String
  public var verdict: String
  /// Why the file as a whole is invalid; absent otherwise.
  public var error: String?
  /// Features that the file requires and this program does not know: it was not judged. Absent where there is none.
  public var unknownFeatures: [String]?
  /// The case's axes; absent where the file is invalid, or requires what is not known.
  public var shape: ShapeReport?
  public var references: [ReferenceReport]
  public var cross: [CrossReport]
  /// What lies between the layers of each two references, in the order of the data; absent unless their models are
  /// recorded.
  public var boundaries: [BoundaryReport]?
  /// What was found at them; absent where that is nothing.
  public var findings: [FindingReport]?
  /// Recurrent modules that are not in the recording; absent where there is none. So are the next two.
  public var leftOut: [ModuleReport]?
  /// Recurrent modules that were not called.
  public var unused: [ModuleReport]?
  /// Modules that were called again and again.
  public var repeated: [ModuleReport]?
  /// References of which only a part was kept; absent where there is none.
  public var trimmed: [TrimmingReport]?
  /// What the file holds and nothing reads, the first hundred of it; absent where there is nothing.
  public var unread: [UnreadReport]?
  /// How much of that there is.
  public var unreadCount: Int?
  /// The name of the reference that was declared to be right; absent where none was, or none has it.
  public var original: String?
  /// Whether each two references hold the same bits; absent where that was not asked for.
  public var bits: [BitReport]?
}

/// What of a reference was kept.
public struct TrimmingReport: Codable, Equatable, Sendable {
  public var reference: String
  /// At most the first so many of every layer. So are the sequences.
  public var steps: Int
  public var sequences: Int
}

/// A name in a place of the format that the format gives no meaning to.
public struct UnreadReport: Codable, Equatable, Sendable {
  /// The HDF5 path of the group that holds it.
  public var path: String
  public var name: String
  /// `attribute` or `object`.
  public var kind: String
  /// A name that is read there and differs by one letter; absent where there is none.
  public var suggestion: String?
}

/// The axes of a case's input, `(T, B, I)`.
public struct ShapeReport: Codable, Equatable, Sendable {
  public var timesteps: Int
  public var batch: Int
  public var inputSize: Int
  /// Whether some sequence is shorter than T.
  public var ragged: Bool
}

public struct ReferenceReport: Codable, Equatable, Sendable {
  public var name: String
  public var framework: String
  public var frameworkVersion: String
  public var convention: String
  /// "two-bias" or "one-bias".
  public var formula: String
  public var verdict: String
  public var layers: [LayerReport]
}

/// One direction of one layer.
public struct LayerReport: Codable, Equatable, Sendable {
  public var layer: Int
  public var name: String
  public var direction: String
  public var cell: String
  public var verdict: String
  public var evidence: String
  /// What the run declares of its arithmetic, as which it is judged; absent where it declares nothing.
  public var declaredPrecision: String?
  public var stepwise: StepwiseReport
  public var freeRunning: FreeRunningReport
  public var firstFlagged: Nullable<FlaggedReport>
  public var timesteps: [TimestepReport]
  /// All that was found, complete: `diagnosis` and `notes` say parts of it again.
  public var findings: [FindingReport]
  public var diagnosis: Nullable<[DiagnosisReport]>
  /// Findings in words, beside the numbers.
  public var notes: [String]
}

public struct StepwiseReport: Codable, Equatable, Sendable {
  public var maxResidual: Number
  public var maxBoundRatio: Number
  public var effectiveRoundoffRms: Number
  public var maxEffectiveRoundoff: Number
  public var effectivePrecisionBits: Number
}

public struct FreeRunningReport: Codable, Equatable, Sendable {
  public var maxAbs: Number
  public var maxUlp: Nullable<Int>
  public var referenceToExact: Number
  public var swiftToExact: Number
  /// Mean growth of a small disturbance in one step, above 1 in a chaotic network; absent where not measured.
  public var growthPerStep: Number?
  /// The first timestep above the user's tolerance; absent where none was given.
  public var firstAboveTolerance: Nullable<Int>?
}

public struct FlaggedReport: Codable, Equatable, Sendable {
  public var timestep: Int
  public var batch: Int
  public var unit: Int
  public var state: String
  public var residual: Number
  public var bound: Number
}

public struct TimestepReport: Codable, Equatable, Sendable {
  public var t: Int
  public var verdict: String
  public var maxResidual: Number
  public var maxBoundRatio: Number
  public var effectiveRoundoffRms: Number
  public var freeRunningMaxAbs: Number
}

/// What a flagged run did, in terms of a hypothesis that was tried.
public struct DiagnosisReport: Codable, Equatable, Sendable {
  public var hypothesis: String
  public var explains: Bool
  public var maxBoundRatio: Number
  public var equivalentTo: [String]
  public var says: String
  /// `says` without the place and without what mends it: equal for equal findings.
  public var statement: String?
  /// What mends it in the framework of the run, or of the port; absent where no guide knows.
  public var mending: [Mending]?
}

public struct CrossReport: Codable, Equatable, Sendable {
  public var statesOf: String
  public var weightsOf: String
  public var verdict: String
  /// Why the two cannot be one network, where their structure says so.
  public var structure: String?
  /// How it was found which layers are one: as the `file` says, by `name`, `weights` or `order`, the weakest that was
  /// needed.
  public var pairedBy = LayerPairing.Ground.order.rawValue
  /// Whether layers with equal weights were told apart by their order alone.
  public var pairingIsAmbiguous = false
  /// How many layers are paired as the file says; absent where none is.
  public var pairedByFile: Int?
  /// What the two sets of weights are to each other, where all of them differ and nothing explains it; absent elsewhere.
  public var weights: WeightsReport?
  public var parameters: [ParameterReport]
  public var layers: [CrossLayerReport]
}

public struct ParameterReport: Codable, Equatable, Sendable {
  public var layer: Int
  public var direction: String
  public var parameter: String
  public var maxAbs: Number
  public var bound: Number
}

public struct CrossLayerReport: Codable, Equatable, Sendable {
  public var layer: Int
  /// Its partner's number in the reference whose weights these are.
  public var otherLayer: Int
  public var direction: String
  public var verdict: String
  public var maxResidual: Number
  public var maxBoundRatio: Number
  public var firstFlagged: Nullable<FlaggedReport>
  public var findings: [FindingReport]
  public var diagnosis: Nullable<[DiagnosisReport]>
  /// Findings in words, as in a layer.
  public var notes: [String]
  public var maxAbs: Number
  public var maxUlp: Nullable<Int>
  public var firstAboveTolerance: Nullable<Int>
  /// What the reference whose states are judged calls the layer.
  public var name: String?
}

extension CaseReport {
  /// Whether the same layer and direction is explained the other way round: what a port lost cannot be found
  /// from its own weights, only from the original's.
  func isExplainedTheOtherWayRound(_ layer: CrossLayerReport, in check: CrossReport) -> Bool {
    let opposite = cross.first { $0.statesOf == check.weightsOf && $0.weightsOf == check.statesOf }
    let counterpart = opposite?.layers.first { $0.layer == layer.layer && $0.direction == layer.direction }
    return layer.diagnosis.value == [] && !(counterpart?.diagnosis.value ?? []).isEmpty
  }
}

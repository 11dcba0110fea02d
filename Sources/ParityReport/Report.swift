import RecurrentParity

/// What `parity report` has to say: one value, rendered in several ways.
///
/// Its JSON form is a published format, described in `Documentation/report-format.md`.
public struct Report: Codable, Equatable, Sendable {
  /// `rnn-parity-report`
  public var format = Report.formatName
  /// The version of the format that the document has.
  public var formatVersion = Report.formatVersion
  /// The worst of all cases.
  public var verdict: String
  /// In the order in which they were given.
  public var cases: [CaseReport]
  /// Files of one folder that have one case name: each list could be judged as one case. Absent where there is none.
  public var couldBeJoined: [[String]]?

  /// What every document of this format says that it is.
  public static let formatName = "rnn-parity-report"
  /// The version that this library writes, and reads.
  public static let formatVersion = 1
}

/// What was found of one case.
public struct CaseReport: Codable, Equatable, Sendable {
  /// The case's name; the file's without `.h5` where that is invalid.
  public var `case`: String
  /// The file, as it was named.
  public var file: String
  /// The worst of its parts.
  public var verdict: String
  /// Why the file as a whole is invalid; absent otherwise.
  public var error: String?
  /// Features that the file requires and this program does not know: it was not judged. Absent where there is none.
  public var unknownFeatures: [String]?
  /// The case's axes; absent where the file is invalid, or requires what is not known.
  public var shape: ShapeReport?
  /// By name; empty where the file is invalid.
  public var references: [ReferenceReport]
  /// Of every ordered pair of references.
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
  /// The name of the reference.
  public var reference: String
  /// At most the first so many of every layer. So are the sequences.
  public var steps: Int
  /// At most the first so many of every layer.
  public var sequences: Int
}

/// A name in a place of the format that the format gives no meaning to.
public struct UnreadReport: Codable, Equatable, Sendable {
  /// The HDF5 path of the group that holds it.
  public var path: String
  /// The name that nothing reads.
  public var name: String
  /// `attribute` or `object`.
  public var kind: String
  /// A name that is read there and differs by one letter; absent where there is none.
  public var suggestion: String?
}

/// The axes of a case's input, `(T, B, I)`.
public struct ShapeReport: Codable, Equatable, Sendable {
  /// T
  public var timesteps: Int
  /// B
  public var batch: Int
  /// I
  public var inputSize: Int
  /// Whether some sequence is shorter than T.
  public var ragged: Bool
}

/// What was found of one reference, by its own formula.
public struct ReferenceReport: Codable, Equatable, Sendable {
  /// Its name in the fixture.
  public var name: String
  /// As recorded.
  public var framework: String
  /// As recorded.
  public var frameworkVersion: String
  /// How its weights are written down: `pytorch`, `keras`, `onnx`, `flax` or `mlx`.
  public var convention: String
  /// "two-bias" or "one-bias".
  public var formula: String
  /// The worst of its layers.
  public var verdict: String
  /// One for each layer and direction, in the order of the data, forward first.
  public var layers: [LayerReport]
}

/// One direction of one layer.
public struct LayerReport: Codable, Equatable, Sendable {
  /// The number of the layer, from 0.
  public var layer: Int
  /// Its path in the model.
  public var name: String
  /// `forward` or `backward`.
  public var direction: String
  /// `rnn`, `gru` or `lstm`.
  public var cell: String
  /// The worst of its timesteps.
  public var verdict: String
  /// What the verdict rests on: `stepwise`, `carried` or `outputs`.
  public var evidence: String
  /// What the run declares of its arithmetic, as which it is judged; absent where it declares nothing.
  public var declaredPrecision: String?
  /// How far each state is from one step of the formula.
  public var stepwise: StepwiseReport
  /// How far the run is from Swift's own, from the input alone: information, no verdict.
  public var freeRunning: FreeRunningReport
  /// The first element in processing order that does not match; null where all do.
  public var firstFlagged: Nullable<FlaggedReport>
  /// In input time; empty where nothing is recorded.
  public var timesteps: [TimestepReport]
  /// All that was found, complete: `diagnosis` and `notes` say parts of it again.
  public var findings: [FindingReport]
  /// Those findings that say how the run computed; null where none was searched for.
  public var diagnosis: Nullable<[DiagnosisReport]>
  /// Findings in words, beside the numbers.
  public var notes: [String]
}

/// The residual of one step each, over all timesteps.
public struct StepwiseReport: Codable, Equatable, Sendable {
  /// The largest, in units of the state.
  public var maxResidual: Number
  /// The largest ratio of a residual to its certified bound; above 1 is proof of another formula.
  public var maxBoundRatio: Number
  /// The rms of a timestep's residuals in units of the rounding that is expected; the largest of all
  /// timesteps.
  public var effectiveRoundoffRms: Number
  /// The same of a single element.
  public var maxEffectiveRoundoff: Number
  /// The significand bits that the run is good for.
  public var effectivePrecisionBits: Number
}

/// The difference to Swift's own run from the input alone.
public struct FreeRunningReport: Codable, Equatable, Sendable {
  /// The largest, in units of the state.
  public var maxAbs: Number
  /// The largest in units in the last place, over elements of magnitude 0.01 or more; null where there is
  /// none.
  public var maxUlp: Nullable<Int>
  /// How far the reference is from a Float64 run of the same formula.
  public var referenceToExact: Number
  /// How far Swift's run is from it.
  public var swiftToExact: Number
  /// Mean growth of a small disturbance in one step, above 1 in a chaotic network; absent where not measured.
  public var growthPerStep: Number?
  /// The first timestep above the user's tolerance; absent where none was given.
  public var firstAboveTolerance: Nullable<Int>?
}

/// An element that does not match.
public struct FlaggedReport: Codable, Equatable, Sendable {
  /// Input time, from 0.
  public var timestep: Int
  /// Which sequence, from 0.
  public var batch: Int
  /// Which unit of the state, from 0.
  public var unit: Int
  /// `h` or `c`; a merged output counts as `h`.
  public var state: String
  /// How far it is from one step of the formula, in units of the state.
  public var residual: Number
  /// How far rounding can bring it, in the same units.
  public var bound: Number
}

/// What was found of one timestep, over all sequences and units.
public struct TimestepReport: Codable, Equatable, Sendable {
  /// Input time, from 0.
  public var timestep: Int
  /// Of this step.
  public var verdict: String
  /// The largest residual of this step, in units of the state.
  public var maxResidual: Number
  /// The largest ratio of a residual to its bound.
  public var maxBoundRatio: Number
  /// The rms of the residuals in units of the rounding that is expected.
  public var effectiveRoundoffRms: Number
  /// The largest difference to Swift's own run, in units of the state.
  public var freeRunningMaxAbs: Number

  private enum CodingKeys: String, CodingKey {
    case timestep = "t"
    case verdict, maxResidual, maxBoundRatio, effectiveRoundoffRms, freeRunningMaxAbs
  }
}

/// What a flagged run did, in terms of a hypothesis that was tried.
public struct DiagnosisReport: Codable, Equatable, Sendable {
  /// Its name; several that hold together are joined with `+`.
  public var hypothesis: String
  /// Whether it accounts for every element.
  public var explains: Bool
  /// The largest ratio of a residual to its bound once it is assumed.
  public var maxBoundRatio: Number
  /// Names of other findings that account for the run as well.
  public var equivalentTo: [String]
  /// What was done, where, and what mends it, in words.
  public var says: String
  /// `says` without the place and without what mends it: equal for equal findings.
  public var statement: String?
  /// What mends it in the framework of the run, or of the port; absent where no guide knows.
  public var mending: [Mending]?
}

/// The states of one reference by the weights of another.
public struct CrossReport: Codable, Equatable, Sendable {
  /// The name of the reference whose states are judged.
  public var statesOf: String
  /// The name of the reference by whose weights.
  public var weightsOf: String
  /// The worst of its layers; `mismatch` where `structure` is there.
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
  /// Those that differ by more than a conversion rounds.
  public var parameters: [ParameterReport]
  /// One for each layer and direction, in the order of the data, forward first.
  public var layers: [CrossLayerReport]
}

/// A parameter that the two references have with other values.
public struct ParameterReport: Codable, Equatable, Sendable {
  /// The number of the layer, from 0.
  public var layer: Int
  /// `forward` or `backward`.
  public var direction: String
  /// The canonical name: `weight_hh[f]`, `bias`.
  public var parameter: String
  /// The largest difference, in units of the parameter.
  public var maxAbs: Number
  /// By how much a conversion rounds, in the same units.
  public var bound: Number
}

/// What the states of one layer and direction came to by the other's weights.
public struct CrossLayerReport: Codable, Equatable, Sendable {
  /// The number of the layer, from 0.
  public var layer: Int
  /// Its partner's number in the reference whose weights these are.
  public var otherLayer: Int
  /// `forward` or `backward`.
  public var direction: String
  /// Of the states; at least `mismatch` where a parameter differs.
  public var verdict: String
  /// The largest residual, in units of the state.
  public var maxResidual: Number
  /// The largest ratio of a residual to its bound; above 1 is proof.
  public var maxBoundRatio: Number
  /// The first element in processing order that does not match; null where all do.
  public var firstFlagged: Nullable<FlaggedReport>
  /// All that was found, complete.
  public var findings: [FindingReport]
  /// Those findings that say how the run computed; null where none was searched for.
  public var diagnosis: Nullable<[DiagnosisReport]>
  /// Findings in words, as in a layer.
  public var notes: [String]
  /// The largest difference of the two references' states.
  public var maxAbs: Number
  /// The largest in units in the last place, over elements of magnitude 0.01 or more; null where there is
  /// none.
  public var maxUlp: Nullable<Int>
  /// The first timestep above the user's tolerance; null where there is none.
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

import Recurrent

/// One fixture: one input sequence, and what one or more frameworks computed for it.
///
/// It is read from a file, or made of what is in memory; either way it is consistent, so that it can be judged.
public struct ParityCase: Sendable {
  /// The file it was read from, as the caller named it; `in memory` where it was made of values.
  public package(set) var file: String
  /// The case's name, as the file has it.
  public package(set) var name: String
  /// What the case is, in words; nil where the file does not say it.
  public package(set) var summary: String?
  /// What its random numbers were made from; nil where the file does not say it.
  public package(set) var seed: Int?
  /// `(T, B, I)`.
  public package(set) var input: RecordedSequence
  /// The type that `input` is stored in.
  public package(set) var inputFormat: FloatFormat
  /// Which steps of the input are valid.
  public package(set) var valid: ValidSteps
  /// In name order.
  public package(set) var references: [Reference]
  /// What the file holds and no rule of the format reads.
  public package(set) var unread: [UnreadName]
  /// What the file requires and this program does not know: it cannot be judged.
  public package(set) var unknownFeatures: [String]
  /// What went wrong while its sequences were read.
  package var readFailures: ReadFailures

  /// What is known to be consistent.
  package init(
    file: String, name: String, summary: String? = nil, seed: Int? = nil, input: RecordedSequence,
    inputFormat: FloatFormat, valid: ValidSteps, references: [Reference], unread: [UnreadName] = [],
    unknownFeatures: [String] = [], readFailures: ReadFailures = ReadFailures()
  ) {
    self.file = file
    self.name = name
    self.summary = summary
    self.seed = seed
    self.input = input
    self.inputFormat = inputFormat
    self.valid = valid
    self.references = references
    self.unread = unread
    self.unknownFeatures = unknownFeatures
    self.readFailures = readFailures
  }

  /// Why a sequence that was asked for could not be read; nil where all could. Sequences are read while a case is
  /// judged.
  public var readFailure: FixtureError? { readFailures.first }

  /// Which steps are valid in a layer: its own, or the input's.
  package func valid(in layer: RecordedLayer) -> ValidSteps { layer.valid ?? valid }
}

/// A name in a place of the format that the format gives no meaning to.
public struct UnreadName: Equatable, Sendable {
  /// What has the name.
  public enum Kind: String, Sendable {
    /// An attribute of the group.
    case attribute
    /// A dataset or a group.
    case object
  }

  /// The full HDF5 path of the group or dataset that holds it.
  public package(set) var path: String
  /// The name that nothing reads.
  public package(set) var name: String
  /// What has it.
  public package(set) var kind: Kind
  /// A name that is read there and differs by one letter or one bit: most likely what was meant.
  public package(set) var suggestion: String?

  package init(path: String, name: String, kind: Kind, suggestion: String? = nil) {
    self.path = path
    self.name = name
    self.kind = kind
    self.suggestion = suggestion
  }
}

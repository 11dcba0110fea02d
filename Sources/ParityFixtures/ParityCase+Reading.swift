import HDF5
import Recurrent
import RecurrentParity

extension ParityCase {
  /// What a fixture's values may take in memory by default: 4 GiB.
  public static let defaultMemoryLimit = 4 << 30

  /// Reads and validates a fixture of format version 1 or 2.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - memoryLimit: in bytes; a file that declares more is refused before anything is allocated.
  /// - Throws: `FixtureError` for whatever is missing, superfluous, of the wrong type, rank or shape, not
  ///   finite, or in contradiction to another part.
  public init(
    contentsOf path: String, memoryLimit: Int = ParityCase.defaultMemoryLimit
  ) throws(FixtureError) {
    try self.init(contentsOf: SystemPath(path), memoryLimit: memoryLimit)
  }

  /// Reads a fixture whose file's name need not be UTF-8.
  public init(
    contentsOf path: SystemPath, memoryLimit: Int = ParityCase.defaultMemoryLimit
  ) throws(FixtureError) {
    let file: File
    let fileSize: Int
    do {
      file = try File(reading: path)
      fileSize = try file.byteCount()
    } catch { throw FixtureError(error, file: path.description) }
    let session = ReadingSession(
      file: path.description, bytes: memoryLimit, fileSize: fileSize)
    let root = FixtureNode(group: file.root, session: session)
    session.version = try Self.version(root)
    let name = try root.string("case")
    let summary = try root.optionalString("description")
    let seed = try root.optionalInt("seed")
    let required = session.version == .one ? [] : try root.optionalStrings("requires") ?? []
    let unknown = required.filter { RequiredFeature(rawValue: $0) == nil }
    guard unknown.isEmpty else {
      // Whatever else it holds may mean something else.
      self.init(
        file: path.description, name: name, summary: summary, seed: seed,
        input: RecordedSequence(BatchedSequence(zeros: 0, 0, 0)), inputFormat: .float32,
        valid: ValidSteps(all: 0, batch: 0),
        references: [], unknownFeatures: unknown)
      return
    }
    try root.expectOnly(.root, objects: ["input", "lengths", "references"])
    let common = try CommonInput(root)

    let group = try root.child("references")
    let reader = ReferenceReader(common: common)
    var references: [Reference] = []
    try group.expectOnly(objects: group.names())
    // One object may have several names.
    var read: [UInt64: Reference] = [:]
    for name in try group.names() {
      let node = try group.child(name)
      var reference: Reference
      if let known = read[node.group.address] {
        reference = known
      } else {
        reference = try reader.reference(name, in: node)
      }
      reference.name = name
      read[node.group.address] = reference
      references.append(reference)
    }
    guard let first = references.first?.layers.first else {
      throw group.error(expected: "at least one reference", found: "none")
    }
    // Where each layer has an input of its own, the first layer's stands for the case.
    let input = common?.input ?? first.input ?? RecordedSequence(BatchedSequence(zeros: 0, 0, 0))
    self.init(
      file: path.description, name: name, summary: summary, seed: seed, input: input,
      inputFormat: common?.format ?? .float32,
      valid: common?.valid ?? first.valid ?? ValidSteps(all: input.timesteps, batch: input.batch),
      references: references, unread: session.unread, readFailures: session.failures)
  }

  private static func version(_ root: FixtureNode) throws(FixtureError) -> FormatVersion {
    let format = try root.string("format")
    guard format == "rnn-parity-fixture" else {
      throw root.error(attribute: "format", expected: "\"rnn-parity-fixture\"", found: "\"\(format)\"")
    }
    let number = try root.int("format_version")
    guard let version = FormatVersion(rawValue: number) else {
      throw root.error(
        attribute: "format_version", expected: "1 or 2, the versions that this program reads",
        found: "\(number)")
    }
    return version
  }
}

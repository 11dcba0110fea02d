import HDF5
import Recurrent
import RecurrentParity

extension ParityCase {
  /// What a fixture's values may take in memory by default: 4 GiB.
  public static let defaultMemoryLimit = 4 << 30

  /// Reads and validates a fixture of format version 1.
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
    do { file = try File(reading: path) } catch { throw FixtureError(error, file: path.description) }
    let session = ReadingSession(file: path.description, bytes: memoryLimit)
    let root = FixtureNode(group: file.root, session: session)
    try Self.checkFormat(root)
    try root.expectOnly(
      attributes: ["format", "format_version", "case", "description", "seed"],
      objects: ["input", "lengths", "references"])

    let name = try root.string("case")
    let summary = try root.optionalString("description")
    let seed = try root.optionalInt("seed")
    let tensor = try root.tensor("input", shape: [nil, nil, nil])
    guard tensor.format == .float32 || tensor.format == .float64 else {
      throw root.error(tensor.path, expected: "float32 or float64", found: tensor.format.name)
    }
    let input = BatchedSequence(tensor)
    let valid = ValidSteps(lengths: try Self.lengths(root, input: input), timesteps: input.timesteps)
    try root.requireFinite(input, tensor, valid: valid)

    let group = try root.child("references")
    let reader = ReferenceReader(
      input: input, inputFormat: tensor.format, valid: valid,
      unwritten: tensor.isWritten ? [] : [tensor.path])
    var references: [Reference] = []
    try group.expectOnly(objects: group.names())
    for name in try group.names() {
      references.append(try reader.reference(name, in: try group.child(name)))
    }
    guard !references.isEmpty else {
      throw group.error(expected: "at least one reference", found: "none")
    }
    self.init(
      file: path.description, name: name, summary: summary, seed: seed, input: input, inputFormat: tensor.format,
      valid: valid, references: references, unread: session.unread)
  }

  private static func checkFormat(_ root: FixtureNode) throws(FixtureError) {
    let format = try root.string("format")
    guard format == "rnn-parity-fixture" else {
      throw root.error(attribute: "format", expected: "\"rnn-parity-fixture\"", found: "\"\(format)\"")
    }
    let version = try root.int("format_version")
    guard version == 1 else {
      throw root.error(
        attribute: "format_version", expected: "1, the version that this program reads",
        found: "\(version)")
    }
  }

  private static func lengths(
    _ root: FixtureNode, input: BatchedSequence<Double>
  ) throws(FixtureError) -> [Int] {
    guard let lengths = try root.optionalIntegers("lengths", count: input.batch) else {
      return [Int](repeating: input.timesteps, count: input.batch)
    }
    if let b = lengths.firstIndex(where: { !(1...input.timesteps ~= $0) }) {
      throw root.error(
        "/lengths", expected: "1 to \(input.timesteps) valid steps", found: "\(lengths[b]) at [\(b)]")
    }
    return lengths
  }
}

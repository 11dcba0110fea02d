import HDF5
import Recurrent
import RecurrentConventions

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
    let root = FixtureNode(
      group: file.root, budget: ReadingBudget(file: path.description, bytes: memoryLimit))
    try Self.checkFormat(root)

    self.file = path.description
    name = try root.string("case")
    summary = try root.optionalString("description")
    seed = try root.optionalInt("seed")
    let input = try root.tensor("input", shape: [nil, nil, nil])
    guard input.format == .float32 || input.format == .float64 else {
      throw root.error(input.path, expected: "float32 or float64", found: input.format.name)
    }
    self.input = BatchedSequence(input)
    inputFormat = input.format
    lengths = try Self.lengths(root, input: self.input)
    try root.requireFinite(self.input, input, lengths: lengths)

    let references = try root.child("references")
    self.references = []
    for name in try references.names() {
      let reader = ReferenceReader(input: self.input, inputFormat: inputFormat, lengths: lengths)
      self.references.append(try reader.reference(name, in: try references.child(name)))
    }
    guard !self.references.isEmpty else {
      throw references.error(expected: "at least one reference", found: "none")
    }
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

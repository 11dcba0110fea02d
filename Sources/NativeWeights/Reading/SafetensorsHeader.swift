import RecurrentParity

/// The header of a `.safetensors` file: what arrays there are, and where.
///
/// Format: eight bytes with the header's length, little-endian; the header, JSON; then the arrays, without gaps and without
/// anything behind them. Source: huggingface/safetensors, `safetensors/src/tensor.rs`.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let type: String
    let shape: [Int]
    /// In bytes of the file.
    let range: Range<Int>
  }

  /// By name.
  let entries: [Entry]
  /// What a writer says beside.
  let metadata: [String: String]

  /// The longest header that the format's own library reads.
  static let mostBytes = 100_000_000
  private static let mostRank = 32

  init(_ file: FileBytes) throws(WeightFileError) {
    func error(_ path: String = "header", _ expected: String, _ found: String) -> WeightFileError {
      WeightFileError(file: file.name, path: path, expected: expected, found: found)
    }
    guard file.count >= 8 else { throw error("/", "at least 8 bytes", "\(file.count)") }
    let length = try file.bytes(0..<8, of: "header").reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= min(file.count - 8, Self.mostBytes) else {
      throw error(
        "header", "at most \(min(file.count - 8, Self.mostBytes)) bytes", "a header of \(length) bytes")
    }
    let start = 8 + Int(length)
    var raw: [RawEntry] = []
    var metadata: [String: String] = [:]
    do {
      var reader = JSONReader(try file.bytes(8..<start, of: "header"))
      try reader.object { (reader, name) throws(JSONFailure) in
        if name == "__metadata__" {
          // As MLX writes it.
          if reader.word("null") { return }
          try reader.object { (reader, name) throws(JSONFailure) in metadata[name] = try reader.string() }
        } else {
          raw.append(try RawEntry(name, &reader, mostRank: Self.mostRank))
        }
      }
      try reader.finish()
    } catch let failure as JSONFailure {
      throw error("header", failure.expected, failure.found)
    } catch let failure as WeightFileError {
      throw failure
    } catch {
      throw WeightFileError(file: file.name, path: "header", expected: "JSON", found: "\(error)")
    }
    self.metadata = metadata
    var entries: [Entry] = []
    var next = 0
    for entry in raw.sorted(by: { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }) {
      guard entry.begin <= entry.end, entry.end <= file.count - start else {
        throw error(
          entry.name, "data within the \(file.count - start) bytes behind the header",
          "data_offsets [\(entry.begin), \(entry.end)]")
      }
      guard entry.begin == next else {
        throw error(
          entry.name, "data that begin where those before end, at \(next)",
          "data_offsets [\(entry.begin), \(entry.end)]")
      }
      next = entry.end
      if let size = Self.elementSize(entry.type) {
        var bytes: Int? = size
        for length in entry.shape where bytes != nil {
          let (product, overflow) = (bytes ?? 0).multipliedReportingOverflow(by: length)
          bytes = overflow ? nil : product
        }
        guard bytes == entry.end - entry.begin else {
          throw error(
            entry.name, "\(bytes.map(String.init) ?? "more") bytes for \(entry.type) of shape \(entry.shape)",
            "\(entry.end - entry.begin)")
        }
      }
      entries.append(
        Entry(
          name: entry.name, type: entry.type, shape: entry.shape,
          range: start + entry.begin..<start + entry.end))
    }
    guard next == file.count - start else {
      throw error("/", "\(start + next) bytes, as the header says", "\(file.count)")
    }
    self.entries = entries.sorted { $0.name < $1.name }
  }

  private static func elementSize(_ type: String) -> Int? {
    switch type {
    case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0": 1
    case "I16", "U16", "F16", "BF16": 2
    case "I32", "U32", "F32": 4
    case "I64", "U64", "F64", "C64": 8
    default: nil
    }
  }
}

/// An entry as it stands in the header.
private struct RawEntry {
  let name: String
  var type = ""
  var shape: [Int] = []
  var begin = 0
  var end = 0

  init(_ name: String, _ reader: inout JSONReader, mostRank: Int) throws(JSONFailure) {
    self.name = name
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    func counts(_ reader: inout JSONReader, most: Int) throws(JSONFailure) -> [Int] {
      var counts: [Int] = []
      try reader.array { (reader) throws(JSONFailure) in
        guard counts.count < most else {
          throw JSONFailure(expected: "at most \(most) numbers for \"\(name)\"", found: "more")
        }
        counts.append(try reader.count())
      }
      return counts
    }
    try reader.object { (reader, member) throws(JSONFailure) in
      switch member {
      case "dtype": type = try reader.string()
      case "shape": shape = try counts(&reader, most: mostRank)
      case "data_offsets": offsets = try counts(&reader, most: 2)
      default:
        throw JSONFailure(
          expected: "dtype, shape and data_offsets of \"\(name)\"", found: "\"\(member)\"")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw JSONFailure(expected: "dtype, shape and two data_offsets of \"\(name)\"", found: "less")
    }
    (self.type, self.shape, begin, end) = (type, shape, offsets[0], offsets[1])
  }
}

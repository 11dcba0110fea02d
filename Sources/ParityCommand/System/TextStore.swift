import ParityReport
import RecurrentParity

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A text that is kept until its turn comes.
struct StoredText: Sendable {
  fileprivate enum Part: Sendable {
    case bytes([UInt8])
    case range(Range<Int>, of: TemporaryFile)
  }

  fileprivate var parts: [Part] = []

  init() {}

  init(_ entry: CaseReport, by renderer: any ReportRenderer) throws {
    try renderer.section(entry) { parts.append(.bytes(Array($0.utf8))) }
  }

  init(_ text: String) { self.init(Array(text.utf8)) }

  init(_ bytes: [UInt8]) { parts = [.bytes(bytes)] }

  /// The number of its bytes.
  var count: Int {
    parts.reduce(0) { count, part in
      switch part {
      case .bytes(let bytes): count + bytes.count
      case .range(let range, _): count + range.count
      }
    }
  }

  /// Its bytes, piece by piece.
  func forEach(_ body: ([UInt8]) throws(OutputError) -> Void) throws(OutputError) {
    for part in parts {
      switch part {
      case .bytes(let bytes): try body(bytes)
      case .range(let range, let file):
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 16) {
          try body(try file.bytes(in: start..<min(start + 1 << 16, range.upperBound)))
        }
      }
    }
  }
}

/// Where texts are kept: in memory as long as they are few, then in a file without a name.
struct TextStore {
  private static let mostMemory = 64 << 20

  private var used = 0
  private var file: TemporaryFile?
  private var fileSize = 0

  mutating func append(_ bytes: ArraySlice<UInt8>, to text: inout StoredText) throws(OutputError) {
    guard used + bytes.count > Self.mostMemory else {
      used += bytes.count
      return text.parts.append(.bytes(Array(bytes)))
    }
    guard let file = file ?? TemporaryFile() else { throw OutputError() }
    self.file = file
    guard bytes.withUnsafeBytes({ file.write($0, at: fileSize) }) else { throw OutputError() }
    text.parts.append(.range(fileSize..<fileSize + bytes.count, of: file))
    fileSize += bytes.count
  }
}

extension TemporaryFile {
  fileprivate func bytes(in range: Range<Int>) throws(OutputError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    let count = bytes.withUnsafeMutableBytes { read(into: $0, at: range.lowerBound) }
    guard count == range.count else { throw OutputError(count == nil ? errno : EIO) }
    return bytes
  }
}

import ParityReport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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
    case range(Range<Int>, of: Descriptor)
  }

  fileprivate var parts: [Part] = []

  init() {}

  init(_ entry: CaseReport, _ format: CaseFormat) throws {
    try format.write(entry) { parts.append(.bytes(Array($0.utf8))) }
  }

  init(_ text: String) { parts = [.bytes(Array(text.utf8))] }

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
  private var file: Descriptor?
  private var fileSize = 0

  mutating func append(_ bytes: ArraySlice<UInt8>, to text: inout StoredText) throws(OutputError) {
    guard used + bytes.count > Self.mostMemory else {
      used += bytes.count
      return text.parts.append(.bytes(Array(bytes)))
    }
    let file: Descriptor
    if let known = self.file { file = known } else { file = try Descriptor(temporary: ()) }
    self.file = file
    try file.write(Array(bytes))
    text.parts.append(.range(fileSize..<fileSize + bytes.count, of: file))
    fileSize += bytes.count
  }
}

extension Descriptor {
  /// A new file that nobody else can open, and that is gone when it is closed.
  fileprivate convenience init(temporary: Void) throws(OutputError) {
    let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var name = Array("\(folder)/parity-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw OutputError() }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = unlink(name)
    self.init(descriptor)
  }

  fileprivate func bytes(in range: Range<Int>) throws(OutputError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var count = 0
    while count < range.count {
      let more = bytes.withUnsafeMutableBytes {
        pread(number, $0.baseAddress.map { $0 + count }, range.count - count, off_t(range.lowerBound + count))
      }
      guard more > 0 else { throw OutputError(more < 0 ? errno : EIO) }
      count += more
    }
    return bytes
  }
}

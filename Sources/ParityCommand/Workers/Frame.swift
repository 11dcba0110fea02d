/// One message between the command and a worker: a kind, a length, and bytes.
struct Frame: Equatable, Sendable {
  enum Kind: UInt8 {
    // To a worker
    /// What it is to do with files, as JSON.
    case task
    /// Paths to do it with, each ended by a NUL.
    case files

    // From a worker
    /// A file is being read: the limit of its memory, a number of 8 bytes, and its path.
    case reads
    /// All of them have been read: how much had been done until then, a number of 8 bytes.
    case computes
    /// How much has been done since the start: a number of 8 bytes.
    case progress
    /// Some of a rendering of the case: its number among those asked for, then text.
    case text
    /// The case is complete: its summary, as JSON. None where a summary was not asked for.
    case told
    /// There is no case: the error, as JSON.
    case refused
    /// No more cases of these files.
    case done
    /// For long neither the processor nor a file had anything for it.
    case blocked
  }

  let kind: Kind
  var payload: [UInt8] = []

  /// Kind and length.
  private static let headerSize = 5

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerSize + payload.count)
    bytes.append(kind.rawValue)
    withUnsafeBytes(of: UInt32(payload.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += payload
    return bytes
  }

  /// Puts frames together from the pieces in which a pipe has them.
  struct Assembly {
    private var bytes: [UInt8] = []
    private var start = 0
    /// Whether something came that is no frame: a worker that writes such is out of its mind.
    private(set) var isBroken = false

    mutating func add(_ more: ArraySlice<UInt8>) {
      if start > 0 {
        bytes.removeFirst(start)
        start = 0
      }
      bytes += more
    }

    /// The next frame that is complete.
    mutating func next() -> Frame? {
      guard !isBroken, bytes.count - start >= headerSize else { return nil }
      guard let kind = Kind(rawValue: bytes[start]) else {
        isBroken = true
        return nil
      }
      let length = (1...4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * ($1 - 1)) }
      guard length <= Frame.mostPayload else {
        isBroken = true
        return nil
      }
      let end = start + headerSize + length
      guard bytes.count >= end else { return nil }
      defer { start = end }
      return Frame(kind: kind, payload: Array(bytes[start + headerSize..<end]))
    }
  }

  /// What is longer goes in several frames.
  static let mostPayload = 1 << 20
}

/// A message of Protocol Buffers while it is written, field by field.
///
/// Source: "Encoding", Protocol Buffers documentation.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ field: Int, _ value: Int) {
    key(field, 0)
    bytes += Self.varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func add(_ field: Int, _ value: Float) {
    key(field, 5)
    bytes += value.bitPattern.littleEndianBytes
  }

  mutating func add(_ field: Int, _ value: [UInt8]) {
    key(field, 2)
    bytes += Self.varint(UInt64(value.count)) + value
  }

  mutating func add(_ field: Int, _ value: String) { add(field, Array(value.utf8)) }

  /// A message in this one.
  mutating func add(_ field: Int, _ fill: (inout ProtobufMessage) -> Void) {
    var message = ProtobufMessage()
    fill(&message)
    add(field, message.bytes)
  }

  private mutating func key(_ field: Int, _ type: Int) { bytes += Self.varint(UInt64(field << 3 | type)) }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes): (UInt64, [UInt8]) = (value, [])
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}

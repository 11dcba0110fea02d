/// Names of places in the page.
enum Anchor {
  /// The same wherever the case is rendered, whatever its name holds.
  static func `case`(_ name: String, _ file: String) -> String {
    // FNV-1a: Fowler, Noll, Vo; draft-eastlake-fnv.
    let hash = (Array(file.utf8) + [0] + Array(name.utf8)).reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    return "c-" + String(hash, radix: 36)
  }

  static func formula(_ convention: String, _ cell: String) -> String { "f-\(convention)-\(cell)" }
}

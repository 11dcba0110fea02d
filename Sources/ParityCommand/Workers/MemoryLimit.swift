/// The memory that a worker may have for a file.
struct MemoryLimit {
  let bytes: Int

  /// - Parameter chosen: the user's own.
  init(_ chosen: Int?) {
    bytes = chosen ?? Self.usual
  }

  static let usual = 1 << 30
}

/// How many different roundings there are among some elements, as far as that matters: from 64 on the limit of their
/// root mean square no longer depends on it.
struct DistinctRoundings: Sendable {
  private static let most = 64
  private var values: Set<Double> = []

  /// Whether there are so many that further ones say nothing.
  var areMany: Bool { values.count >= Self.most }

  mutating func add(_ effective: Double) {
    if !areMany { values.insert(effective) }
  }

  var count: Int { values.count }
}

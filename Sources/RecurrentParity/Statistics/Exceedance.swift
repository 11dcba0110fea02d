import RealModule

/// How many elements have an ε above a limit that is only known when all were seen.
///
/// Counted in bins of a sixteenth of an octave from the lowest limit on, so a higher limit is met to within 5 %.
struct Exceedance: Sendable {
  private static let binsPerOctave = 16.0
  /// Up to 2³², beyond which nothing is told apart.
  private static let octaves = 27
  /// Elements beyond their bound, which exceed every limit.
  private var proven = 0
  private var bins = [Int](repeating: 0, count: Self.octaves * Int(Self.binsPerOctave) + 1)

  mutating func add(effective: Double, isBeyondBound: Bool) {
    if isBeyondBound {
      proven += 1
    } else if !(effective <= RoundoffThreshold.element) {
      bins[bin(effective)] += 1
    }
  }

  mutating func add(_ other: Exceedance) {
    proven += other.proven
    for index in bins.indices { bins[index] += other.bins[index] }
  }

  func count(above limit: Double) -> Int {
    let first = limit <= RoundoffThreshold.element ? 0 : bin(limit) + 1
    return proven + (first < bins.count ? bins[first...].reduce(0, +) : 0)
  }

  private func bin(_ effective: Double) -> Int {
    let octaves = Double.log2(effective / RoundoffThreshold.element)
    guard octaves.isFinite else { return bins.count - 1 }
    return min(max(Int(octaves * Self.binsPerOctave), 0), bins.count - 1)
  }
}

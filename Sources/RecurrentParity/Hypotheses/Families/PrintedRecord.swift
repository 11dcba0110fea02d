import RealModule
import Recurrent

/// A record that was printed in decimal, which the file does not declare.
extension HypothesisCatalogue {
  /// Every recorded state is a multiple of a power of ten: by chance no run's are.
  var printedRecord: [Hypothesis] {
    guard problem.printing == 0, let decimals = problem.judgedStates.decimals else { return [] }
    let printing = 0.5 * Double.pow(10, -decimals)
    return [
      Hypothesis(
        Mistake(.statesPrinted, "\(decimals)-decimals"), .record, .problem { $0.printing = printing })
    ]
  }
}

extension [RecordedSequence] {
  /// To how many decimals the values were rounded, all but the few that a hand gave one more; nil where that would be
  /// chance.
  fileprivate var decimals: Int? {
    // Of each number of decimals, how many values need as many.
    var counts = [Int](repeating: 0, count: Self.mostDecimals + 1)
    for sequence in self {
      for times in sequence.windows() {
        for value in sequence.window(times).elements where value != 0 {
          guard let needed = (1...Self.mostDecimals).first(where: value.isRounded) else { return nil }
          counts[needed] += 1
        }
      }
    }
    let count = counts.reduce(0, +)
    guard count >= Self.fewestValues else { return nil }
    return counts.indices.first { 16 * counts[...$0].reduce(0, +) >= 15 * count }
  }

  /// Of more, Float32 states of 1 are multiples of 10⁻⁷ anyway.
  private static var mostDecimals: Int { 6 }
  private static var fewestValues: Int { 12 }
}

extension Double {
  /// Up to the rounding of Float32, which the value was stored in.
  fileprivate func isRounded(_ decimals: Int) -> Bool {
    let scaled = self * Double.pow(10, decimals)
    return (scaled - scaled.rounded()).magnitude <= scaled.magnitude * 0x1p-24
  }
}

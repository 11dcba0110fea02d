import RealModule
import Recurrent

extension RecordedPass {
  /// How far each recorded state may be from the run's because it was printed in decimal; 0 where it was not.
  var printing: Double { decimals.map { 0.5 * Double.pow(10, -$0) } ?? 0 }
}

extension RecordedLayer {
  /// The same of its output.
  var printing: Double { passes.map(\.printing).max() ?? 0 }

  /// The same of what its recorded states merge to.
  var mergedPrinting: Double {
    guard printing > 0, passes.count == 2 else { return printing }
    switch merge {
    case .concat, .ave: return printing
    case .sum: return 2 * printing
    case .mul:
      let largest = passes.map { $0.states.h?.largestMagnitude ?? 0 }
      return printing * (largest.reduce(0, +) + printing)
    }
  }
}

extension RecordedSequence {
  /// Of the finite values.
  fileprivate var largestMagnitude: Double {
    windows().reduce(0) { largest, times in
      window(times).elements.reduce(largest) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    }
  }
}

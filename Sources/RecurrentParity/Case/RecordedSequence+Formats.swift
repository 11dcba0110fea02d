import Recurrent

extension Sequence<RecordedSequence> {
  /// The formats coarser than `format` that hold every finite value, the coarsest first.
  func formats(coarserThan format: FloatFormat) -> [FloatFormat] {
    var formats = [FloatFormat.bfloat16, .float16, .float32].filter {
      $0.unitRoundoff > format.unitRoundoff
    }
    for sequence in self {
      for times in sequence.windowsOfSearch where !formats.isEmpty {
        let values = sequence.window(times).elements
        formats.removeAll { !$0.holds(allFiniteOf: values) }
      }
    }
    return formats
  }

  /// Whether there are as many different values as `count`, each finite and none of them 0 or ±1, which every format
  /// holds.
  func haveTellingValues(_ count: Int) -> Bool {
    var telling: Set<Double> = []
    for sequence in self {
      for times in sequence.windowsOfSearch {
        for value in sequence.window(times).elements
        where value.isFinite && value != 0 && value.magnitude != 1 {
          telling.insert(value)
          if telling.count >= count { return true }
        }
      }
    }
    return false
  }
}

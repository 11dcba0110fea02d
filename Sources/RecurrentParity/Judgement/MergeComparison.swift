import Recurrent

/// A recorded output and what the recorded states merge to.
struct MergeComparison {
  let output: RecordedSequence
  let merged: RecordedSequence
  /// By how much the output of an honest run may differ from the exact one.
  let radius: RecordedSequence
  let printing: Double

  /// The first element that no two honest runs can differ by.
  func firstBeyond(valid: ValidSteps) -> FlaggedElement? {
    for times in output.windows() {
      let (output, merged, radius) = (output.window(times), merged.window(times), radius.window(times))
      for t in times {
        for b in 0..<output.batch where valid.contains(t, b) {
          let range = output.range(t - times.lowerBound, b)
          for index in range where output.elements[index] != merged.elements[index] {
            let residual = (output.elements[index] - merged.elements[index]).magnitude
            // A bound that is not a number: the run may have overflowed, and nothing is decided.
            let allowed = 2 * radius.elements[index] + printing
            guard !(residual <= allowed), !allowed.isNaN else { continue }
            return FlaggedElement(
              timestep: t, batch: b, unit: index - range.lowerBound, state: .h, residual: residual,
              bound: allowed)
          }
        }
      }
    }
    return nil
  }
}

import Recurrent

/// Sequences without a valid step that were run over all the same: what was returned of them is where the formula's own
/// run over their padding ends.
extension StepwiseProblem {
  /// Nil where some returned state of them is another, or too little pins it down.
  ///
  /// - Parameter input: with what stands in the padding.
  func runOverEmptySequences(_ input: RecordedSequence, format: FloatFormat, at place: FindingPlace)
    -> Finding?
  {
    let empty = (0..<valid.batch).filter { valid.last($0, direction) == nil }
    let timesteps = valid.timesteps
    let wrong = emptySequenceContradictions(format: format)
    guard !wrong.isEmpty else { return nil }
    var problem = self
    problem.valid = ValidSteps(
      mask: (0..<timesteps).flatMap { _ in (0..<valid.batch).map(empty.contains) }, timesteps: timesteps,
      batch: valid.batch)
    problem.input = LayerInput(values: input)
    problem.chosen = nil
    let run = problem.propagated(in: ErrorModel(format))
    guard let last = direction.times(timesteps).last, run.isTelling(last) else { return nil }
    var (ratio, telling) = (0.0, 0)
    for kind in StateKind.allCases {
      guard let final = finalState[kind], let states = run.states[kind] else { continue }
      let window = states.window(last..<last + 1)
      for b in empty {
        let start = initialState?[kind]?.row(b) ?? ArraySlice(repeating: 0, count: final.columns)
        for ((value, index), declared) in zip(
          zip(final.row(b), window.range(StepIndex(t: last, b: b))), start)
        {
          let radius = window.radius.elements[index]
          let residual = (value - window.midpoint.elements[index]).magnitude
          guard residual <= radius else { return nil }
          ratio = max(ratio, residual / radius)
          // What the declared state is as near to says nothing.
          if (value - declared).magnitude > Self.pinning * radius { telling += 1 }
        }
      }
    }
    guard telling >= Self.fewestTelling else { return nil }
    return Finding(
      .mistake([Mistake(.lengthsIgnored, "empty sequences")]), explains: .all,
      at: place.at(timesteps: wrong.map(\.element.timestep), sequences: empty), maxBoundRatio: ratio)
  }

  /// A value that the declared state is so many radii away from lies within one radius by chance in one case of as many.
  private static let pinning = 256.0
  /// So many of those together, of a foreign run, in one of 2³².
  private static let fewestTelling = 4
}

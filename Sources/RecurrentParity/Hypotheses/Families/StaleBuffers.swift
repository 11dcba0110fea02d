import Recurrent

/// Recurrent products that are added to those of the steps before, in a buffer that nobody clears.
///
/// The step reads the sum of all earlier pasts beside its own, by the same weights.
extension HypothesisCatalogue {
  var staleBuffers: [Hypothesis] {
    // The first step finds the buffer empty.
    let firsts = problem.firstSteps.map(\.t)
    guard let first = problem.direction == .forward ? firsts.min() : firsts.max(),
      !context.flagged.contains(first), problem.valid.timesteps > 1,
      problem.input.values.timesteps * problem.valid.batch * cell.stateSize <= Self.mostStaleValues,
      let input = staleInput
    else { return [] }
    var scopes: [(name: String?, kinds: Set<GateKind>)] = [(nil, Set(cell.gates.map(\.kind)))]
    if cell.kind == .gru { scopes.insert((context.letter(of: .new), [.new]), at: 0) }
    return scopes.compactMap { name, kinds in
      cell.readingAddedState(kinds).map { changed in
        Hypothesis(
          Mistake(.staleBuffer, name), [.input, .parameters, .reset],
          .problem { problem in
            problem.input = input
            problem.cell = changed
          })
      }
    }
  }

  private static var mostStaleValues: Int { 1 << 22 }

  /// The input with the sums of all earlier pasts behind it.
  private var staleInput: LayerInput? {
    guard let pasts = problem.pasts?.whole else { return nil }
    let arithmetic = ErrorModel(context.format)
    var (sums, radius, scale) = (pasts, pasts, pasts)
    for b in 0..<problem.valid.batch {
      var (sum, magnitude, squares) = (zeros, zeros, zeros)
      for (order, t) in problem.valid.times(b, problem.direction).enumerated() {
        let range = pasts.range(t, b)
        // Every product is a term of one long inner product, in whatever order it was summed.
        let terms = Double(order * (cell.stateSize + 1))
        sums.elements.replaceSubrange(range, with: sum)
        radius.elements.replaceSubrange(
          range, with: magnitude.map { (terms * arithmetic.termRoundoff + arithmetic.recordedRoundoff) * $0 })
        scale.elements.replaceSubrange(
          range, with: squares.map { arithmetic.scaleRoundoff * $0.squareRoot() })
        for (k, past) in pasts.elements[range].enumerated() {
          sum[k] += past
          magnitude[k] += past.magnitude
          squares[k] += sum[k] * sum[k]
        }
      }
    }
    return problem.input.adding(
      RecordedSequence(sums), radius: RecordedSequence(radius), scale: RecordedSequence(scale),
      in: arithmetic)
  }

  private var zeros: [Double] { [Double](repeating: 0, count: cell.stateSize) }
}

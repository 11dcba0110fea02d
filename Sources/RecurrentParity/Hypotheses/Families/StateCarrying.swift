import Recurrent

/// States that are lost between steps.
extension HypothesisCatalogue {
  /// After every step.
  var carryings: [Hypothesis] { losing(every: 1) { Mistake(.stateNotCarried, $0) } }

  /// Every so many steps: as many as are right at first.
  var resets: [Hypothesis] {
    let longest = problem.valid.counts.max() ?? 0
    let orders = context.flagged.map { problem.direction == .forward ? $0 : longest - 1 - $0 }
    guard let right = orders.min(), right > 1, right < longest else { return [] }
    return losing(every: right) { Mistake(.stateReset, "\($0) every \(right) steps") }
  }

  /// - Parameter mistake: from what is lost, in words.
  private func losing(every: Int, _ mistake: (String) -> Mistake) -> [Hypothesis] {
    let zeros = cell.zeroState(batch: problem.valid.batch)
    let startsFromZero = (problem.initialState ?? zeros) == zeros
    let losses: [(name: String, lost: Set<StateKind>)] =
      cell.kind == .lstm ? [("h and c", [.h, .c]), ("h", [.h]), ("c", [.c])] : [("h", [.h])]
    return losses.flatMap { name, lost in
      [false, true].compactMap { isZeroed -> Hypothesis? in
        // From zeros the two are one.
        guard !isZeroed || !startsFromZero else { return nil }
        let carrying = Carrying(every: every, lost: lost, isZeroed: isZeroed)
        return Hypothesis(
          mistake(name + (isZeroed ? " (to zeros)" : "")), .carrying, .problem { $0.carrying = carrying })
      }
    }
  }
}

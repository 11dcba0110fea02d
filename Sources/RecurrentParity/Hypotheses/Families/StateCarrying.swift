import Recurrent

/// States that are lost between steps.
extension HypothesisCatalogue {
  /// After every step.
  var carryings: [Hypothesis] { losing(.every(1)) { Mistake(.stateNotCarried, $0) } }

  /// Every so many steps: as many as are right at first.
  var resets: [Hypothesis] {
    let longest = problem.valid.counts.max() ?? 0
    let orders = context.flagged.map { problem.direction == .forward ? $0 : longest - 1 - $0 }
    guard let right = orders.min(), right > 1, right < longest else { return [] }
    return losing(.every(right)) { Mistake(.stateReset, "\($0) every \(right) steps") } + irregularResets
  }

  /// Before the steps that are wrong, where those are few: with its past recorded, every other one is right.
  private var irregularResets: [Hypothesis] {
    let times = context.flagged
    guard problem.isTeacherForced, !times.isEmpty, 2 * times.count <= problem.valid.timesteps,
      times.count * problem.valid.batch <= Self.mostResets
    else { return [] }
    let steps = StepIndex.all(problem.valid).filter { times.contains($0.t) }
    let result = problem.sampled(steps).evaluated(in: ErrorModel(context.format))
    // A row of the sample is a sequence of its own.
    let wrong = Set(result.steps.indices.filter(result.isBeyond(row:)).map { steps[result.steps[$0].b] })
    guard !wrong.isEmpty, wrong.isDisjoint(with: problem.firstSteps) else { return [] }
    let all = Set(wrong.map(\.t)).sorted()
    let places = all.prefix(8).map(String.init).joined(separator: ", ") + (all.count > 8 ? ", …" : "")
    let count = wrong.count == 1 ? "one step" : "\(wrong.count) steps"
    return losing(.before(wrong)) {
      Mistake(.stateReset, "\($0) before \(count)", detail: "These are steps of t = \(places)")
    }
  }

  /// More steps than these are not looked at one by one.
  private static var mostResets: Int { 4096 }

  /// - Parameter mistake: from what is lost, in words.
  private func losing(_ moments: Carrying.Moments, _ mistake: (String) -> Mistake) -> [Hypothesis] {
    let zeros = cell.zeroState(batch: problem.valid.batch)
    let startsFromZero = (problem.initialState ?? zeros) == zeros
    let losses: [(name: String, lost: Set<StateKind>)] =
      cell.kind == .lstm ? [("h and c", [.h, .c]), ("h", [.h]), ("c", [.c])] : [("h", [.h])]
    return losses.flatMap { name, lost in
      [false, true].compactMap { isZeroed -> Hypothesis? in
        // From zeros the two are one.
        guard !isZeroed || !startsFromZero else { return nil }
        let carrying = Carrying(moments: moments, lost: lost, isZeroed: isZeroed)
        return Hypothesis(
          mistake(name + (isZeroed ? " (to zeros)" : "")), .carrying, .problem { $0.carrying = carrying })
      }
    }
  }
}

extension StepwiseResult {
  /// Whether an element of the row is beyond its bound.
  fileprivate func isBeyond(row: Int) -> Bool {
    states.contains { state in
      let width = state.elements.width
      return (row * width..<(row + 1) * width).contains {
        state.elements.residual[$0] > state.elements.bound[$0]
      }
    }
  }
}

import Recurrent

/// Steps at which nothing was computed, and that no mask declares.
extension HypothesisCatalogue {
  /// Those whose state is the one before, or zero.
  var passedOver: [Hypothesis] {
    guard problem.target.h != nil else { return [] }
    let steps = problem.windows.ranges.flatMap { times -> [StepIndex] in
      guard times.contains(where: context.flagged.contains) else { return [] }
      let window = ProblemWindow(problem, times)
      return window.steps.filter { step in
        guard context.flagged.contains(step.t), let row = window.recorded(.h, step) else { return false }
        return row.allSatisfy { $0 == 0 } || (window.past(.h, step).map { row.elementsEqual($0) } ?? false)
      }
    }
    guard !steps.isEmpty, steps.count < problem.stepCount else { return [] }
    let (passed, valid) = (Set(steps), problem.valid)
    let mask = (0..<valid.timesteps).flatMap { t in
      (0..<valid.batch).map { valid.contains(t, $0) && !passed.contains(StepIndex(t: t, b: $0)) }
    }
    let rest = ValidSteps(mask: mask, timesteps: valid.timesteps, batch: valid.batch)
    return [
      Hypothesis(
        Mistake(.stepsPassedOver, "\(steps.count)"), .time,
        fit: .init(elements: steps.count * cell.stateSize, steps: passed, isLocal: true),
        .problem { problem in
          problem.valid = rest
          problem.chosen = nil
        })
    ]
  }
}

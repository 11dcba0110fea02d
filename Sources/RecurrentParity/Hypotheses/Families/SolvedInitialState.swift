import Recurrent

/// An initial state that nothing declares, found from the first steps.
extension HypothesisCatalogue {
  var solvedInitialStates: [Hypothesis] {
    let firsts = problem.firstSteps
    // With its past recorded, only what begins there can fail.
    if problem.isTeacherForced {
      guard !context.flagged.isEmpty, context.flagged.isSubset(of: Set(firsts.map(\.t))) else { return [] }
    } else {
      guard problem.previous.h != nil else { return [] }
    }
    guard let (state, steps) = InitialStateSolver(problem).solved() else { return unsolved(firsts) }
    let own = problem.initialState ?? cell.zeroState(batch: problem.valid.batch)
    let kinds = StateKind.allCases.filter { state[$0] != own[$0] }
    guard let last = kinds.last, let b = firsts.first?.b, let row = state[last]?.row(b) else { return [] }
    let values = row.prefix(3).map { "\((1000 * $0).rounded() / 1000)" } + (row.count > 3 ? ["…"] : [])
    let name = kinds.map(\.rawValue).joined(separator: " and ")
    let elements = firsts.count * kinds.reduce(0) { $0 + (state[$1]?.columns ?? 0) }
    return [
      Hypothesis(
        Mistake(
          .initialStateOther, name,
          detail: "In sequence \(b) it was \(last.rawValue) = [\(values.joined(separator: ", "))]"),
        .initialState, fit: .init(elements: elements, steps: steps, isLocal: true),
        .problem { $0.initialState = state })
    ]
  }

  /// Where it can't be solved for, what begins there is left out.
  private func unsolved(_ firsts: [StepIndex]) -> [Hypothesis] {
    guard problem.isTeacherForced else { return [] }
    let elements = firsts.count * StateKind.allCases.reduce(0) { $0 + (problem.target[$1]?.features ?? 0) }
    return [
      Hypothesis(
        Mistake(.initialStateOther, "not solved for"), .initialState,
        fit: .init(elements: elements, steps: Set(firsts), isLocal: true),
        .problem { problem in
          let begins = Set(problem.firstSteps)
          problem.chosen = StepIndex.all(problem.valid).filter { !begins.contains($0) }
        })
    ]
  }
}

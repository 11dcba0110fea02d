import Recurrent

extension StepwiseProblem {
  /// The shape of a residual: which elements are beyond their bound, and what that looks like; nil where none is.
  func remainder(of assessment: Assessment, at place: FindingPlace) -> Finding? {
    var elements: [(step: StepIndex, kind: StateKind, unit: Int)] = []
    var count = 0
    for (kind, results) in assessment.result.states {
      count += results.residual.count
      for (row, step) in assessment.result.steps.enumerated() {
        for unit in 0..<results.width {
          let index = row * results.width + unit
          if results.isJudgeable[index], !(results.residual[index] <= results.bound[index]) {
            elements.append((step, kind, unit))
          }
        }
      }
    }
    guard !elements.isEmpty else { return nil }
    let beyond = place.at(
      timesteps: elements.map(\.step.t), sequences: elements.map(\.step.b), units: elements.map(\.unit))
    let width = assessment.result.states.map(\.elements.width).max() ?? 0
    let allTimes = Set(assessment.result.steps.map(\.t)).sorted()
    return Finding(
      .remainder(
        RemainderShape(
          pattern(
            of: beyond, isNearlyAll: 10 * elements.count >= 9 * count, width: width,
            inOrder: direction == .forward ? allTimes : allTimes.reversed()),
          elements: elements.count, of: count,
          cellStateAgrees: assessment.result.states.count == 2 && elements.allSatisfy { $0.kind == .h })),
      at: beyond)
  }

  /// - Parameters:
  ///   - isNearlyAll: whether nine tenths of all elements are beyond their bound.
  ///   - width: how many units there are.
  ///   - times: all judged timesteps, in processing order.
  private func pattern(
    of place: FindingPlace, isNearlyAll: Bool, width: Int, inOrder times: [Int]
  ) -> RemainderShape.Pattern {
    let first = times.firstIndex { place.timesteps.contains($0) } ?? 0
    if place.timesteps.count == 1, place.sequences.count == 1 {
      return place.units.count == 1 ? .spike : .stepOfOneSequence
    }
    if place.units.count == 1, width > 1 { return .oneUnit }
    if place.timesteps.count == 1 { return .oneTimestep }
    if isNearlyAll { return .everything }
    if first > 0, 10 * place.timesteps.count >= 9 * (times.count - first) {
      return .everythingFrom(timestep: times[first])
    }
    return place.sequences.count < valid.batch ? .someSequences : .scattered
  }
}

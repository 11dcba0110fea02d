import Recurrent

extension StepwiseProblem {
  /// The shape of a residual: which elements are beyond their bound, and what that looks like; nil where none is.
  func remainder(of assessment: Assessment, at place: FindingPlace) -> Finding? {
    let beyond = assessment.beyond
    guard beyond.count > 0 else { return nil }
    let place = place.at(timesteps: beyond.timesteps, sequences: beyond.sequences, units: beyond.units)
    let times = assessment.judgedTimesteps
    return Finding(
      .remainder(
        RemainderShape(
          pattern(
            of: place, isNearlyAll: 10 * beyond.count >= 9 * assessment.elementCount,
            width: assessment.width, inOrder: direction == .forward ? times : times.reversed()),
          elements: beyond.count, of: assessment.elementCount,
          cellStateAgrees: target.h != nil && target.c != nil && beyond.kinds == [.h])),
      at: place)
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

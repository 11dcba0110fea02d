import Recurrent

extension StepwiseProblem {
  /// The shape of a residual: which elements are beyond their bound, and what that looks like; nil where none is.
  func remainder(of assessment: Assessment, at place: FindingPlace) -> Finding? {
    let beyond = assessment.beyond
    guard beyond.count > 0 else { return nil }
    let place = place.at(timesteps: beyond.timesteps, sequences: beyond.sequences, units: beyond.units)
    let times = assessment.judgedTimesteps
    let extent = RemainderExtent(
      place: place, count: beyond.count, of: assessment.elementCount, width: assessment.width,
      batch: valid.batch, times: direction == .forward ? times : times.reversed(),
      isCarried: !isTeacherForced)
    var shape = RemainderShape(extent.pattern, elements: beyond.count, of: assessment.elementCount)
    shape.firstStep = firstStep(beyond, extent)
    shape.isCarried = !isTeacherForced
    if target.h != nil, target.c != nil {
      let off = beyond.unitsOfC
      shape.cellState = RemainderShape.CellState(
        off: off.sorted(), right: beyond.units.subtracting(off).sorted())
    }
    return Finding(.remainder(shape), at: place)
  }

  private func firstStep(_ beyond: BeyondBound, _ extent: RemainderExtent) -> RemainderShape.FirstStep? {
    if beyond.countOfFirstSteps == beyond.count { return valid.timesteps > 1 ? .alone : nil }
    if beyond.countOfFirstSteps > 0, startsFromZeros, [.everything, .throughout].contains(extent.pattern) {
      return .wrongFromZeros
    }
    guard beyond.countOfFirstSteps == 0, extent.isAllButTheFirstStep, extent.pattern != .spike else {
      return nil
    }
    return startsFromZeros ? .rightFromZeros(idle: idleFromZeros) : .rightFromState
  }

  var startsFromZeros: Bool {
    StateKind.allCases.allSatisfy { initialState?[$0]?.elements.allSatisfy { $0 == 0 } ?? true }
  }

  /// The gates that make no difference to a step from zeros: what is forgotten or reset there is zero.
  private var idleFromZeros: [GateKind] {
    switch cell {
    case .rnn: []
    case .lstm(let cell): cell.inputForget ? [] : [.forget]
    case .gru(let cell):
      cell.resetAfter && (cell.new.biasHH?.contains { $0 != 0 } ?? false) ? [] : [.reset]
    }
  }
}

/// Which of a pass's elements are beyond their bound, as far as a pattern needs to know.
private struct RemainderExtent {
  let place: FindingPlace
  let count: Int
  let of: Int
  /// How many units there are.
  let width: Int
  let batch: Int
  /// All judged timesteps, in processing order.
  let times: [Int]
  /// Whether c is carried along, so that one wrong state shows at many steps.
  let isCarried: Bool

  var pattern: RemainderShape.Pattern {
    if place.timesteps.count == 1, place.sequences.count == 1 {
      return place.units.count == 1 ? .spike : .stepOfOneSequence
    }
    if isCarried, let until { return .everythingUntil(timestep: until) }
    if place.units.count == 1, width > 1 { return .oneUnit }
    if place.timesteps.count == 1 { return .oneTimestep }
    if 10 * count >= 9 * of { return .everything }
    if first > 0, 10 * place.timesteps.count >= 9 * (times.count - first) {
      return .everythingFrom(timestep: times[first])
    }
    if let until { return .everythingUntil(timestep: until) }
    if place.sequences.count < batch { return .someSequences }
    if 2 * place.timesteps.count <= times.count, isDense(of: place.timesteps.count, times.count) {
      return .someTimesteps
    }
    if 2 * place.units.count <= width, isDense(of: place.units.count, width) { return .someUnits }
    return 10 * place.timesteps.count >= 9 * times.count && place.units.count == width
      ? .throughout : .scattered
  }

  /// The place in processing order of the first timestep that is off.
  private var first: Int { times.firstIndex { place.timesteps.contains($0) } ?? 0 }

  /// The last timestep that is off, where nearly all up to it are and some behind it are not.
  private var until: Int? {
    guard first == 0, let last = times.lastIndex(where: { place.timesteps.contains($0) }), last > 0,
      last + 1 < times.count, 10 * place.timesteps.count >= 9 * (last + 1)
    else { return nil }
    return times[last]
  }

  /// Whether nearly every timestep is off but the first one.
  var isAllButTheFirstStep: Bool {
    first == 1 && 10 * place.timesteps.count >= 9 * (times.count - 1)
  }

  /// Whether half of the elements are beyond their bound of as large a part of all.
  private func isDense(of part: Int, _ all: Int) -> Bool { 2 * count * all >= of * part }
}

import Recurrent

extension StepwiseProblem {
  /// Whether nothing was computed: recorded states of zero, of sums without a single term that is not zero. Any
  /// formula gives them, so they are evidence of none.
  var isTrivial: Bool {
    let gates = cell.gates.map(\.gate)
    let hasBias = gates.contains { !($0.biasIH ?? []).areZero || !($0.biasHH ?? []).areZero }
    let startsFromZero = initialState.map { $0.h.elements.areZero && ($0.c?.elements ?? []).areZero } ?? true
    guard !hasBias, startsFromZero, target.isZero, returned?.isZero ?? true else { return false }
    return gates.allSatisfy { $0.weightIH.elements.areZero } || input.values.isZero
  }
}

extension RecordedStates {
  fileprivate var isZero: Bool { StateKind.allCases.allSatisfy { self[$0]?.isZero ?? true } }
}

extension ReturnedState {
  var isZero: Bool { StateKind.allCases.allSatisfy { (self[$0]?.elements ?? []).areZero } }
}

extension RecordedSequence {
  fileprivate var isZero: Bool { windows().allSatisfy { window($0).elements.areZero } }
}

extension [Double] {
  fileprivate var areZero: Bool { allSatisfy { $0 == 0 } }
}

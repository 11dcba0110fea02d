import Recurrent

/// Recorded units in another order than the weights have them: the first steps, which start from what is declared, show
/// which is which.
extension HypothesisCatalogue {
  var permutedUnits: [Hypothesis] {
    guard problem.input.spread == nil, cell.weightHR == nil, hasFrameworkFormula,
      let recorded = problem.target.h, 2...Self.mostUnits ~= recorded.features
    else { return [] }
    let firsts = problem.firstSteps.compactMap { RecordedStep($0, of: problem) }
    guard !firsts.isEmpty, let order = order(of: firsts), order != Array(order.indices) else { return [] }
    let name = rotation(order).map { "rotated by \($0)" } ?? "in another order"
    let shown = order.prefix(16).map(String.init).joined(separator: ", ") + (order.count > 16 ? ", …" : "")
    let fit = Hypothesis.Fit(elements: order.count, steps: Set(firsts.map(\.index)))
    func hypothesis(_ name: String, _ kinds: Set<StateKind>) -> Hypothesis {
      Hypothesis(
        Mistake(.unitsPermuted, name, detail: "What is recorded as units 0, 1, … is units \(shown)"), .record,
        fit: fit, .problem { $0.restoreUnits(recordedAs: order, of: kinds) })
    }
    guard problem.target.c != nil else { return [hypothesis(name, [.h])] }
    return [hypothesis(name, [.h, .c]), hypothesis(name + ", of h alone", [.h])]
  }

  private static var mostUnits: Int { 256 }

  /// Of each recorded unit the one that the formula has it for; nil where the two do not pair off.
  private func order(of firsts: [RecordedStep]) -> [Int]? {
    let formula = firsts.map { Array($0.next(cell, inputs: [$0.x]).h.row(0)) }
    let units = 0..<cell.stateSize
    var left = Set(units)
    var order: [Int] = []
    for unit in units {
      let fitting = left.filter { other in
        firsts.indices.allSatisfy {
          (firsts[$0].target.h[unit] - formula[$0][other]).magnitude < fittingTolerance
        }
      }
      guard fitting.count == 1, let other = fitting.first else { return nil }
      left.remove(other)
      order.append(other)
    }
    return order
  }

  /// By how many places the units were moved on; nil where that is not all.
  private func rotation(_ order: [Int]) -> Int? {
    let count = order.count
    return order.indices.allSatisfy { order[$0] == (order[0] + $0) % count }
      ? (count - order[0]) % count : nil
  }
}

extension StepwiseProblem {
  /// Puts recorded unit k back to where `order[k]` says.
  fileprivate mutating func restoreUnits(recordedAs order: [Int], of kinds: Set<StateKind>) {
    var source = order
    for (recorded, unit) in order.enumerated() { source[unit] = recorded }
    func restored(_ sequence: RecordedSequence) -> RecordedSequence {
      sequence.mapped { [source] _, window in
        stride(from: 0, to: window.elements.count, by: source.count).flatMap { start in
          source.map { window.elements[start + $0] }
        }
      }
    }
    func restored(_ states: RecordedStates) -> RecordedStates {
      RecordedStates(
        h: kinds.contains(.h) ? states.h.map(restored) : states.h,
        c: kinds.contains(.c) ? states.c.map(restored) : states.c)
    }
    target = restored(target)
    previous = restored(previous)
    returned = returned.map(restored)
    func restored(_ rows: Matrix<Double>?) -> Matrix<Double>? {
      rows.map { matrix in
        Matrix(
          rows: matrix.rows, columns: matrix.columns,
          elements: (0..<matrix.rows).flatMap { row in source.map { matrix[row, $0] } })
      }
    }
    finalState = ReturnedState(
      h: kinds.contains(.h) ? restored(finalState.h) : finalState.h,
      c: kinds.contains(.c) ? restored(finalState.c) : finalState.c)
  }
}

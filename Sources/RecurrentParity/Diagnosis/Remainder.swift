import Recurrent

/// The shape of a residual: which elements carry it, and what that looks like.
struct Remainder {
  let text: String

  /// Nil where no element is beyond its bound.
  init?(_ assessment: Assessment, direction: Direction, lengths: [Int]) {
    var elements: [(step: StepIndex, kind: StateKind, unit: Int)] = []
    var count = 0
    for (kind, results) in assessment.result.states {
      count += results.residual.count
      for (row, step) in assessment.result.steps.enumerated() {
        for unit in 0..<results.width {
          let index = row * results.width + unit
          if results.isFinite[index], !(results.residual[index] <= results.bound[index]) {
            elements.append((step, kind, unit))
          }
        }
      }
    }
    guard !elements.isEmpty else { return nil }
    let units = Set(elements.map(\.unit)).sorted()
    let times = Set(elements.map(\.step.t)).sorted()
    let sequences = Set(elements.map(\.step.b)).sorted()
    let allTimes = Set(assessment.result.steps.map(\.t)).sorted()
    let width = assessment.result.states.map(\.elements.width).max() ?? 0

    let ordered = direction == .forward ? allTimes : allTimes.reversed()
    let first = ordered.first { times.contains($0) } ?? 0
    let tail = ordered[(ordered.firstIndex(of: first) ?? 0)...]
    let shape: String
    if times.count == 1, sequences.count == 1 {
      shape = units.count == 1 ? "one spike" : "one step of one sequence"
    } else if units.count == 1, width > 1 {
      shape = "one unit: a row of weights or a bias of it"
    } else if times.count == 1 {
      shape = "one timestep"
    } else if 10 * elements.count >= 9 * count {
      shape = "everything"
    } else if first != ordered.first, 10 * times.count >= 9 * tail.count {
      shape = "everything from t = \(first) on: something changed during the run"
    } else if sequences.count < lengths.count {
      shape = "some sequences only"
    } else {
      shape = "scattered"
    }
    var text =
      "beyond the bound: \(shape); \(elements.count) of \(count) elements, units \(Self.listed(units)), "
      + "t \(Self.listed(times)), sequences \(Self.listed(sequences))"
    let kinds = Set(elements.map(\.kind))
    if assessment.result.states.count == 2, kinds == [.h] {
      text += "; c agrees, so it is the output gate or what follows it"
    }
    self.text = text
  }

  /// "3", "0–11", "0, 2, 5", "0, 2, 5 and 9 more"
  private static func listed(_ values: [Int]) -> String {
    guard let first = values.first, let last = values.last else { return "none" }
    if values.count == 1 { return "\(first)" }
    if last - first + 1 == values.count { return "\(first)–\(last)" }
    let shown = values.prefix(4).map(String.init).joined(separator: ", ")
    return values.count <= 4 ? shown : "\(shown) and \(values.count - 4) more"
  }
}

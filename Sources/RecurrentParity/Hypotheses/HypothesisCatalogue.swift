import Recurrent

/// The hypotheses that apply to a problem, family by family: see `Families`.
///
/// A hypothesis that would change nothing is not one: equal blocks, absent biases, square weights only.
struct HypothesisCatalogue {
  let context: DiagnosisContext

  var problem: StepwiseProblem { context.problem }
  var cell: Cell<Double> { context.problem.cell }

  /// The hypothesis that every gate was changed so, or nil where that changes nothing.
  func changing(
    _ mistake: Mistake, _ aspects: Aspects,
    _ change: @escaping @Sendable (GateKind, inout Gate<Double>) -> Void
  ) -> Hypothesis? {
    guard !cell.changing(change).computesTheSame(as: cell) else { return nil }
    return Hypothesis(mistake, aspects, .cell { $0 = $0.changing(change) })
  }
}

extension Cell<Double> {
  /// Equal up to biases of zero, which add nothing, and to the order in which two biases are added.
  func computesTheSame(as other: Cell) -> Bool {
    zip(gates, other.gates).allSatisfy { a, b in
      func bias(_ values: [Double]?) -> [Double] { values ?? [Double](repeating: 0, count: hiddenSize) }
      return a.gate.weightIH == b.gate.weightIH && a.gate.weightHH == b.gate.weightHH
        && bias(a.gate.biasIH) == bias(b.gate.biasIH) && bias(a.gate.biasHH) == bias(b.gate.biasHH)
    }
  }
}

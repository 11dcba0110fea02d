import Recurrent

/// Hypotheses together, each about something of its own, in the order in which they change a problem.
struct Composition: Sendable {
  let hypotheses: [Hypothesis]

  /// Nil where two touch the same.
  init?(_ hypotheses: [Hypothesis]) {
    var touched: Aspects = []
    for hypothesis in hypotheses {
      guard touched.isDisjoint(with: hypothesis.aspects) else { return nil }
      touched.formUnion(hypothesis.aspects)
    }
    self.hypotheses = hypotheses.sorted { $0.aspects.first < $1.aspects.first }
  }

  init(_ hypothesis: Hypothesis) { hypotheses = [hypothesis] }

  /// What is declared.
  static let none = Composition(hypotheses: [])

  private init(hypotheses: [Hypothesis]) { self.hypotheses = hypotheses }

  func applied(to problem: StepwiseProblem) -> StepwiseProblem {
    var problem = problem
    for hypothesis in hypotheses { hypothesis.apply(&problem) }
    return problem
  }

  /// The problem with all but the formula changed.
  func starting(from problem: StepwiseProblem) -> StepwiseProblem {
    var problem = problem
    for hypothesis in hypotheses where hypothesis.changesStart { hypothesis.apply(&problem) }
    return problem
  }

  /// The formula and its parameters, changed.
  func cell(changing cell: Cell<Double>) -> Cell<Double> {
    var cell = cell
    for case .cell(let change) in hypotheses.map(\.change) { change(&cell) }
    return cell
  }

  /// Those of what changes more than the formula.
  var startingMistakes: [Mistake] { hypotheses.filter(\.changesStart).map(\.mistake) }

  /// With one more, where that is about something else.
  func adding(_ hypothesis: Hypothesis) -> Composition? { Composition(hypotheses + [hypothesis]) }

  var mistakes: [Mistake] { hypotheses.map(\.mistake) }

  /// Every value that was fitted.
  var fittedElements: Int { hypotheses.reduce(0) { $0 + ($1.fit?.elements ?? 0) } }

  /// Whether what was fitted concerns the steps alone that it was fitted to.
  var isLocallyFitted: Bool { hypotheses.allSatisfy { $0.fit?.isLocal ?? true } }

  /// The steps that something was fitted to.
  var fittedSteps: Set<StepIndex> { hypotheses.reduce(into: []) { $0.formUnion($1.fit?.steps ?? []) } }
}

import Recurrent

/// Changes the problem by each hypothesis and sees whether the recorded states are then exact to rounding; by several
/// together where one alone does not explain them.
///
/// Teacher forcing makes the search separable: only this layer and direction is computed again. Most hypotheses fall on
/// a single step of a few units, so each is first tried on that (`FormulaProbe`); what a composition makes of a
/// formula's parameters costs no product that is not known by then.
struct DiagnosisSearch {
  let context: DiagnosisContext
  /// The timesteps that were flagged: where a hypothesis has to show itself first.
  let flagged: Set<Int>
  /// How many elements are beyond their bound by what is declared.
  let elementsBeyond: Int

  /// Of hypotheses together there are thousands: so that none of them fits by chance, as many elements as this have to
  /// be wrong for each of them.
  private static let elementsForEach = 4
  /// Compositions are tried in portions of as many.
  private static let portion = 64

  private var arithmetic: ErrorModel { ErrorModel(context.format) }

  /// What explains the run, the simplest first; empty where nothing does.
  func findings() -> [Finding] {
    var context = context
    context.flagged = flagged
    let catalogue = HypothesisCatalogue(context: context)
    let exact = catalogue.singles
    let prepared = prepared(exact)
    let first = FormulaProbe(
      context.problem, flagged: flagged, unit: nil, in: arithmetic, prepared: prepared)
    let unit = first?.worstUnit(of: context.problem.cell)
    let starts = StartCache(context.problem) {
      FormulaProbe($0, flagged: flagged, unit: unit, in: arithmetic, prepared: prepared)
    }
    let stages: [(count: Int, candidates: () -> [Composition])] = [
      (1, { exact.map(Composition.init) }),
      (1, { catalogue.fitted.map(Composition.init) }),
      (2, { Self.pairs(of: catalogue.forPairs) }),
      (3, { Self.triples(of: catalogue.forTriples) }),
    ]
    for (count, candidates) in stages {
      guard count == 1 || elementsBeyond >= count * Self.elementsForEach else { break }
      let findings = explaining(candidates(), prepared: prepared, starts: starts)
      if !findings.isEmpty { return findings }
    }
    return []
  }

  /// All weights that any of the hypotheses uses; compositions use the same.
  private func prepared(_ hypotheses: [Hypothesis]) -> PreparedWeights {
    let cells = hypotheses.map { Composition($0).cell(changing: context.problem.cell) }
    return PreparedWeights(
      [context.problem.cell] + cells, roundoff: context.problem.conversion.weights, in: arithmetic)
  }

  // MARK: Compositions

  private static func pairs(of hypotheses: [(first: Hypothesis, seconds: [Hypothesis])]) -> [Composition] {
    hypotheses.flatMap { first, seconds in seconds.compactMap { Composition([first, $0]) } }
  }

  private static func triples(of hypotheses: [Hypothesis]) -> [Composition] {
    hypotheses.indices.flatMap { i in
      hypotheses[(i + 1)...].indices.flatMap { j -> [Composition] in
        guard let pair = Composition([hypotheses[i], hypotheses[j]]) else { return [] }
        return hypotheses[(j + 1)...].compactMap(pair.adding)
      }
    }
  }

  // MARK: Trying

  private func explaining(
    _ candidates: [Composition], prepared: PreparedWeights, starts: StartCache
  ) -> [Finding] {
    let portions = stride(from: 0, to: candidates.count, by: Self.portion).map {
      candidates[$0..<min($0 + Self.portion, candidates.count)]
    }
    let found = portions.concurrentMap { portion in
      portion.compactMap { explained($0, prepared: prepared, starts: starts) }
    }
    var findings: [Finding] = []
    for finding in found.joined() where !findings.contains(where: { $0.subject == finding.subject }) {
      // Several layers may hold an initial state of this shape; one finding says it.
      findings.append(finding)
    }
    return findings.markedEquivalent
  }

  /// What a composition comes to where it accounts for every recorded state; nil where it does not.
  private func explained(
    _ composition: Composition, prepared: PreparedWeights, starts: StartCache
  ) -> Finding? {
    let start = starts.start(for: composition)
    let cell = composition.cell(changing: start.problem.cell)
    if let probe = start.probe, !probe.isExplained(by: cell) { return nil }
    var problem = start.problem
    problem.cell = cell
    let assessment = problem.assessed(in: arithmetic, prepared: prepared)
    guard assessment.explainsAll, assessment.unjudgeable.isEmpty,
      problem.contradictions(as: .asStored(context.format), assessment).isEmpty
    else { return nil }
    return Finding(
      .mistake(composition.mistakes), explains: extent(of: composition, problem, assessment),
      at: context.place.at(timesteps: flagged), maxBoundRatio: assessment.figures.maxBoundRatio)
  }

  /// What was fitted explains only what it was not fitted to.
  private func extent(
    of composition: Composition, _ problem: StepwiseProblem, _ assessment: Assessment
  ) -> Finding.Extent {
    guard composition.fittedElements > 0 else { return .all }
    let chosen = problem.chosen.map(Set.init)
    let used = composition.fittedSteps.count {
      problem.valid.contains($0.t, $0.b) && chosen?.contains($0) ?? true
    }
    let perStep = assessment.elementCount / max(1, problem.stepCount)
    return assessment.elementCount - used * perStep >= composition.fittedElements ? .all : .consistent
  }
}

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
    // What contradicts neither a bound nor a returned state cannot tell a formula from one that is nearly the same.
    guard elementsBeyond > 0 || !context.problem.contradictions(as: .asStored(context.format), nil).isEmpty
    else { return [] }
    var context = context
    context.flagged = flagged
    let catalogue = HypothesisCatalogue(context: context)
    let exact = catalogue.singles
    let remade = catalogue.storedPrecisions
    let isSmall = catalogue.cell.parameterCount <= HypothesisCatalogue.smallCell
    let prepared = prepared(exact + (isSmall ? remade : []))
    let first = FormulaProbe(
      context.problem, flagged: flagged, unit: nil, in: arithmetic, prepared: prepared)
    let unit = first?.worstUnit(of: context.problem.cell)
    let starts = StartCache(context.problem) {
      FormulaProbe($0, flagged: flagged, unit: unit, in: arithmetic, prepared: prepared)
    }
    let stages: [(count: Int, candidates: () -> [Composition])] = [
      (1, { exact.map(Composition.init) }),
      (1, { remade.map(Composition.init) }),
      (1, { catalogue.fitted(on: starts.start(for: .none).probe).map(Composition.init) }),
      (1, { catalogue.solvedInitialStates.map(Composition.init) }),
      (2, { catalogue.pairs(isSmall ? remade : []) }),
      (2, { catalogue.fittedPairs(on: starts.start(for: .none).probe) }),
      (3, { Self.triples(of: catalogue.forTriples) }),
    ]
    // What fits, on too little to be sure, is said only where nothing is sure.
    var consistent: [Finding] = []
    for (count, candidates) in stages {
      guard count == 1 || elementsBeyond >= count * Self.elementsForEach else { break }
      let findings = explaining(candidates(), prepared: prepared, starts: starts)
      if findings.contains(where: { $0.explains == .all }) { return findings }
      consistent += findings
    }
    return consistent
  }

  /// All weights that any of the hypotheses uses; compositions use the same.
  private func prepared(_ hypotheses: [Hypothesis]) -> PreparedWeights {
    let cells = hypotheses.map { Composition($0).cell(changing: context.problem.cell) }
    return PreparedWeights(
      [context.problem.cell] + cells, roundoff: context.problem.conversion.weights, in: arithmetic)
  }

  // MARK: Compositions

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
      problem.contradictions(as: .asStored(context.format), assessment).isEmpty,
      let extent = extent(of: composition, problem, assessment)
    else { return nil }
    return Finding(
      .mistake(composition.mistakes), explains: extent,
      at: context.place.at(timesteps: flagged), maxBoundRatio: assessment.figures.maxBoundRatio)
  }

  /// What was fitted explains only what it was not fitted to; nil where that is nothing.
  private func extent(of composition: Composition, _ problem: StepwiseProblem, _ assessment: Assessment)
    -> Finding.Extent?
  {
    let steps = composition.fittedSteps
    guard composition.fittedElements > 0 else { return .all }
    guard !composition.isLocallyFitted else {
      let chosen = problem.chosen.map(Set.init)
      let used = steps.count { problem.valid.contains($0.t, $0.b) && chosen?.contains($0) ?? true }
      let perStep = assessment.elementCount / max(1, problem.stepCount)
      return assessment.elementCount - used * perStep >= composition.fittedElements ? .all : .consistent
    }
    // Elsewhere too the declared formula has to fail: what it gets right, a value that changes nothing there gets right.
    var elsewhere = context.problem
    elsewhere.chosen = elsewhere.steps(numbers: Array(0..<elsewhere.stepCount)).filter { !steps.contains($0) }
    let others = elsewhere.assessed(in: arithmetic).beyond.count
    guard others > 0 else { return nil }
    return others >= composition.fittedElements ? .all : .consistent
  }
}

import Recurrent

/// What explains a flagged pass.
extension ReferenceAnalysis {
  /// Adds what explains a mismatch, or a drift, that no precision does.
  func diagnosed(
    _ judgement: PassJudgement, layer: Int, pass: Int, input: LayerInput
  ) -> PassJudgement {
    guard options.diagnoses, reference.layers[layer].otherOptions.isEmpty,
      judgement.verdict == .mismatch || judgement.verdict == .drift,
      judgement.evidence != .outputs, !judgement.isSearched
    else { return judgement }
    let problem = problem(layer: layer, pass: pass, input: input)
    guard judgement.verdict == .mismatch else { return suspecting(judgement, problem, layer, pass) }
    var judgement = judgement
    let context = context(problem, layer: layer, pass: pass)
    if judgement.isOfEmptySequences, let input = context.unpaddedInput,
      let finding = problem.runOverEmptySequences(
        input, format: context.format, at: place(layer, problem.direction))
    {
      judgement.isSearched = true
      judgement.findings.insert(finding, at: 0)
      return judgement
    }
    let search = DiagnosisSearch(
      context: context,
      flagged: Set(judgement.timesteps.filter { $0.verdict != .match }.map(\.timestep)),
      elementsBeyond: judgement.elementsBeyondBound)
    let findings = search.findings()
    judgement.isSearched = true
    judgement.findings = findings + judgement.findings
    guard findings.isEmpty else { return judgement }
    judgement = suspecting(judgement, problem, layer, pass)
    guard !judgement.isExplained else { return judgement }
    judgement.findings = judgement.findings.changingRemainders { shape in
      shape.agreements += problem.agreeingFinalStates(format: format(layer: layer, pass: pass)).map {
        .finalState($0)
      }
      shape.nearest = search.nearest()
      shape.activation = problem.observedActivation()
      shape.next = nextSteps(for: shape, layer: layer, pass: pass)
    }
    return judgement
  }

  /// Adds the single parameter that accounts for the run. Between two references the parameters are compared.
  private func suspecting(
    _ judgement: PassJudgement, _ problem: StepwiseProblem, _ layer: Int, _ pass: Int
  ) -> PassJudgement {
    guard parameters == nil, !judgement.hasSeveralUnitsBeyondBound else { return judgement }
    let suspects = SuspectSearch(problem, format: format(layer: layer, pass: pass)).suspects()
    let flagged = judgement.timesteps.filter { $0.verdict != .match }.map(\.timestep)
    var judgement = judgement
    judgement.findings +=
      suspects.map { suspect in
        Finding(
          .parameter(suspect), explains: .all,
          at: place(layer, problem.direction).at(timesteps: flagged, units: [suspect.unit]))
      }.markedEquivalent
    return judgement
  }

  /// Adds what accounts for what was returned of layers without recorded states, where some pass is flagged and nothing
  /// explains it.
  func diagnosedBelow(_ judgements: [PassJudgement], layer: Int) -> [PassJudgement] {
    let isOpen = { (judgement: PassJudgement) in
      judgement.verdict == .mismatch && !judgement.isExplained
    }
    guard options.diagnoses, otherOptions(layer).isEmpty, judgements.contains(where: isOpen),
      let chain = unrecordedLayers(upTo: layer)
    else { return judgements }
    let findings = UnrecordedSearch(chain: chain) { place, problem in
      HypothesisCatalogue(context: context(problem, layer: place.layer, pass: place.pass)).singles
    }.findings()
    return judgements.enumerated().map { pass, judgement in
      guard isOpen(judgement) else { return judgement }
      var judgement = judgement
      let place = place(layer, reference.layers[layer].passes[pass].direction)
      var found = findings ?? [Finding(.unjudged(.notSearched), at: place)]
      if found.isEmpty, !chain.hasStates { found = foreignFinalState(layer: layer, pass: pass, chain) }
      judgement.findings = found + judgement.findings
      return judgement
    }
  }

  /// Whose final state was returned as this pass's, where one accounts for it.
  private func foreignFinalState(layer: Int, pass: Int, _ chain: UnrecordedLayers) -> [Finding] {
    let place = LayerPass(layer: layer, pass: pass)
    let all = reference.layers.indices.flatMap { layer in
      reference.layers[layer].passes.indices.map { LayerPass(layer: layer, pass: $0) }
    }
    let search = ForeignFinalStates(
      propagated: { other in
        if let chain = unrecordedLayers(upTo: other.layer) { return chain.propagated(other.pass) }
        let input = inputCandidates(other.layer)[0]
        return problem(layer: other.layer, pass: other.pass, input: input).propagated(in: chain.arithmetic)
      },
      problem: chain.problems(nil)[pass], place: place,
      others: all.map { ($0, valid($0.layer), reference.layers[$0.layer].passes[$0.pass].direction) })
    guard let (source, ratio) = search.source() else { return [] }
    let direction = reference.layers[source.layer].passes[source.pass].direction.rawValue
    return [
      Finding(
        .mistake([Mistake(.finalStateOf, "the last state of layer \(source.layer) \(direction)")]),
        explains: .all,
        at: self.place(layer, reference.layers[layer].passes[pass].direction), maxBoundRatio: ratio)
    ]
  }

  /// The layers without recorded states that end with this one; nil where its states and its input are recorded.
  private func unrecordedLayers(upTo layer: Int) -> UnrecordedLayers? {
    var first = layer
    while first > 0, reference.layers[first].input == nil, reference.layers[first - 1].output == nil,
      reference.layers[first - 1].mergedStates == nil
    { first -= 1 }
    guard first < layer || !reference.layers[layer].hasStates else { return nil }
    return UnrecordedLayers(
      layers: first...layer, input: inputCandidates(first)[0],
      problem: { problem(layer: $0.layer, pass: $0.pass, input: $1) }, recorded: reference.layers,
      arithmetic: ErrorModel(format(layer: layer, pass: 0)))
  }

  private func context(_ problem: StepwiseProblem, layer: Int, pass: Int) -> DiagnosisContext {
    DiagnosisContext(
      problem: problem, format: format(layer: layer, pass: pass), reference: reference,
      parameters: parameters ?? reference, layer: layer, pass: pass, networkInput: parityCase.input)
  }
}

extension PassJudgement {
  /// Whether something accounts for all of it.
  fileprivate var isExplained: Bool { findings.contains { $0.explains == .all } }

  /// Whether nothing is wrong but what sequences without a valid step end with.
  fileprivate var isOfEmptySequences: Bool {
    !findings.isEmpty
      && findings.allSatisfy { finding in
        if case .contradiction(.emptyFinalState) = finding.subject { true } else { false }
      }
  }

  /// How many elements are beyond their bound.
  fileprivate var elementsBeyondBound: Int {
    findings.reduce(0) { count, finding in
      if case .remainder(let shape) = finding.subject { max(count, shape.elements) } else { count }
    }
  }

  /// Whether no single parameter can account for it.
  fileprivate var hasSeveralUnitsBeyondBound: Bool {
    findings.contains { finding in
      if case .remainder = finding.subject { finding.place.units.count > 1 } else { false }
    }
  }
}

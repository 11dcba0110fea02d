import Recurrent

/// One reference's recorded states under judgement, by its own parameters or by another reference's.
struct ReferenceAnalysis {
  let parityCase: ParityCase
  /// Whose states are judged.
  let reference: Reference
  /// Whose parameters and initial states they are judged by; nil for the reference's own.
  var parameters: Reference?
  let options: JudgingOptions

  /// Judges every pass of a layer, on the input that explains it best, and explains what is flagged.
  func judgements(layer: Int) -> [PassJudgement] {
    var best: (input: LayerInput, judgements: [PassJudgement])?
    for input in inputCandidates(layer) {
      let judgements = judgements(layer: layer, on: input)
      if best.map({ badness(judgements) < badness($0.judgements) }) ?? true { best = (input, judgements) }
      if badness(judgements).verdict == .match { break }
    }
    guard let (input, judgements) = best else { return [] }
    let each = judgements.indices.concurrentMap { pass in
      var judgement = diagnosed(judgements[pass], layer: layer, pass: pass, input: input)
      if judgement.isSearched,
        let finding = reference.misplacedFinalStates(
          judgement, layer: layer, pass: pass, valid: valid(layer))
      {
        judgement.findings.insert(finding, at: 0)
      }
      return judgement
    }
    return diagnosedBelow(each, layer: layer).enumerated().map { pass, judgement in
      var judgement = judgement
      let place = place(layer, reference.layers[layer].passes[pass].direction)
      let options = otherOptions(layer)
      if !options.isEmpty {
        judgement.withdraw(.options(options), at: place)
      } else if let reason = silence(layer: layer, pass: pass, input: input) {
        judgement.withhold(reason, at: place)
      }
      return judgement
    }.distinguishingExchanges(layer: layer, directions: reference.layers[layer].passes.map(\.direction))
      .comparedWithEachOther
  }

  /// What no formula here has, of the run and of the layer whose parameters it is judged by; each once.
  private func otherOptions(_ layer: Int) -> [String] {
    let own = reference.layers[layer].otherOptions
    return own + (parameters?.layers[layer].otherOptions ?? []).filter { !own.contains($0) }
  }

  /// What a layer was most likely fed.
  func likelyInput(_ layer: Int) -> RecordedSequence { inputCandidates(layer)[0].values }

  /// The precision that a pass is judged in: its own, or the coarser where another's parameters may have been
  /// rounded to it.
  func format(layer: Int, pass: Int) -> FloatFormat {
    let own = reference.layers[layer].passes[pass].format
    guard let other = parameters?.layers[layer].passes[pass].format else { return own }
    return own.unitRoundoff >= other.unitRoundoff ? own : other
  }

  // MARK: Layers

  private func judgements(layer index: Int, on input: LayerInput) -> [PassJudgement] {
    let layer = reference.layers[index]
    let problems = layer.passes.indices.map { problem(layer: index, pass: $0, input: input) }
    let isRecorded = layer.passes.allSatisfy { $0.states.h != nil }
    guard isRecorded else {
      return OutputsJudgement(
        record: ReturnedRecord(
          problems: problems, link: OutputLink(layer.merge), output: layer.output,
          arithmetic: ErrorModel(format(layer: index, pass: 0))), layer: index
      ).judgements()
    }
    var judgements = problems.indices.concurrentMap { pass in
      problems[pass].judged(
        format: format(layer: index, pass: pass), declared: layer.passes[pass].declared,
        at: place(index, problems[pass].direction))
    }
    if parameters == nil, layer.merge != .concat, let contradiction = mergeContradiction(index, input) {
      let other = otherMerge(index)
      for pass in judgements.indices {
        let place = place(index, problems[pass].direction)
        let isElseRight = judgements[pass].verdict == .match
        judgements[pass].take(contradiction, at: place)
        guard isElseRight, let other else { continue }
        judgements[pass].findings.insert(
          Finding(
            .mistake([Mistake(.mergeMode, other.rawValue)]), explains: .all, at: place,
            maxBoundRatio: judgements[pass].figures.maxBoundRatio), at: 0)
      }
    }
    return judgements
  }

  private func problem(layer index: Int, pass passIndex: Int, input: LayerInput) -> StepwiseProblem {
    let layer = reference.layers[index]
    let pass = layer.passes[passIndex]
    var problem = StepwiseProblem(
      cell: pass.cell, direction: pass.direction, input: input, target: pass.states, previous: pass.states,
      initialState: pass.initialState, valid: valid(index))
    problem.finalState = pass.finalState
    problem.emptyFinal = layer.emptyFinal
    problem.windowBytes = options.windowBytes
    problem.printing = pass.printing
    problem.returned = layer.merge == .concat ? layer.output?.part(passIndex, of: layer.passes.count) : nil
    if let parameters {
      let other = parameters.layers[index].passes[passIndex]
      let u = format(layer: index, pass: passIndex).unitRoundoff
      // Two biases in every cell, so that N counts whatever the run may have added, and a lost one can be named.
      problem.cell = other.cell.converted(to: .twoBias)
      problem.initialState = other.initialState
      // The initial state that such a sequence ends with is the run's own.
      problem.emptyFinal = nil
      problem.conversion = ConversionRoundoff(
        weights: pass.format == other.format ? 0 : u, biases: u, ownBiases: pass.cell.biasMagnitudes)
      if pass.evidence != .outputs {
        // What a returned state contradicts is the run's own affair.
        problem.returned = nil
        problem.finalState = ReturnedState()
      }
    }
    return problem
  }

  // MARK: Diagnosis

  private func place(_ layer: Int, _ direction: Direction) -> FindingPlace {
    FindingPlace(layer: layer, direction: direction)
  }

  /// Adds what explains a mismatch, or a drift, that no precision does.
  private func diagnosed(
    _ judgement: PassJudgement, layer: Int, pass: Int, input: LayerInput
  ) -> PassJudgement {
    guard options.diagnoses, reference.layers[layer].otherOptions.isEmpty,
      judgement.verdict == .mismatch || judgement.verdict == .drift,
      judgement.evidence != .outputs, !judgement.isSearched
    else { return judgement }
    let problem = problem(layer: layer, pass: pass, input: input)
    guard judgement.verdict == .mismatch else { return suspecting(judgement, problem, layer, pass) }
    var judgement = judgement
    let search = DiagnosisSearch(
      context: context(problem, layer: layer, pass: pass),
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
  private func diagnosedBelow(_ judgements: [PassJudgement], layer: Int) -> [PassJudgement] {
    let isOpen = { (judgement: PassJudgement) in
      judgement.verdict == .mismatch && !judgement.findings.contains { $0.explains == .all }
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
    let hasStates = reference.layers[layer].passes.allSatisfy { $0.states.h != nil }
    guard first < layer || !hasStates else { return nil }
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

  // MARK: Evidence

  /// Why a match would be none: what the pass rests on was never written, or gives zeros by any formula.
  private func silence(layer: Int, pass: Int, input: LayerInput) -> UnjudgedReason? {
    let own = reference.layers[layer].passes[pass]
    let unwritten = own.unwritten + (parameters?.layers[layer].passes[pass].unwritten ?? [])
    if !unwritten.isEmpty { return .unwritten(unwritten) }
    let problem = problem(layer: layer, pass: pass, input: input)
    return problem.isTrivial && own.finalState.isZero ? .allZero : nil
  }

  // MARK: Problems

  private func valid(_ layer: Int) -> ValidSteps { parityCase.valid(in: reference.layers[layer]) }

  private func badness(_ judgements: [PassJudgement]) -> (verdict: Verdict, ratio: Double) {
    (judgements.map(\.verdict).worst, judgements.map(\.figures.maxBoundRatio).reduce(0, greater))
  }

  // MARK: Inputs

  /// What a layer may have been fed, the likeliest first.
  ///
  /// Its recorded input decides; else the output of the layer below; and where that layer's recorded states
  /// merge to something else, those. Where nothing below is recorded, what the formula makes of it.
  private func inputCandidates(_ index: Int) -> [LayerInput] {
    if let input = reference.layers[index].input { return [fed(input, to: index)] }
    guard index > 0 else { return [fed(parityCase.input, to: index)] }
    let below = reference.layers[index - 1]
    let returned = below.output.map { fed($0, to: index, printing: below.printing) }
    guard let states = below.mergedStates else { return [returned ?? propagatedOutput(index - 1)] }
    let merged = fed(states, to: index, printing: below.mergedPrinting)
    guard let returned, let output = below.output,
      output.differs(from: states, valid: valid(index))
    else { return [merged] }
    return [returned, merged]
  }

  /// - Parameter printing: how far each value may be off because it was printed in decimal.
  private func fed(_ values: RecordedSequence, to index: Int, printing: Double = 0) -> LayerInput {
    // What stands at other steps must not decide which formats hold the input.
    let values = values.zeroed(outside: valid(index))
    guard printing > 0 else { return LayerInput(values: values) }
    let radius = values.mapped(storage: .float64) { _, window in window.elements.map { _ in printing } }
    return LayerInput(values: values, spread: (radius, radius))
  }

  private func propagatedOutput(_ index: Int) -> LayerInput {
    let arithmetic = ErrorModel(format(layer: index, pass: 0))
    let input = inputCandidates(index)[0]
    let layer = reference.layers[index]
    let parts = layer.passes.indices.map {
      problem(layer: index, pass: $0, input: input).propagated(in: arithmetic).states.h
    }
    let merged = layer.merge.merged(parts, in: arithmetic)
    return LayerInput(values: merged.midpoint, spread: (merged.radius, merged.scale))
  }

  // MARK: Merged outputs

  /// The other merge mode that makes the output of the recorded states, bit by bit; nil where none does.
  private func otherMerge(_ index: Int) -> MergeMode? {
    let layer = reference.layers[index]
    let parts = layer.passes.compactMap(\.states.h)
    guard let output = layer.output, parts.count == 2, layer.passes.count == 2 else { return nil }
    return [MergeMode.sum, .ave, .mul].first { merge in
      merge != layer.merge
        && !output.differs(
          from: merge.merged(parts, rounding: format(layer: index, pass: 0)), valid: valid(index))
    }
  }

  /// Where an output that is not concatenated is not what the recorded states merge to.
  ///
  /// The output may come from another honest run than the states, as a fused layer beside a stepped one: it is
  /// a contradiction only if it is also beyond what the propagated bound lets two honest runs differ.
  private func mergeContradiction(_ index: Int, _ input: LayerInput) -> Contradiction? {
    let layer = reference.layers[index]
    guard let output = layer.output, let merged = layer.mergedStates else { return nil }
    guard output.differs(from: merged, valid: valid(index)) else { return nil }
    let arithmetic = ErrorModel(format(layer: index, pass: 0))
    let parts = layer.passes.indices.map {
      problem(layer: index, pass: $0, input: input).propagated(in: arithmetic).states.h
    }
    let comparison = MergeComparison(
      output: output, merged: merged, radius: layer.merge.merged(parts, in: arithmetic).radius,
      printing: layer.printing + layer.mergedPrinting)
    return comparison.firstBeyond(valid: valid(index)).map { element in
      Contradiction(
        element: element, verdict: element.residual.isNaN ? .invalid : .mismatch,
        record: .mergedOutput(layer.merge))
    }
  }
}

/// A recorded output and what the recorded states merge to.
private struct MergeComparison {
  let output: RecordedSequence
  let merged: RecordedSequence
  /// By how much the output of an honest run may differ from the exact one.
  let radius: RecordedSequence
  let printing: Double

  /// The first element that no two honest runs can differ by.
  func firstBeyond(valid: ValidSteps) -> FlaggedElement? {
    for times in output.windows() {
      let (output, merged, radius) = (output.window(times), merged.window(times), radius.window(times))
      for t in times {
        for b in 0..<output.batch where valid.contains(t, b) {
          let range = output.range(t - times.lowerBound, b)
          for index in range where output.elements[index] != merged.elements[index] {
            let residual = (output.elements[index] - merged.elements[index]).magnitude
            // A bound that is not a number: the run may have overflowed, and nothing is decided.
            let allowed = 2 * radius.elements[index] + printing
            guard !(residual <= allowed), !allowed.isNaN else { continue }
            return FlaggedElement(
              timestep: t, batch: b, unit: index - range.lowerBound, state: .h, residual: residual,
              bound: allowed)
          }
        }
      }
    }
    return nil
  }
}

extension PassJudgement {
  /// Whether something accounts for all of it.
  fileprivate var isExplained: Bool { findings.contains { $0.explains == .all } }

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

  /// Worsens the judgement by what the layer's output shows.
  fileprivate mutating func take(_ contradiction: Contradiction, at place: FindingPlace) {
    findings += [contradiction].findings(at: place)
    for index in timesteps.indices where timesteps[index].timestep == contradiction.element.timestep {
      timesteps[index].verdict = max(timesteps[index].verdict, contradiction.verdict)
    }
    guard contradiction.verdict > verdict else { return }
    verdict = contradiction.verdict
    firstFlagged = contradiction.element
  }
}

extension Cell<Double> {
  /// `|b_ih| + |b_hh|` of every gate: what a run rounds against, however its biases cancel.
  fileprivate var biasMagnitudes: [GateKind: [Double]] {
    Dictionary(
      uniqueKeysWithValues: gates.map { kind, gate in
        let zeros = [Double](repeating: 0, count: gate.hiddenSize)
        return (kind, zip(gate.biasIH ?? zeros, gate.biasHH ?? zeros).map { $0.magnitude + $1.magnitude })
      })
  }
}

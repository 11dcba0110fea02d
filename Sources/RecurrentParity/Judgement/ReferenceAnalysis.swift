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
  func otherOptions(_ layer: Int) -> [String] {
    let own = reference.layers[layer].otherOptions.map(\.text)
    return own + (parameters?.layers[layer].otherOptions.map(\.text) ?? []).filter { !own.contains($0) }
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
    guard layer.hasStates else {
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

  func problem(layer index: Int, pass passIndex: Int, input: LayerInput) -> StepwiseProblem {
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

  func place(_ layer: Int, _ direction: Direction) -> FindingPlace {
    FindingPlace(layer: layer, direction: direction)
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

  func valid(_ layer: Int) -> ValidSteps { parityCase.valid(in: reference.layers[layer]) }

  private func badness(_ judgements: [PassJudgement]) -> (verdict: Verdict, ratio: Double) {
    (judgements.map(\.verdict).worst, judgements.map(\.figures.maxBoundRatio).reduce(0, greater))
  }

  // MARK: Inputs

  /// What a layer may have been fed, the likeliest first.
  ///
  /// Its recorded input decides; else the output of the layer below; and where that layer's recorded states
  /// merge to something else, those. Where nothing below is recorded, what the formula makes of it.
  func inputCandidates(_ index: Int) -> [LayerInput] {
    if let input = reference.layers[index].input { return [fed(input, to: index)] }
    guard index > 0 else { return [fed(parityCase.input, to: index)] }
    let below = reference.layers[index - 1]
    let returned = below.output.map { fed($0, to: index, printing: below.printing) }
    guard let states = below.mergedStates else {
      return [returned ?? LayerInput(propagatedOutput(index - 1, on: inputCandidates(index - 1)[0]))]
    }
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

  /// What the formula makes of a layer's input, merged, each element with the radius that no honest run leaves.
  private func propagatedOutput(_ index: Int, on input: LayerInput) -> BoundedSequence {
    let arithmetic = ErrorModel(format(layer: index, pass: 0))
    let layer = reference.layers[index]
    let parts = layer.passes.indices.map {
      problem(layer: index, pass: $0, input: input).propagated(in: arithmetic).states.h
    }
    return layer.merge.merged(parts, in: arithmetic)
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
    let comparison = MergeComparison(
      output: output, merged: merged, radius: propagatedOutput(index, on: input).radius,
      printing: layer.printing + layer.mergedPrinting)
    return comparison.firstBeyond(valid: valid(index)).map { element in
      Contradiction(
        element: element, verdict: element.residual.isNaN ? .invalid : .mismatch,
        record: .mergedOutput(layer.merge))
    }
  }
}

extension PassJudgement {
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

import Recurrent

extension Reference {
  /// What layer `index` may have been fed, the likeliest first.
  ///
  /// Its recorded input decides; else the recorded states of the layer below, merged; and where that layer's
  /// output says something else, that output.
  func inputCandidates(_ index: Int, of parityCase: ParityCase) -> [BatchedSequence<Double>] {
    if let input = layers[index].input { return [input] }
    guard index > 0 else { return [parityCase.input] }
    let below = layers[index - 1]
    let merged = concatenated(below.passes.map(\.h))
    guard let output = below.output else { return [merged] }
    let steps = StepwiseProblem.allSteps(
      lengths: parityCase.lengths, timesteps: parityCase.input.timesteps)
    return steps.contains { output.differs(from: merged, at: $0) } ? [merged, output] : [merged]
  }

  /// The stepwise problem of one pass, by the reference's own parameters.
  func problem(
    layer: Int, pass index: Int, input: BatchedSequence<Double>, of parityCase: ParityCase
  ) -> StepwiseProblem {
    let pass = layers[layer].passes[index]
    var problem = StepwiseProblem(
      cell: pass.cell, direction: pass.direction, input: input, target: pass.h, previous: pass.h,
      initialState: pass.initialState, lengths: parityCase.lengths,
      steps: StepwiseProblem.allSteps(lengths: parityCase.lengths, timesteps: parityCase.input.timesteps))
    problem.returned = layers[layer].output?.part(index, of: layers[layer].passes.count)
    problem.finalState = pass.finalState
    return problem
  }

  /// Judges every pass of a layer, on the input that explains it best.
  func judgeLayer(
    _ layer: Int, of parityCase: ParityCase, format: (RecordedPass) -> FloatFormat = \.format,
    adjusting adjust: (inout StepwiseProblem, Int) -> Void = { _, _ in }
  ) -> [PassJudgement] {
    var best: [PassJudgement]?
    for input in inputCandidates(layer, of: parityCase) {
      let judgements = layers[layer].passes.indices.map { index in
        var problem = problem(layer: layer, pass: index, input: input, of: parityCase)
        adjust(&problem, index)
        return problem.judged(format: format(layers[layer].passes[index]))
      }
      if best.map({ badness(judgements) < badness($0) }) ?? true { best = judgements }
      if badness(judgements).verdict == .match { break }
    }
    return best ?? []
  }

  private func badness(_ judgements: [PassJudgement]) -> (verdict: Verdict, ratio: Double) {
    (judgements.map(\.verdict).worst, judgements.map(\.maxBoundRatio).reduce(0, greater))
  }
}

extension BatchedSequence<Double> {
  /// One of `count` equal parts of the last axis.
  fileprivate func part(_ index: Int, of count: Int) -> BatchedSequence {
    guard count > 1 else { return self }
    let width = features / count
    let values = stride(from: index * width, to: elements.count, by: features).flatMap {
      elements[$0..<$0 + width]
    }
    return BatchedSequence(timesteps: timesteps, batch: batch, features: width, elements: values)
  }
}

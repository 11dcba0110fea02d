import Recurrent

/// Layers that follow each other, of which no state is recorded before the last: from the first that is fed something
/// known to the last, whose outcome is held against a record.
struct UnrecordedLayers: Sendable {
  let layers: ClosedRange<Int>
  /// What the first is fed.
  let input: LayerInput
  /// The declared problem of a pass on an input.
  let problem: @Sendable (LayerPass, LayerInput) -> StepwiseProblem
  /// Of each layer what is declared.
  let recorded: [RecordedLayer]
  let arithmetic: ErrorModel

  /// Every pass of them.
  var passes: [LayerPass] {
    layers.flatMap { layer in recorded[layer].passes.indices.map { LayerPass(layer: layer, pass: $0) } }
  }

  /// The problems of the last layer, on what the layers below make of the input.
  func problems(_ change: LayerChange?) -> [StepwiseProblem] {
    var input = input
    for layer in layers.dropLast() {
      let problems = problems(of: layer, on: input, change)
      let merged = link(of: layer, change).merged(
        problems.map { $0.propagated(in: arithmetic).states.h }, lengths: problems.first?.valid.lengths,
        in: arithmetic)
      input = LayerInput(merged)
    }
    return recordedOtherwise(problems(of: layers.upperBound, on: input, change), change)
  }

  /// The problems of the last layer with their states read off its output as the change has it.
  private func recordedOtherwise(_ problems: [StepwiseProblem], _ change: LayerChange?) -> [StepwiseProblem] {
    let last = recorded[layers.upperBound]
    guard hasStates, let link = change?.links[layers.upperBound],
      let output = last.output ?? last.mergedStates,
      let parts = link.parts(
        of: output, widths: problems.map(\.cell.stateSize), lengths: problems[0].valid.lengths)
    else { return problems }
    return zip(problems, parts).map { problem, h in
      var problem = problem
      // What else is recorded is of a pass that was read off otherwise.
      problem.target = RecordedStates(h: h)
      problem.previous = RecordedStates(h: h)
      problem.returned = nil
      return problem
    }
  }

  /// What a pass of the last layer comes to by what is declared.
  func propagated(_ pass: Int) -> PropagatedStates { problems(nil)[pass].propagated(in: arithmetic) }

  /// What is recorded of the last layer, held against what becomes of the input.
  func held(_ change: LayerChange?) -> HeldRecord {
    let problems = problems(change)
    let last = recorded[layers.upperBound]
    guard !hasStates else { return HeldRecord(problems.map { $0.evaluated(in: arithmetic) }) }
    var record = ReturnedRecord(
      problems: problems, link: link(of: layers.upperBound, change), output: last.output,
      arithmetic: arithmetic)
    record.finalRows = change?.finalRows ?? .last
    return record.held(valid: declaredValid)
  }

  /// Whether the states of the last are recorded.
  var hasStates: Bool { recorded[layers.upperBound].hasStates }

  /// The declared problem of a pass, on the known input: for what its hypotheses need to know of it.
  func declared(_ pass: LayerPass) -> StepwiseProblem { problem(pass, input) }

  private var declaredValid: ValidSteps {
    declared(LayerPass(layer: layers.upperBound, pass: 0)).valid
  }

  private func link(of layer: Int, _ change: LayerChange?) -> OutputLink {
    change?.links[layer] ?? OutputLink(recorded[layer].merge)
  }

  private func problems(of layer: Int, on input: LayerInput, _ change: LayerChange?) -> [StepwiseProblem] {
    recorded[layer].passes.indices.map { pass in
      let place = LayerPass(layer: layer, pass: pass)
      let declared = problem(place, input)
      return change?.hypotheses[place]?.applied(to: declared) ?? declared
    }
  }
}

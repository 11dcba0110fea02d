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
      input = LayerInput(values: merged.midpoint, spread: (merged.radius, merged.scale))
    }
    return problems(of: layers.upperBound, on: input, change)
  }

  /// What is recorded of the last layer, held against what becomes of the input.
  func held(_ change: LayerChange?) -> HeldRecord {
    let problems = problems(change)
    let last = recorded[layers.upperBound]
    guard !hasStates else {
      return HeldRecord(problems.map { $0.evaluated(in: arithmetic) })
    }
    var record = ReturnedRecord(
      problems: problems, link: link(of: layers.upperBound, change), output: last.output,
      arithmetic: arithmetic)
    record.finalRows = change?.finalRows ?? .last
    return record.held(valid: declaredValid)
  }

  /// Whether the states of the last are recorded.
  var hasStates: Bool { recorded[layers.upperBound].passes.allSatisfy { $0.states.h != nil } }

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

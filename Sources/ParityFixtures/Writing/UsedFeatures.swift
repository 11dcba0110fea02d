import Recurrent
import RecurrentParity

/// What a program has to know of to judge a case: the attribute `requires`.
struct UsedFeatures {
  /// In the order of the format.
  let features: [RequiredFeature]

  /// - Parameter hasInput: whether the file has an input of the case.
  init(of parityCase: ParityCase, hasInput: Bool) {
    var used: Set<RequiredFeature> = []
    func use(_ feature: RequiredFeature, where isUsed: Bool) {
      if isUsed { used.insert(feature) }
    }
    func use(_ valid: ValidSteps) {
      use(.mask, where: valid.lengths == nil)
      use(.emptySequences, where: valid.counts.contains(0))
    }
    use(.layerAxes, where: !hasInput)
    if hasInput { use(parityCase.valid) }
    for reference in parityCase.references {
      for layer in reference.layers {
        if layer.input != nil {
          let valid = parityCase.valid(in: layer)
          use(.layerAxes, where: !valid.areAll)
          use(valid)
        }
        use(.pair, where: layer.pair != nil)
        use(.emptyFinal, where: layer.emptyFinal != .initial)
        use(.otherOptions, where: !layer.otherOptions.isEmpty)
        use(.precision, where: layer.passes.contains { ![nil, .float32, .float64].contains($0.declared) })
        let cells = layer.passes.map { CellAttributes($0.cell) }
        for cell in cells {
          use(.clip, where: cell.description.clip != nil)
          use(.inputForget, where: cell.description.inputForget)
          use(.outputActivation, where: cell.description.outputActivation != nil)
          use(.activations, where: !cell.activations.allSatisfy(\.isOfFirstVersion))
        }
        use(.peepholes, where: layer.passes.contains { $0.cell.gates.contains { $0.gate.peephole != nil } })
        use(.directionOptions, where: Set(cells.map(\.activations)).count > 1)
      }
      guard let model = reference.model else { continue }
      use(
        .model,
        where: !model.outputs.isEmpty || model.spread != nil || model.trimmed != nil || !model.leftOut.isEmpty
      )
    }
    features = RequiredFeature.allCases.filter(used.contains)
  }
}

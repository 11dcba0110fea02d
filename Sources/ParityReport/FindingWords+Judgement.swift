import Recurrent
import RecurrentConventions
import RecurrentParity

extension FindingWords {
  /// Of a run by its own weights.
  init(_ pass: LayerPassJudgement, of reference: Reference) {
    let side = Sides.Side(
      name: reference.name, framework: reference.framework, convention: reference.convention,
      cell: pass.pass.cell)
    let names = reference.layers.map(\.nameOfUser)
    self.init(
      convention: reference.convention,
      sides: Sides(run: side, declared: side, original: nil, layerNames: names), layerNames: names)
  }

  /// Of one reference's states by another's weights.
  init(_ pass: CrossPassJudgement, of check: CrossJudgement, in judgement: CaseJudgement) {
    let references = judgement.parityCase.references
    let own = references.first { $0.name == check.statesOf }
    let other = references.first { $0.name == check.weightsOf }
    let names = own?.layers.map(\.nameOfUser) ?? []
    let sides: Sides? =
      if let run = own?.side(pass.layer, pass.direction),
        let weights = other?.side(pass.otherLayer, pass.direction)
      {
        Sides(run: run, declared: weights, original: judgement.original, layerNames: names)
      } else { nil }
    self.init(
      convention: other?.convention, sides: sides, layerNames: names)
  }
}

extension Reference {
  /// Nil where the layer has no such direction.
  fileprivate func side(_ layer: Int, _ direction: Direction) -> Sides.Side? {
    guard layers.indices.contains(layer),
      let pass = layers[layer].passes.first(where: { $0.direction == direction })
    else { return nil }
    return Sides.Side(name: name, framework: framework, convention: convention, cell: pass.cell)
  }
}

extension RecordedLayer {
  /// The module's path where that is known, else the layer's.
  fileprivate var nameOfUser: String { module ?? name }
}

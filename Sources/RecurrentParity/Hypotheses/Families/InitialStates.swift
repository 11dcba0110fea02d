import Recurrent

/// Other states to start from.
extension HypothesisCatalogue {
  var initialStates: [Hypothesis] {
    var all: [Hypothesis] = []
    let own = problem.initialState ?? cell.zeroState(batch: problem.valid.batch)
    func starting(_ mistake: Mistake, from state: State<Double>?) {
      let state = state ?? cell.zeroState(batch: problem.valid.batch)
      guard state != own, state.h.columns == own.h.columns, state.c?.columns == own.c?.columns else { return }
      all.append(Hypothesis(mistake, .initialState, .problem { $0.initialState = state }))
    }
    starting(Mistake(.initialStateIgnored), from: nil)
    if let other = context.otherPass {
      starting(Mistake(.initialStateDirectionSwapped), from: other.initialState)
    }
    for (layer, recorded) in context.parameters.layers.enumerated() where layer != context.layer {
      // The same direction's first: that a layer is wrong is simpler than that both are.
      let passes = recorded.passes.indices.filter {
        recorded.passes[$0].cell.kind == cell.kind && recorded.passes[$0].initialState != nil
      }
      let (same, opposite) = (
        passes.filter { recorded.passes[$0].direction == problem.direction },
        passes.filter { recorded.passes[$0].direction != problem.direction }
      )
      for pass in same {
        starting(
          Mistake(.initialStateLayerSwapped, "\(layer)"), from: context.declared(layer, pass).initialState)
      }
      for pass in opposite {
        starting(
          Mistake(.initialStateLayerSwapped, "\(layer) \(recorded.passes[pass].direction.rawValue)"),
          from: context.declared(layer, pass).initialState)
      }
    }
    return all
  }
}

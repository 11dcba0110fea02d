import Recurrent

/// States that were carried on from the wrong place: each step started from what another layer, or the other direction,
/// had at the step before.
extension HypothesisCatalogue {
  var foreignStates: [Hypothesis] {
    guard problem.previous.h != nil else { return [] }
    return context.reference.layers.enumerated().flatMap { index, layer in
      layer.passes.indices.flatMap { pass -> [Hypothesis] in
        guard (index, pass) != (context.layer, context.pass) else { return [] }
        let other = layer.passes[pass]
        let name = layer.passes.count == 1 ? "\(index)" : "\(index) \(other.direction.rawValue)"
        return carrying(from: name, other.states)
      }
    }
  }

  private func carrying(from name: String, _ states: RecordedStates) -> [Hypothesis] {
    guard let h = states.h, let own = problem.previous.h, h.hasAxes(of: own) else { return [] }
    func hypothesis(_ parameter: String, c: RecordedSequence?) -> Hypothesis {
      Hypothesis(
        Mistake(.stateCarriedFrom, parameter), [.carrying],
        .problem { $0.previous = RecordedStates(h: h, c: c ?? $0.previous.c) })
    }
    guard cell.kind == .lstm else { return [hypothesis(name, c: nil)] }
    let c = states.c.flatMap { c in problem.previous.c.map { (c, $0) } }
    guard let (c, ownC) = c, c.hasAxes(of: ownC) else { return [hypothesis("\(name), h alone", c: nil)] }
    return [hypothesis(name, c: c), hypothesis("\(name), h alone", c: nil)]
  }
}

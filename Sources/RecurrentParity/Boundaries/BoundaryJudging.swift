import Recurrent

/// Judges what lies between the layers of two references, and the ends of their models, in the order of the data.
struct BoundaryJudging {
  let parityCase: ParityCase
  let reference: Reference
  let other: Reference
  /// Layers of the two that are one: those of `reference` ascending. Halves of one may have one partner each.
  let layers: [(own: Int, other: Int)]
  /// Whether the ends of the models are judged too.
  let includesEnds: Bool

  /// Of layers without their models the first input alone, where both record it, and the states that a model made.
  func judgements() -> [BoundaryJudgement] {
    guard let model = reference.model, let otherModel = other.model else {
      let areFed =
        layers.contains { $0 == (0, 0) } && reference.layers[0].input != nil && other.layers[0].input != nil
      return (areFed ? [layerInput(0, 0, unmeasured: .given)].compactMap { $0 } : [])
        + layers.flatMap { initialStates($0.own, $0.other) }
    }
    var judgements: [BoundaryJudgement] = []
    if includesEnds {
      judgements += ends(model.inputs, otherModel.inputs, { .modelInput($0) }, unmeasured: .given)
    }
    for (own, partner) in layers {
      if let judgement = layerInput(own, partner) { judgements.append(judgement) }
      judgements += initialStates(own, partner)
    }
    if includesEnds {
      judgements += ends(model.outputs, otherModel.outputs, { .modelOutput($0) }, unmeasured: .computed)
    }
    return judgements
  }

  // MARK: Ends

  /// What the models took or returned: by name; what is left by its shape where that leaves no choice.
  private func ends(
    _ own: [RecordedArray], _ others: [RecordedArray], _ boundary: (String) -> Boundary,
    unmeasured: BoundaryComparison.Unmeasured
  ) -> [BoundaryJudgement] {
    let pairing = ArrayPairing(own, others)
    let paired = pairing.pairs.map { pair in
      compared(
        boundary(pair.own.name), boundary(pair.other.name),
        BoundaryValues(pair.own, format: reference.coarsestFormat),
        BoundaryValues(pair.other, format: other.coarsestFormat), mayExchange: true, unmeasured: unmeasured)
    }
    // An input that one of the two does without shows in what its layers are fed. An output is what is asked for.
    let isOpen = unmeasured == .computed || (!pairing.own.isEmpty && !pairing.others.isEmpty)
    let left = pairing.own.map { ($0, reference) } + pairing.others.map { ($0, other) }
    return paired
      + left.map { array, owner in
        let isJudged = unmeasured == .computed && owner.returnsAsFinalStates(array)
        return BoundaryJudgement(
          reference: reference.name, other: other.name, boundary: boundary(array.name),
          otherBoundary: boundary(array.name),
          outcome: isOpen && !isJudged
            ? .undecided(.onlyIn(owner.name)) : .notCompared(onlyIn: owner.name), evidence: .exact)
      }
  }

  // MARK: Layers

  private func layerInput(
    _ own: Int, _ partner: Int, unmeasured: BoundaryComparison.Unmeasured = .computed
  ) -> BoundaryJudgement? {
    guard let fed = input(own, of: reference), let otherFed = input(partner, of: other) else { return nil }
    return compared(
      .layerInput(own), .layerInput(partner),
      BoundaryValues(
        fed, valid: parityCase.valid(in: reference.layers[own]), format: reference.coarsestFormat),
      BoundaryValues(
        otherFed, valid: parityCase.valid(in: other.layers[partner]), format: other.coarsestFormat),
      unmeasured: unmeasured)
  }

  private func input(_ layer: Int, of reference: Reference) -> RecordedSequence? {
    reference.layers[layer].input ?? (layer == 0 ? parityCase.input : nil)
  }

  /// The states that one of the two models made itself.
  private func initialStates(_ own: Int, _ partner: Int) -> [BoundaryJudgement] {
    reference.layers[own].passes.flatMap { pass in
      let otherPass = other.layers[partner].passes.first {
        $0.direction == pass.direction && $0.cell.kind == pass.cell.kind
      }
      guard let otherPass, pass.hasStateOfItsOwn || otherPass.hasStateOfItsOwn else {
        return [BoundaryJudgement]()
      }
      return StateKind.allCases.compactMap { kind in
        guard let state = pass.start(parityCase.batch(reference.layers[own]))[kind],
          let otherState = otherPass.start(parityCase.batch(other.layers[partner]))[kind]
        else { return nil }
        return compared(
          .initialState(layer: own, direction: pass.direction, kind),
          .initialState(layer: partner, direction: pass.direction, kind),
          BoundaryValues(state, format: reference.coarsestFormat),
          BoundaryValues(otherState, format: other.coarsestFormat))
      }
    }
  }

  // MARK: One boundary

  private func compared(
    _ boundary: Boundary, _ otherBoundary: Boundary, _ own: BoundaryValues, _ others: BoundaryValues,
    mayExchange: Bool = false, unmeasured: BoundaryComparison.Unmeasured = .computed
  ) -> BoundaryJudgement {
    var (own, others) = (own, others)
    let (spread, otherSpread) = (reference.model?.spread, other.model?.spread)
    own.spread = spread?.boundaries[boundary]
    others.spread = otherSpread?.boundaries[otherBoundary]
    var pinning = Pinning(reference, other)
    // Where one is pinned to the other, that one counts as it is with the same outputs held, if it was measured so.
    switch pinning {
    case .first:
      if let held = otherSpread?.held[otherBoundary] { (others.spread, pinning) = (held, .both) }
    case .second:
      if let held = spread?.held[boundary] { (own.spread, pinning) = (held, .both) }
    case .none, .both: break
    }
    let compared = { (others: BoundaryValues) in
      BoundaryComparison(own, others, pinning: pinning, mayExchange: mayExchange, unmeasured: unmeasured)
    }
    let comparison = compared(others)
    return BoundaryJudgement(
      reference: reference.name, other: other.name, boundary: boundary, otherBoundary: otherBoundary,
      outcome: comparison.outcome, evidence: comparison.evidence, figures: comparison.figures,
      isExchanged: comparison.isExchanged, relation: relation(own, others, comparison.outcome, compared))
  }
}

extension BoundaryJudging {
  /// What makes the one array of the other, where they differ by it alone.
  private func relation(
    _ own: BoundaryValues, _ others: BoundaryValues, _ outcome: BoundaryJudgement.Outcome,
    _ compared: (BoundaryValues) -> BoundaryComparison
  ) -> ArrayRelation? {
    guard case .differs(.values) = outcome else { return nil }
    return RelationSearch(own, others)?.relation { made in
      var changed = others
      changed.values = .floats(made, others.format)
      return compared(changed).outcome == .agrees
    }
  }
}

extension RecordedPass {
  /// Whether its initial state is no input of the model: what it is then differs by rounding.
  var hasStateOfItsOwn: Bool { initialStateSource == .computed || initialStateSource == .carried }

  /// The state it starts from, zeros where none is recorded.
  fileprivate func start(_ batch: Int) -> State<Double> { initialState ?? cell.zeroState(batch: batch) }
}

extension ParityCase {
  /// The number of sequences of a layer.
  fileprivate func batch(_ layer: RecordedLayer) -> Int { valid(in: layer).batch }
}

extension Reference {
  /// The coarsest format that one of its layers is judged in.
  fileprivate var coarsestFormat: FloatFormat {
    layers.flatMap(\.passes).map(\.format).max { $0.unitRoundoff < $1.unitRoundoff } ?? .float32
  }
}

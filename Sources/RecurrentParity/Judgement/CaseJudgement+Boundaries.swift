import Recurrent

extension CaseJudgement {
  /// The boundaries that differ, as findings: of two free runs the first alone, since what follows it may follow from
  /// it; of a run that was pinned to the other every one.
  public var boundaryFindings: [Finding] {
    var told: Set<[String]> = []
    return boundaries.compactMap { judgement in
      guard case .differs(let difference) = judgement.outcome,
        told.insert([judgement.reference, judgement.other]).inserted || isPinned(judgement)
      else { return nil }
      return departure(judgement, difference).map { Finding(.boundary($0), at: place(judgement, difference)) }
    }
  }

  private func isPinned(_ judgement: BoundaryJudgement) -> Bool {
    guard let a = reference(judgement.reference), let b = reference(judgement.other) else { return false }
    return Pinning(a, b) != .none
  }

  private func reference(_ name: String) -> Reference? {
    references.first { $0.reference.name == name }?.reference
  }

  /// A boundary that differs, with the layers around it.
  public func departure(
    _ judgement: BoundaryJudgement, _ difference: BoundaryDifference
  ) -> BoundaryDeparture? {
    guard let layers = reference(judgement.reference)?.layers else { return nil }
    let (before, after): (Int?, Int?) =
      switch judgement.boundary {
      case .modelInput: (nil, nil)
      case .modelOutput: (layers.count - 1, nil)
      case .layerInput(let layer): (layer > 0 ? layer - 1 : nil, layer)
      case .initialState(let layer, _, _): (nil, layer)
      }
    return BoundaryDeparture(
      reference: judgement.reference, other: judgement.other, boundary: judgement.boundary,
      layer: after.map { layers[$0].name }, layerBefore: before.map { layers[$0].name },
      difference: difference, isMeasured: judgement.evidence != .none, isExchanged: judgement.isExchanged,
      relation: judgement.relation)
  }

  /// The layer that is fed or started, or that is last before the model's end, and where in it.
  private func place(_ judgement: BoundaryJudgement, _ difference: BoundaryDifference) -> FindingPlace {
    var place =
      switch judgement.boundary {
      case .modelInput: FindingPlace(layer: 0, direction: .forward)
      case .modelOutput:
        FindingPlace(
          layer: (reference(judgement.reference)?.layers.count ?? 1) - 1, direction: .forward)
      case .layerInput(let layer): FindingPlace(layer: layer, direction: .forward)
      case .initialState(let layer, let direction, _): FindingPlace(layer: layer, direction: direction)
      }
    if case .values(_, .at(let axis, let index)) = difference {
      place.narrow(judgement.boundary, axis, index)
    }
    return place
  }
}

extension FindingPlace {
  /// To one index along an axis, where the axes have a meaning: (T, B, I) of what a layer is fed, (B, H) of a state.
  fileprivate mutating func narrow(_ boundary: Boundary, _ axis: Int, _ index: Int) {
    let axes: [WritableKeyPath<FindingPlace, [Int]>] =
      switch boundary {
      case .layerInput: [\.timesteps, \.sequences, \.units]
      case .initialState: [\.sequences, \.units]
      case .modelInput, .modelOutput: []
      }
    if axes.indices.contains(axis) { self[keyPath: axes[axis]] = [index] }
  }
}

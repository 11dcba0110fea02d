import Recurrent

extension ParityCase {
  /// Judges every reference by its own formula, and every ordered pair of references crosswise.
  public func judged(_ options: JudgingOptions = JudgingOptions()) -> CaseJudgement {
    let selected = references.filter { options.references?.contains($0.name) ?? true }
    let groups = ReferenceGroups(selected)
    let judgements = groups.judgedOnce { judged($0, layers: selectedLayers($0, options), options) }
    let cross = groups.pairsJudgedOnce(ordered: true) { a, b in
      crossJudgement(statesOf: a, weightsOf: b, layers: selectedLayers(a, options), options)
    }
    let checks = cross.map { a, b, judgement in
      var judgement = judgement
      (judgement.statesOf, judgement.weightsOf) = (a.name, b.name)
      return judgement
    }
    let boundaries = groups.pairsJudgedOnce(ordered: false) { self.boundaries($0, $1, options) }
    return CaseJudgement(
      parityCase: self,
      references: judgements.map { reference, judgement in
        ReferenceJudgement(reference: reference, passes: judgement.passes)
      }.comparedWithEachOther(checks),
      cross: checks,
      boundaries: boundaries.flatMap { a, b, judgements in
        judgements.map { judgement in
          var judgement = judgement
          (judgement.reference, judgement.other) = (a.name, b.name)
          return judgement
        }
      }, original: selected.first { $0.name == options.original }?.name,
      bits: options.comparesBits ? comparedByBits(selected) { selectedLayers($0, options) } : [])
  }

  private func boundaries(
    _ own: Reference, _ other: Reference, _ options: JudgingOptions
  ) -> [BoundaryJudgement] {
    let layers = selectedLayers(own, options)
    return BoundaryJudging(
      parityCase: self, reference: own, other: other,
      layers: LayerPairing(own, other).layerPairs.filter { layers.contains($0.own) },
      includesEnds: options.layers == nil
    ).judgements()
  }

  private func selectedLayers(_ reference: Reference, _ options: JudgingOptions) -> [Int] {
    reference.layers.indices.filter { options.layers?.contains($0) ?? true }
  }

  private func judged(
    _ reference: Reference, layers: [Int], _ options: JudgingOptions
  ) -> ReferenceJudgement {
    let analysis = ReferenceAnalysis(parityCase: self, reference: reference, options: options)
    // The free run has to go step by step: it goes beside the layers, which do not wait for each other.
    let parts = ([nil] + layers.map { Optional($0) }).concurrentMap { layer in
      layer.map { Part.judgements(analysis.judgements(layer: $0)) }
        ?? .freeRunning(
          options.runsFreely
            ? reference.freeRunning(
              on: self, tolerance: options.tolerance, windowBytes: options.windowBytes) : nil)
    }
    guard case .freeRunning(let freeRunning) = parts[0] else { preconditionFailure("the free run is first") }
    var passes: [LayerPassJudgement] = []
    for (layer, part) in zip(layers, parts.dropFirst()) {
      guard case .judgements(let judgements) = part else { continue }
      for (index, judgement) in judgements.enumerated() {
        passes.append(
          LayerPassJudgement(
            layer: layer, name: reference.layers[layer].name, pass: reference.layers[layer].passes[index],
            judgement: judgement, freeRunning: freeRunning?[layer][index] ?? .unknown))
      }
    }
    passes = passes.concurrentMap { pass in
      var pass = pass
      if pass.isAmplified {
        pass.judgement.findings.append(
          Finding(.amplification, at: FindingPlace(layer: pass.layer, direction: pass.pass.direction)))
      }
      if pass.isAmplified || options.measuresGrowth {
        pass.freeRunning.growthPerStep = Growth.perStep(
          pass.pass.run, input: analysis.likelyInput(pass.layer),
          times: valid(in: reference.layers[pass.layer]).times(0, pass.pass.direction))
      }
      return pass
    }
    return ReferenceJudgement(reference: reference, passes: passes.decidedFromAbove)
  }
}

extension LayerPassJudgement {
  /// Whether only the network makes much of what is rounding in every step.
  fileprivate var isAmplified: Bool {
    judgement.verdict == .match && freeRunning.isAmplified(from: judgement.figures.maxResidual)
  }
}

/// One part of a reference's judgement, as they are made beside each other.
private enum Part: Sendable {
  case freeRunning([[FreeRunning]]?)
  case judgements([PassJudgement])
}

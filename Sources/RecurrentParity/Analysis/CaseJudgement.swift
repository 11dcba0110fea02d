import Recurrent

/// What was found of one case.
public struct CaseJudgement: Sendable {
  public var parityCase: ParityCase
  public var references: [ReferenceJudgement]
  public var cross: [CrossJudgement]

  public var verdict: Verdict { (references.map(\.verdict) + cross.map(\.verdict)).worst }
}

/// What was found of one reference, by its own parameters.
public struct ReferenceJudgement: Sendable {
  public var reference: Reference
  /// One entry for each layer and direction, in data-flow order, forward first.
  public var passes: [LayerPassJudgement]

  public var verdict: Verdict { passes.map(\.judgement.verdict).worst }
}

/// One direction of one layer of a reference.
public struct LayerPassJudgement: Sendable {
  public var layer: Int
  public var name: String
  public var pass: RecordedPass
  public var judgement: PassJudgement
  public var freeRunning: FreeRunning
}

/// What to judge, and by which tolerance of the user's beside the verdict.
public struct JudgingOptions: Sendable {
  /// Names of references to judge; nil for all. Cross checks need both sides.
  public var references: Set<String>?
  /// Layers to judge; nil for all.
  public var layers: Set<Int>?
  /// Whether what is flagged is also explained; it takes longer.
  public var diagnoses: Bool
  /// Whether Swift's own run from the input alone is made and compared; it goes step by step, and takes time.
  public var runsFreely: Bool
  /// Whether the growth of a disturbance is measured everywhere, not only where rounding is amplified.
  public var measuresGrowth: Bool
  /// Gates the free-running difference; does not change a verdict.
  public var tolerance: Tolerance?

  public init(
    references: Set<String>? = nil, layers: Set<Int>? = nil, tolerance: Tolerance? = nil,
    diagnoses: Bool = true, runsFreely: Bool = true, measuresGrowth: Bool = false
  ) {
    self.references = references
    self.layers = layers
    self.diagnoses = diagnoses
    self.runsFreely = runsFreely
    self.measuresGrowth = measuresGrowth
    self.tolerance = tolerance
  }
}

extension ParityCase {
  /// Judges every reference by its own formula, and every ordered pair of references crosswise.
  public func judged(_ options: JudgingOptions = JudgingOptions()) -> CaseJudgement {
    let selected = references.filter { options.references?.contains($0.name) ?? true }
    let judgements = selected.concurrentMap { reference in
      judged(reference, layers: selectedLayers(reference, options), options)
    }
    let pairs = selected.flatMap { a in selected.filter { $0.name != a.name }.map { (a, $0) } }
    let cross = pairs.concurrentMap { a, b in
      crossJudgement(statesOf: a, weightsOf: b, layers: selectedLayers(a, options), options)
    }
    return CaseJudgement(parityCase: self, references: judgements, cross: cross)
  }

  private func selectedLayers(_ reference: Reference, _ options: JudgingOptions) -> [Int] {
    reference.layers.indices.filter { options.layers?.contains($0) ?? true }
  }

  private func judged(
    _ reference: Reference, layers: [Int], _ options: JudgingOptions
  ) -> ReferenceJudgement {
    let analysis = ReferenceAnalysis(parityCase: self, reference: reference, diagnoses: options.diagnoses)
    // The free run has to go step by step: it goes beside the layers, which do not wait for each other.
    let parts = ([nil] + layers.map { Optional($0) }).concurrentMap { layer in
      layer.map { Part.judgements(analysis.judgements(layer: $0)) }
        ?? .freeRunning(
          options.runsFreely ? reference.freeRunning(on: self, tolerance: options.tolerance) : nil)
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
        pass.judgement.notes.append("every step is exact to rounding, and the network amplifies it")
      }
      if pass.isAmplified || options.measuresGrowth {
        pass.freeRunning.growthPerStep = Growth.perStep(
          pass.pass.run, input: analysis.likelyInput(pass.layer), length: lengths[0])
      }
      return pass
    }
    return ReferenceJudgement(reference: reference, passes: passes.decidedFromAbove)
  }
}

extension LayerPassJudgement {
  /// Whether only the network makes much of what is rounding in every step.
  fileprivate var isAmplified: Bool {
    judgement.verdict == .match && freeRunning.isAmplified(from: judgement.maxResidual)
  }
}

/// One part of a reference's judgement, as they are made beside each other.
private enum Part: Sendable {
  case freeRunning([[FreeRunning]]?)
  case judgements([PassJudgement])
}

/// A judgement of one direction of one layer, which may rest on nothing recorded in that layer.
protocol LayerJudged {
  var layer: Int { get }
  /// Whether anything of the pass itself was judged.
  var isDecided: Bool { get }
  /// What the pass is found to be.
  var found: Verdict { get }
  /// Takes over what a layer above shows, or nil where none shows anything.
  mutating func decide(_ verdict: Verdict?, by layer: Int?)
}

extension Array where Element: LayerJudged {
  /// A layer without any recorded value is judged through the next layer that has one.
  var decidedFromAbove: [Element] {
    var result = self
    for index in indices where !self[index].isDecided {
      let above = filter { $0.layer > self[index].layer && $0.isDecided }
      let next = above.map(\.layer).min()
      result[index].decide(
        next.map { layer in above.filter { $0.layer == layer }.map(\.found).worst }, by: next)
    }
    return result
  }
}

extension LayerPassJudgement: LayerJudged {
  var isDecided: Bool { !judgement.timesteps.isEmpty }
  var found: Verdict { judgement.verdict }
  mutating func decide(_ verdict: Verdict?, by layer: Int?) { judgement.decide(verdict, by: layer) }
}

extension CrossPassJudgement: LayerJudged {
  var isDecided: Bool { !stepwise.timesteps.isEmpty }
  var found: Verdict { stepwise.verdict }
  mutating func decide(_ verdict: Verdict?, by layer: Int?) {
    stepwise.decide(verdict, by: layer)
    self.verdict = Swift.max(self.verdict, stepwise.verdict)
  }
}

extension PassJudgement {
  fileprivate mutating func decide(_ verdict: Verdict?, by layer: Int?) {
    self.verdict = verdict ?? .inconclusive
    notes.append(
      layer.map { "nothing is recorded here: judged through layer \($0)" } ?? "nothing is recorded here")
  }
}

extension CaseJudgement {
  /// Whether a free-running difference exceeds the user's tolerance.
  public var exceedsTolerance: Bool {
    references.contains { $0.passes.contains { $0.freeRunning.firstAboveTolerance != nil } }
  }
}

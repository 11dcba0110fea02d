import Recurrent

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
  mutating func decide(_ verdict: Verdict?, by layer: Int?) {
    judgement.decide(verdict, by: layer, at: FindingPlace(layer: self.layer, direction: pass.direction))
  }
}

extension CrossPassJudgement: LayerJudged {
  var isDecided: Bool { !stepwise.timesteps.isEmpty }
  var found: Verdict { stepwise.verdict }
  mutating func decide(_ verdict: Verdict?, by layer: Int?) {
    stepwise.decide(verdict, by: layer, at: FindingPlace(layer: self.layer, direction: direction))
    self.verdict = Swift.max(self.verdict, stepwise.verdict)
  }
}

extension PassJudgement {
  fileprivate mutating func decide(_ verdict: Verdict?, by layer: Int?, at place: FindingPlace) {
    self.verdict = verdict ?? .inconclusive
    findings.append(Finding(.unjudged(layer.map { .throughLayer($0) } ?? .nothingRecorded), at: place))
  }
}

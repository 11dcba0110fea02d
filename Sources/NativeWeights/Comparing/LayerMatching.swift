import Recurrent
import RecurrentConventions
import RecurrentParity

/// Finds which layer of one file is which of another; what is left has no partner.
struct LayerMatching {
  private(set) var first: [ComparableLayer]
  private(set) var second: [ComparableLayer]
  private let firstOrder: [String]
  /// The recurrent layer that each reads, by name, where the file says one.
  private let feeds: (first: [String: String], second: [String: String])

  init(first: [ComparableLayer], second: [ComparableLayer]) {
    self.first = first
    self.second = second
    firstOrder = first.map(\.layer.name)
    func feeds(_ layers: [ComparableLayer]) -> [String: String] {
      var feeds: [String: String] = [:]
      for entry in layers {
        if case .layer(let name) = entry.layer.feed { feeds[entry.layer.name] = name }
      }
      return feeds
    }
    self.feeds = (feeds(first), feeds(second))
  }

  /// In the order of the first file.
  mutating func pairs() -> [ComparedLayer] {
    var pairs: [ComparedLayer] = []
    for layer in first {
      if let index = second.firstIndex(where: { $0.layer.name == layer.layer.name && $0.shape == layer.shape }
      ) {
        pairs.append(take(layer, index, .name))
      }
    }
    for layer in first {
      let fitting = second.indices.filter { second[$0].shape == layer.shape }
      if fitting.count == 1, first.count(where: { $0.shape == layer.shape }) == 1 {
        pairs.append(take(layer, fitting[0], .shape))
      }
    }
    for layer in first {
      let fitting = second.indices.filter { second[$0].shape == layer.shape }
      if let index = fitting.first(where: {
        compared(layer, second[$0]).allSatisfy { $0.agreement < .different }
      }) {
        pairs.append(take(layer, index, .values))
      }
    }
    for layer in first {
      if let index = second.firstIndex(where: { $0.shape == layer.shape }) {
        pairs.append(take(layer, index, .order))
      }
    }
    pairs.sort { place($0.first) < place($1.first) }
    return checkingFeeds(pairs)
  }

  private func place(_ name: String) -> Int { firstOrder.firstIndex(of: name) ?? 0 }

  private mutating func take(
    _ layer: ComparableLayer, _ index: Int, _ pairing: ComparedLayer.Pairing
  ) -> ComparedLayer {
    let other = second.remove(at: index)
    first.removeAll { $0.layer.name == layer.layer.name }
    let options = self.options(layer.layer, other.layer)
    return ComparedLayer(
      first: layer.layer.name, second: other.layer.name, pairing: pairing, passes: compared(layer, other),
      contradictions: options.filter { $0.first != nil && $0.second != nil },
      unsaid: options.filter { $0.first == nil || $0.second == nil })
  }

  private func compared(_ a: ComparableLayer, _ b: ComparableLayer) -> [ComparedPass] {
    let isSwapped =
      a.cells.count == 2
      && zip(a.cells, b.cells.reversed()).allSatisfy { CellComparison($0, $1).agreement < .different }
    return a.cells.indices.map { index in
      let comparison = CellComparison(a.cells[index], b.cells[index])
      let direction = a.layer.passes[index].said.direction ?? b.layer.passes[index].said.direction
      var pass = ComparedPass(direction: direction, parameters: comparison.parameters)
      let formats = (a.cells[index].format, b.cells[index].format)
      if formats.0 != formats.1 { pass.formats = (formats.0.name, formats.1.name) }
      if comparison.agreement == .different {
        pass.relation = isSwapped ? .directionsSwapped : CellRelation(a.cells[index], b.cells[index])
      }
      return pass
    }
  }

  // MARK: Options

  /// Those that the files say otherwise, or that one does not say.
  private func options(_ a: WeightLayer, _ b: WeightLayer) -> [ComparedOption] {
    var options: [ComparedOption] = []
    func add<Value: Equatable>(_ name: String, _ x: Value?, _ y: Value?) {
      guard x != y else { return }
      options.append(
        ComparedOption(name: name, first: x.map { "\($0)" }, second: y.map { "\($0)" }))
    }
    for (own, other) in zip(a.passes, b.passes) {
      let suffix = a.passes.count == 2 ? " (\(own.said.direction?.rawValue ?? "?"))" : ""
      let (x, y) = (own.said, other.said)
      add("activation" + suffix, x.activation, y.activation)
      if x.kind != .rnn { add("recurrentActivation" + suffix, x.recurrentActivation, y.recurrentActivation) }
      if x.kind == .gru { add("resetAfter" + suffix, x.resetAfter, y.resetAfter) }
      if a.passes.count == 1 { add("direction", x.direction, y.direction) }
      // Where these are not said there are none.
      let function = { (said: LayerOptions) in said.outputActivation ?? said.activation }
      if x.outputActivation != nil || y.outputActivation != nil {
        add("outputActivation" + suffix, function(x), function(y))
      }
      add("clip" + suffix, "\(x.clip.map { "\($0)" } ?? "none")", "\(y.clip.map { "\($0)" } ?? "none")")
      add("inputForget" + suffix, x.inputForget ?? false, y.inputForget ?? false)
    }
    if a.passes.count == 2 { add("merge", a.merge, b.merge) }
    if a.otherOptions != b.otherOptions {
      add("other options", a.otherOptions.joined(separator: ", "), b.otherOptions.joined(separator: ", "))
    }
    return options
  }

  /// Layers that read one another in both files read the same ones.
  private func checkingFeeds(_ pairs: [ComparedLayer]) -> [ComparedLayer] {
    let partners = Dictionary(pairs.map { ($0.first, $0.second) }, uniquingKeysWith: { first, _ in first })
    return pairs.map { pair in
      guard let a = feeds.first[pair.first], let b = feeds.second[pair.second] else { return pair }
      var pair = pair
      if partners[a] != b {
        pair.contradictions.append(ComparedOption(name: "reads", first: a, second: b))
      }
      return pair
    }
  }
}

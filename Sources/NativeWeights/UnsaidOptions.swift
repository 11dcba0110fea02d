extension WeightFile {
  /// What has to be given of a layer where a network is made of it, by the names of `LayerOptions`: what the file does not
  /// say.
  public func unsaidOptions(of layer: WeightLayer) -> [String] {
    var names: [String] = []
    func add(_ name: String, _ isSaid: Bool) {
      if !isSaid, !names.contains(name) { names.append(name) }
    }
    for pass in layer.passes {
      add("kind", pass.said.kind != nil)
      add("activation", pass.said.activation != nil)
      add("recurrentActivation", pass.said.kind == .rnn || pass.said.recurrentActivation != nil)
      add("resetAfter", pass.said.kind != .gru || pass.said.resetAfter != nil)
      add("direction", pass.said.direction != nil)
    }
    add("merge", layer.passes.count == 1 || layer.merge != nil)
    return names
  }
}

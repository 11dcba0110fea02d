import Recurrent
import RecurrentConventions

extension WeightFile {
  /// The network of recurrent layers that the file holds, or of those that are named.
  ///
  /// What the file does not say has to be given, and what is given must not contradict it. An option concerns the layers
  /// that have it: `resetAfter` a gru, `merge` a layer of two directions, `direction` one of one.
  ///
  /// - Parameters:
  ///   - options: none, where the file says everything; one without a name, which is about every layer; one for each
  ///     layer of the file, in its order, without names; or those with names, which are the network, in that order. A name
  ///     is a layer's, or that of a module: all its layers then.
  ///   - type: each value is rounded to nearest where it does not fit.
  /// - Throws: `WeightFileError` that names what has to be given, or contradicts; and where the layers are no stack, in
  ///   which each reads what the one below puts out.
  public func network<S: Scalar>(
    _ options: [LayerOptions] = [], as type: S.Type = S.self
  ) throws(WeightFileError) -> Network<S> {
    let chosen = try LayerSelection(file: self, options: options).layers
    var layers: [Layer<S>] = []
    try expectAllGiven(chosen)
    for (index, entry) in chosen.enumerated() {
      if index > 0 { try expect(entry, toRead: chosen[index - 1]) }
      layers.append(try layer(entry).converted(to: type))
    }
    return Network(layers: layers)
  }

  /// Names all that is missing at once, and where it goes.
  func expectAllGiven(_ chosen: [ChosenLayer]) throws(WeightFileError) {
    var missing: [MissingInformation.Options] = []
    var entries: [String] = []
    for entry in chosen {
      let options = unsaidOptions(of: entry.layer).filter { !entry.options.says($0) }
      entries.append(
        "LayerOptions("
          + (["name: \"\(entry.layer.name)\""] + options.map { "\($0): …" }).joined(separator: ", ") + ")")
      if !options.isEmpty { missing.append(.init(layer: entry.layer.name, names: options)) }
    }
    guard let first = chosen.first(where: { !unsaidOptions(of: $0.layer).filter($0.options.lacks).isEmpty })
    else {
      return
    }
    throw error(
      first.layer,
      expected: "what the file does not say to be given, layers: [\(entries.joined(separator: ", "))]",
      found: "no "
        + missing.map { "\($0.names.joined(separator: ", ")) of \($0.layer)" }.joined(separator: "; "),
      missing: .options(missing))
  }

  // MARK: A layer

  func layer(_ entry: ChosenLayer) throws(WeightFileError) -> Layer<Double> {
    let layer = entry.layer
    guard layer.otherOptions.isEmpty else {
      throw error(
        layer, expected: "options that have a formula here", found: layer.otherOptions.joined(separator: ", ")
      )
    }
    var passes: [Pass<Double>] = []
    for pass in layer.passes {
      let said = try pass.said.completed(
        by: entry.options, of: layer, isAlone: layer.passes.count == 1, in: file)
      passes.append(try self.pass(pass, said, layer))
    }
    guard passes.count == 2 else { return Layer(passes: passes) }
    guard let merge = try agreed("merge", layer.merge, entry.options.merge, layer) else {
      throw error(
        layer, expected: "merge, how its two outputs become one, to be given", found: "none in the file")
    }
    guard merge == .concat || layer.passes[0].stateSize == layer.passes[1].stateSize else {
      throw error(
        layer, expected: "two directions of one size, to be merged by \(merge.rawValue)",
        found: layer.passes.map { String($0.stateSize) }.joined(separator: " and "))
    }
    return Layer(passes: passes, merge: merge)
  }

  private func pass(
    _ pass: WeightPass, _ said: LayerOptions, _ layer: WeightLayer
  ) throws(WeightFileError) -> Pass<Double> {
    func given<Value>(_ name: String, _ value: Value?) throws(WeightFileError) -> Value {
      if let value { return value }
      throw error(layer, expected: "\(name) to be given: the file does not say it", found: "nothing")
    }
    let kind = try given("kind", said.kind)
    var description = CellDescription(
      kind: kind, inputSize: pass.inputSize, hiddenSize: pass.hiddenSize,
      activation: try given("activation", said.activation), projectionSize: pass.projectionSize)
    if kind != .rnn {
      description.recurrentActivation = try given("recurrentActivation", said.recurrentActivation)
    }
    if kind == .gru { description.resetAfter = try given("resetAfter", said.resetAfter) }
    description.outputActivation = said.outputActivation
    description.inputForget = said.inputForget ?? false
    description.clip = said.clip
    let direction = try given("direction", said.direction)
    let tensors = try pass.nativeTensors(file: file)
    do {
      return Pass(direction: direction, cell: try layer.convention.cell(description, from: tensors))
    } catch {
      throw WeightFileError(
        file: file, path: pass.tensors[error.tensor]?.path ?? "\(layer.name): \(error.tensor)",
        expected: error.expected, found: error.found)
    }
  }

  private func agreed<Value: Equatable>(
    _ name: String, _ said: Value?, _ given: Value?, _ layer: WeightLayer
  ) throws(WeightFileError) -> Value? {
    if let said, let given, said != given {
      throw error(layer, expected: "\(name) \(said), as the file says", found: "\(given) given")
    }
    return said ?? given
  }

  // MARK: The stack

  func expect(_ entry: ChosenLayer, toRead below: ChosenLayer) throws(WeightFileError) {
    let (layer, lower) = (entry.layer, below.layer)
    let advice = "load them one by one, each by its name in layers"
    switch layer.feed {
    case .layer(lower.name): break
    case .layer(let name), .other(let name):
      throw error(
        layer, expected: "a layer that reads what \(lower.name) puts out",
        found: "one that reads \(name): \(advice)")
    case .unsaid:
      guard entry.isNamed else {
        throw error(
          layer,
          expected:
            "the order of the layers to be given, by layers with the names of those that read one another",
          found: "none in the file, which has \(layers.map(\.name).joined(separator: ", "))",
          missing: .order)
      }
    }
    let merge = lower.merge ?? below.options.merge ?? .concat
    let width =
      lower.passes.count == 2 && merge != .concat
      ? lower.passes[0].stateSize : lower.passes.reduce(0) { $0 + $1.stateSize }
    for pass in layer.passes where pass.inputSize != width {
      throw error(
        layer, expected: "a layer that reads \(width) values, what \(lower.name) puts out",
        found: "\(pass.inputSize)")
    }
    // Keras returns what such a layer puts out in the order in which it was computed, and the next one reads it so.
    let direction = lower.passes.count == 1 ? lower.passes[0].said.direction ?? below.options.direction : nil
    if lower.convention == .keras, direction == .backward, lower.module != layer.module {
      throw error(
        lower, expected: "go_backwards in the last layer alone: the next one reads its output in reverse",
        found: "\(layer.name) above it: \(advice)")
    }
  }

  func error(
    _ layer: WeightLayer, expected: String, found: String, missing: MissingInformation? = nil
  ) -> WeightFileError {
    WeightFileError(
      file: file, path: layer.name, expected: expected, found: found, missing: missing)
  }
}

extension LayerOptions {
  /// Whether the option of that name, as `WeightFile.unsaidOptions(of:)` has them, is given.
  fileprivate func says(_ option: String) -> Bool {
    switch option {
    case "kind": kind != nil
    case "activation": activation != nil
    case "recurrentActivation": recurrentActivation != nil
    case "resetAfter": resetAfter != nil
    case "direction": direction != nil
    case "merge": merge != nil
    default: false
    }
  }

  fileprivate func lacks(_ option: String) -> Bool { !says(option) }

  /// What the file says, and what was given beside it.
  ///
  /// - Parameter isAlone: whether the layer has one pass, whose direction can be given.
  fileprivate func completed(
    by given: LayerOptions, of layer: WeightLayer, isAlone: Bool, in file: String
  ) throws(WeightFileError) -> LayerOptions {
    func agreed<Value: Equatable>(
      _ name: String, _ said: Value?, _ given: Value?
    ) throws(WeightFileError) -> Value? {
      if let said, let given, said != given {
        throw WeightFileError(
          file: file, path: layer.name, expected: "\(name) \(said), as the file says", found: "\(given) given"
        )
      }
      return said ?? given
    }
    var result = self
    result.kind = try agreed("kind", kind, given.kind)
    result.activation = try agreed("activation", activation, given.activation)
    if result.kind != .rnn {
      result.recurrentActivation = try agreed(
        "recurrentActivation", recurrentActivation, given.recurrentActivation)
    }
    if result.kind == .gru { result.resetAfter = try agreed("resetAfter", resetAfter, given.resetAfter) }
    if isAlone { result.direction = try agreed("direction", direction, given.direction) }
    // Only ONNX has these, and its files say them.
    let extras: [(name: String, said: String?, given: String?)] = [
      (
        "outputActivation", outputActivation.map(String.init(describing:)),
        given.outputActivation.map(String.init(describing:))
      ),
      (
        "inputForget", inputForget.map(String.init(describing:)),
        given.inputForget.map(String.init(describing:))
      ),
      ("clip", clip.map(String.init(describing:)), given.clip.map(String.init(describing:))),
    ]
    for extra in extras {
      guard let value = extra.given, value != extra.said, !(extra.said == nil && value == "false") else {
        continue
      }
      throw WeightFileError(
        file: file, path: layer.name,
        expected: extra.said.map { "\(extra.name) \($0), as the file says" }
          ?? "no \(extra.name): the layer has none",
        found: "\(value) given")
    }
    return result
  }
}

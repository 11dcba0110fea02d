import HDF5
import Recurrent
import RecurrentConventions

/// The layout of this project, which says everything that is known of a network: what `rnn_parity convert` writes.
struct DescribedWeights {
  let source: String?
  private(set) var layers: [WeightLayer] = []
  private(set) var others: [StoredTensor] = []
  private let tree: WeightTree

  static let format = "rnn-parity-weights"

  /// Nil for a file of another layout.
  init?(_ tree: WeightTree) throws(WeightFileError) {
    guard try tree.text("format", of: tree.root) == Self.format else { return nil }
    self.tree = tree
    let version = try tree.wrapped { () throws(HDF5Error) in try tree.root.attribute("format_version")?.int()
    }
    guard version == 1 else {
      throw tree.error(
        "/@format_version", expected: "1, the version that this program reads",
        found: version.map(String.init) ?? "nothing")
    }
    source = try tree.text("source", of: tree.root)
    if let group = try tree.group("layers", in: tree.root) {
      let names = try tree.names(in: group)
      for index in names.indices {
        guard let layer = try tree.group(String(index), in: group) else {
          throw tree.error(
            "/layers", expected: "groups 0 to \(names.count - 1)", found: names.joined(separator: ", "))
        }
        layers.append(try self.layer(layer))
      }
    }
    if let group = try tree.group("others", in: tree.root) { others = try tree.tensors(in: group) }
  }

  private func layer(_ group: Group) throws(WeightFileError) -> WeightLayer {
    let name = try required("name", of: group)
    let convention: Convention = try choice("convention", of: group)
    let kind: CellKind = try choice("cell", of: group)
    let directions: [Direction]
    switch try required("direction", of: group) {
    case "forward": directions = [.forward]
    case "backward": directions = [.backward]
    case "bidirectional": directions = [.forward, .backward]
    case let other:
      throw tree.error(
        group.path, expected: "attribute direction forward, backward or bidirectional", found: "\"\(other)\"")
    }
    var passes: [WeightPass] = []
    for direction in directions {
      guard let half = try tree.group(direction.rawValue, in: group),
        let weights = try tree.group("weights", in: half)
      else {
        throw tree.error("\(group.path)/\(direction.rawValue)/weights", expected: "a group", found: "nothing")
      }
      passes.append(try pass(group, half, weights, kind, direction, convention))
    }
    var merge: MergeMode?
    if directions.count == 2, try tree.has(attribute: "merge_mode", of: group) {
      merge = try choice("merge_mode", of: group)
    }
    var other: [String] = []
    if let options = try tree.text("other_options", of: group), options != "{}" { other.append(options) }
    var feed = LayerFeed.unsaid
    if let reads = try tree.text("reads", of: group) {
      feed = layers.contains { $0.name == reads } ? .layer(reads) : .other(reads)
    }
    return WeightLayer(
      name: name, convention: convention, passes: passes, merge: merge, feed: feed, otherOptions: other)
  }

  private func pass(
    _ layer: Group, _ half: Group, _ weights: Group, _ kind: CellKind, _ direction: Direction,
    _ convention: Convention
  ) throws(WeightFileError) -> WeightPass {
    let tensors = try tree.tensors(in: weights)
    let hiddenSize = try int("hidden_size", of: layer)
    guard let hiddenSize, hiddenSize > 0 else {
      throw tree.error(layer.path, expected: "attribute hidden_size above 0", found: "\(hiddenSize ?? 0)")
    }
    let projection = try int("projection_size", of: layer).flatMap { $0 > 0 ? $0 : nil }
    let said = LayerOptions(
      kind: kind, activation: try activation("activation", "", half, layer),
      recurrentActivation: try activation("recurrent_activation", "recurrent_", half, layer),
      outputActivation: try activation("output_activation", "output_", half, layer),
      resetAfter: try bool("reset_after", of: layer), inputForget: try bool("input_forget", of: layer),
      clip: try tree.wrapped { () throws(HDF5Error) in try layer.attribute("clip")?.double() },
      direction: direction)
    let named = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    guard let inputSize = WeightPass.inputSize(of: named, kind, convention) else {
      throw tree.error(
        weights.path, expected: "the input weights of a \(kind.rawValue)",
        found: named.keys.sorted().joined(separator: ", "))
    }
    return WeightPass(
      said: said, inputSize: inputSize, hiddenSize: hiddenSize, projectionSize: projection, tensors: named)
  }

  // MARK: Attributes

  private func required(_ name: String, of group: Group) throws(WeightFileError) -> String {
    guard let text = try tree.text(name, of: group) else {
      throw tree.error(group.path, expected: "attribute \(name)", found: "nothing")
    }
    return text
  }

  private func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ name: String, of group: Group
  ) throws(WeightFileError) -> Value {
    let text = try required(name, of: group)
    guard let value = Value(rawValue: text) else {
      let options = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw tree.error(group.path, expected: "attribute \(name) of \(options)", found: "\"\(text)\"")
    }
    return value
  }

  private func int(_ name: String, of group: Group) throws(WeightFileError) -> Int? {
    try tree.wrapped { () throws(HDF5Error) in try group.attribute(name)?.int() }
  }

  private func bool(_ name: String, of group: Group) throws(WeightFileError) -> Bool? {
    try tree.wrapped { () throws(HDF5Error) in try group.attribute(name)?.bool() }
  }

  /// A direction's own goes before the layer's.
  private func activation(
    _ name: String, _ prefix: String, _ half: Group, _ layer: Group
  ) throws(WeightFileError) -> Activation? {
    for group in [half, layer] {
      guard try tree.has(attribute: name, of: group) else { continue }
      let known: ActivationName = try choice(name, of: group)
      let alpha = try tree.wrapped { () throws(HDF5Error) in try group.attribute(prefix + "alpha")?.double() }
      let beta = try tree.wrapped { () throws(HDF5Error) in try group.attribute(prefix + "beta")?.double() }
      do { return try Activation(known, alpha: alpha, beta: beta) } catch {
        throw tree.error(
          group.path, expected: "attribute \(prefix)\(error.parameter.rawValue): \(error.expected)",
          found: error.found)
      }
    }
    return nil
  }
}

extension WeightPass {
  /// I, from the weights that the input is multiplied with.
  fileprivate static func inputSize(
    of tensors: [String: StoredTensor], _ kind: CellKind, _ convention: Convention
  ) -> Int? {
    let weight = convention.inputWeight(kind)
    guard let shape = tensors[weight.name]?.shape, shape.indices.contains(weight.axis) else { return nil }
    return shape[weight.axis]
  }
}

import HDF5
import Recurrent
import RecurrentConventions

/// Keras's legacy layout: the layers by the attribute `layer_names`, of each its variables by `weight_names`, and in a
/// file of a whole model its configuration.
struct KerasLegacyFile {
  private let tree: WeightTree
  private(set) var format = WeightFormat.kerasLegacyWeights
  let source: String?
  private(set) var layers: [WeightLayer] = []
  private(set) var others: [StoredTensor] = []

  /// Nil for a file of another layout.
  init?(_ tree: WeightTree) throws(WeightFileError) {
    self.tree = tree
    let nested = try tree.group("model_weights", in: tree.root)
    let weights = nested ?? tree.root
    guard let names = try tree.list("layer_names", of: weights) else { return nil }
    var version = try tree.text("keras_version", of: weights)
    if version == nil { version = try tree.text("keras_version", of: tree.root) }
    source = version.map { "keras \($0)" }
    var variables: [KerasVariables] = []
    for name in names {
      guard let group = try tree.group(name, in: weights) else {
        throw tree.error(
          weights.path == "/" ? "/\(name)" : "\(weights.path)/\(name)",
          expected: "a group, as layer_names says", found: "nothing")
      }
      variables.append(try KerasVariables(name, group, tree))
    }
    if let top = try tree.group("top_level_model_weights", in: weights) {
      variables.append(try KerasVariables("top_level_model_weights", top, tree))
    }
    if let text = try tree.text("model_config", of: tree.root) {
      format = .kerasModel
      let model: KerasModel
      do { model = try KerasModel(text, version: version) } catch {
        throw tree.error("/@model_config", expected: error.expected, found: error.found)
      }
      for layer in model.layers { layers.append(try described(layer, &variables)) }
    } else {
      for index in variables.indices { layers += undescribed(&variables[index]) }
    }
    others = variables.flatMap(\.rest)
  }

  // MARK: With a configuration

  private func described(
    _ layer: KerasModel.Layer, _ variables: inout [KerasVariables]
  ) throws(WeightFileError) -> WeightLayer {
    guard let index = variables.firstIndex(where: { $0.layer == layer.path.first }) else {
      throw tree.error(
        "/@model_config", expected: "only layers that layer_names has", found: "\"\(layer.path.first ?? "")\""
      )
    }
    var passes: [WeightPass] = []
    for cell in layer.cells {
      guard var pass = variables[index].take(cell, of: layer) else {
        throw tree.error(
          variables[index].path,
          expected: "the kernel and recurrent_kernel of \(layer.name), \(cell.units) units",
          found: "none of that shape")
      }
      try expect(pass, toBe: cell, of: layer)
      var said = cell.said
      said.resetAfter = said.resetAfter ?? pass.said.resetAfter
      pass.said = said
      passes.append(pass)
    }
    return WeightLayer(
      name: layer.name, module: layer.module, convention: .keras, passes: passes, merge: layer.merge,
      feed: layer.feed, otherOptions: layer.otherOptions)
  }

  private func expect(
    _ pass: WeightPass, toBe cell: KerasModel.Cell, of layer: KerasModel.Layer
  ) throws(WeightFileError) {
    func error(_ expected: String, _ found: String) -> WeightFileError {
      tree.error(
        pass.tensors["kernel"]?.path ?? layer.name, expected: "\(expected), as model_config says",
        found: found)
    }
    guard pass.said.kind == cell.said.kind, pass.hiddenSize == cell.units else {
      throw error(
        "a \(cell.said.kind?.rawValue ?? "cell") of \(cell.units) units",
        "a \(pass.said.kind?.rawValue ?? "cell") of \(pass.hiddenSize)")
    }
    let hasBias = pass.tensors["bias"] != nil
    guard hasBias == cell.usesBias else {
      throw error(cell.usesBias ? "a bias" : "no bias", hasBias ? "one" : "none")
    }
    if let given = cell.said.resetAfter, let found = pass.said.resetAfter, given != found {
      throw error("reset_after \(given)", "a bias of the other kind")
    }
  }

  // MARK: Without

  /// What the names of variables say: a layer of two halves, or cells.
  private func undescribed(_ variables: inout KerasVariables) -> [WeightLayer] {
    var cells: [(head: String, pass: WeightPass)] = []
    for head in variables.cellHeads {
      if let pass = variables.take(head) { cells.append((head, pass)) }
    }
    if cells.count == 2, cells[0].head.isHalf("forward_"), cells[1].head.isHalf("backward_") {
      cells[0].pass.said.direction = .forward
      cells[1].pass.said.direction = .backward
      return [
        WeightLayer(name: variables.layer, convention: .keras, passes: cells.map(\.pass))
      ]
    }
    guard cells.count > 1 else {
      return cells.map { WeightLayer(name: variables.layer, convention: .keras, passes: [$0.pass]) }
    }
    return cells.map { head, pass in
      WeightLayer(
        name: head.hasPrefix(variables.layer + "/")
          ? head.withoutSeparator : "\(variables.layer)/\(head.withoutSeparator)",
        module: variables.layer, convention: .keras, passes: [pass])
    }
  }
}

/// The variables of one layer of a legacy file, which are taken cell by cell.
private struct KerasVariables {
  let layer: String
  let path: String
  private var tensors: NamedTensors
  /// In the order of the file.
  private let order: [String]

  init(_ layer: String, _ group: Group, _ tree: WeightTree) throws(WeightFileError) {
    self.layer = layer
    path = group.path
    order = try tree.list("weight_names", of: group) ?? []
    var tensors: [StoredTensor] = []
    for name in order { tensors.append(try tree.tensor(name, in: group, named: name)) }
    self.tensors = NamedTensors(tensors, file: tree.name)
  }

  /// What the variables of each cell begin with, in the order of the file.
  var cellHeads: [String] {
    var heads: [String] = []
    for name in order where tensors[name] != nil && name.withoutVariableNumber.hasSuffix("recurrent_kernel") {
      heads.append(name.splitBehindLast(["/"]).head)
    }
    return heads
  }

  mutating func take(_ head: String) -> WeightPass? { tensors.takeKerasCell(head) }

  /// The cell of a layer that the configuration describes: the first whose variables are called so.
  mutating func take(_ cell: KerasModel.Cell, of layer: KerasModel.Layer) -> WeightPass? {
    var heads = cellHeads
    func narrow(_ isFit: (String) -> Bool) {
      let fitting = heads.filter(isFit)
      if !fitting.isEmpty { heads = fitting }
    }
    // Names beside the layer's are a matter of the version that wrote them, so they choose among what is there.
    if let own = layer.path.last, layer.path.count > 1 { narrow { $0.components.contains(own) } }
    if layer.cells.count == 2 { narrow { $0.isHalf(cell.isBackwardHalf ? "backward_" : "forward_") } }
    if let name = cell.name { narrow { $0.components.last == name } }
    return heads.first.flatMap { take($0) }
  }

  /// What was not taken, by the layer's name and the variable's.
  var rest: [StoredTensor] {
    let left = order.compactMap { tensors[$0] }
    let short = left.map { $0.name.withoutVariableNumber.components.last ?? $0.name }
    return zip(left, short).map { tensor, leaf in
      let isUnique = short.count { $0 == leaf } == 1
      return tensor.named(isUnique ? "\(layer)/\(leaf)" : "\(layer)/\(tensor.name.withoutVariableNumber)")
    }
  }
}

extension String {
  fileprivate var components: [String] { split(separator: "/").map(String.init) }

  /// Whether a layer in the path is called so.
  fileprivate func isHalf(_ prefix: String) -> Bool { components.contains { $0.hasPrefix(prefix) } }
}

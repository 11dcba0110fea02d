import HDF5
import Recurrent
import RecurrentConventions

/// Keras 3's `.weights.h5`: a group for each layer, named by its class or the attribute that holds it, whose variables are
/// `vars/0`, `vars/1`, …; a recurrent layer's cell is in a group of its own.
struct KerasWeightsFile {
  private(set) var layers: [WeightLayer] = []
  private(set) var others: [StoredTensor] = []

  /// Nil for a file of another layout.
  init?(_ tree: WeightTree) throws(WeightFileError) {
    let tensors = try tree.tensors(in: tree.root)
    guard tensors.contains(where: { $0.name.contains("vars/0") }) else { return nil }
    var groups: [String: [String: StoredTensor]] = [:]
    var order: [String] = []
    for tensor in tensors {
      let (head, number) = tensor.name.splitBehindLast(["/"])
      let owner = head.withoutSeparator.splitBehindLast(["/"])
      guard owner.tail == "vars" else {
        others.append(tensor)
        continue
      }
      if groups[owner.head] == nil { order.append(owner.head) }
      groups[owner.head, default: [:]][number] = tensor
    }
    order.sort { $0.isCounted(before: $1) }

    var cells: [KerasWeightsCell] = []
    for owner in order {
      guard let variables = groups[owner] else { continue }
      let path = owner.withoutSeparator.split(separator: "/").map(String.init)
      if let cell = KerasWeightsCell(path, variables) {
        cells.append(cell)
      } else {
        let name = try Self.name(path, tree)
        for number in variables.keys.sorted(by: { $0.isCounted(before: $1) }) {
          if let variable = variables[number] { others.append(variable.named("\(name)/\(number)")) }
        }
      }
    }
    for cell in cells {
      let name = try Self.name(cell.layer, tree)
      if let half = cell.half {
        if half == .backward { continue }
        let other = cells.first { $0.half == .backward && $0.layer == cell.layer && $0.member == cell.member }
        guard let other else {
          throw tree.error(
            "/" + cell.layer.joined(separator: "/") + "/backward_layer", expected: "a cell", found: "none")
        }
        let passes = zip([cell, other], Direction.allCases).map { cell, direction in
          var pass = cell.pass
          pass.said.direction = direction
          return pass
        }
        layers.append(
          WeightLayer(
            name: cell.member.map { "\(name)/\($0)" } ?? name, module: name, convention: .keras,
            passes: passes,
            otherOptions: cell.member == nil ? [] : ["a stack of cells in each direction"]))
      } else {
        layers.append(
          WeightLayer(
            name: cell.member.map { "\(name)/\($0)" } ?? name, module: name, convention: .keras,
            passes: [cell.pass]))
      }
    }
    if Set(layers.map(\.name)).count < layers.count {
      // Names that several have say nothing: their places do.
      for (index, cell) in cells.filter({ $0.half != .backward }).enumerated() {
        let name = cell.layer.filter { $0 != "layers" }.joined(separator: "/")
        layers[index].module = name
        layers[index].name = cell.member.map { "\(name)/\($0)" } ?? name
      }
    }
  }

  /// The names of layers that lie in one another: what their groups say, where they say it, else the groups' own.
  private static func name(_ path: [String], _ tree: WeightTree) throws(WeightFileError) -> String {
    var group: Group? = tree.root
    var names: [String] = []
    for part in path {
      group = if let parent = group { try tree.group(part, in: parent) } else { nil }
      guard part != "layers" else { continue }
      var name = part
      if let group, let variables = try tree.group("vars", in: group) {
        name = try tree.text("name", of: variables) ?? part
      }
      names.append(name)
    }
    return names.joined(separator: "/")
  }
}

/// A cell in a `.weights.h5`, and where it is.
private struct KerasWeightsCell {
  /// The groups that lead to the layer.
  let layer: [String]
  /// Of a layer that is one of a `Bidirectional`'s halves.
  let half: Direction?
  /// Of one cell among several of a layer.
  let member: String?
  let pass: WeightPass

  init?(_ path: [String], _ variables: [String: StoredTensor]) {
    guard let kernel = variables["0"], let recurrent = variables["1"], variables.count <= 3,
      variables.count == 2 || variables["2"] != nil,
      let pass = WeightPass(kernel: kernel, recurrentKernel: recurrent, bias: variables["2"])
    else { return nil }
    var rest = path
    if rest.last == "cell" {
      rest.removeLast()
      member = nil
    } else if rest.count >= 3, rest[rest.count - 2] == "cells", rest[rest.count - 3] == "cell" {
      member = rest.last
      rest.removeLast(3)
    } else {
      return nil
    }
    switch rest.last {
    case "forward_layer": half = .forward
    case "backward_layer": half = .backward
    default: half = nil
    }
    layer = half == nil ? rest : rest.dropLast()
    self.pass = pass
  }
}

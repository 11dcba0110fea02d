import FixtureEditing
import HDF5
import Recurrent
import RecurrentConventions
import Testing

extension FixtureTree {
  /// Says that the file is of version 2: nothing that version 1 has means something else there.
  mutating func raiseVersion() throws { try setAttribute("format_version", of: "/", to: 2) }

  /// The common input as each first layer's own, with the lengths.
  mutating func giveInputToLayers() throws {
    let (input, lengths) = (try #require(datasets["/input"]), datasets["/lengths"])
    try remove("/input")
    if lengths != nil { try remove("/lengths") }
    for reference in references {
      datasets["\(reference)/layers/0/input"] = input
      datasets["\(reference)/layers/0/lengths"] = lengths
    }
  }

  /// What a layer reads of the one below as its own input, and with it axes of its own, where all steps are valid.
  mutating func giveOwnInput(_ layer: String) throws {
    let names = layer.split(separator: "/")
    let number = try #require(names.last.flatMap { Int($0) })
    let below = "/" + names.dropLast().joined(separator: "/") + "/\(number - 1)/output"
    let output: DatasetValue = try #require(datasets[below])
    datasets["\(layer)/input"] = output
  }

  /// The same layer once more.
  mutating func copyLayer(_ layer: String, to other: String) {
    for (path, value) in groups where path == layer || path.hasPrefix(layer + "/") {
      groups[other + path.dropFirst(layer.count)] = value
    }
    for (path, value) in datasets where path.hasPrefix(layer + "/") {
      datasets[other + path.dropFirst(layer.count)] = value
    }
  }

  /// Takes the weights of a layer away: they are those of another.
  mutating func shareWeights(of layer: String, with other: Int) throws {
    try setAttribute("weights_of", of: layer, to: .int(other))
    for pass in passes where pass.hasPrefix(layer + "/") { try remove("\(pass)/weights") }
  }

  /// A plain RNN's weights in Keras are Flax's, but for their names.
  mutating func writeKerasAsFlax() throws {
    try setAttribute("convention", of: "/references/keras", to: "flax")
    for pass in passes where pass.hasPrefix("/references/keras/") {
      for (name, other) in [("kernel", "i/kernel"), ("recurrent_kernel", "h/kernel"), ("bias", "i/bias")] {
        try move("\(pass)/weights/\(name)", to: "\(pass)/weights/\(other)")
      }
      groups["\(pass)/weights/i"] = [:]
      groups["\(pass)/weights/h"] = [:]
    }
  }

  /// The paths of the references.
  var references: [String] {
    groups.keys.filter { $0.hasPrefix("/references/") && $0.split(separator: "/").count == 2 }.sorted()
  }

  /// The paths of the layers.
  var layers: [String] {
    groups.keys.filter {
      let names = $0.split(separator: "/")
      return names.count == 4 && names[2] == "layers"
    }.sorted()
  }

  /// The paths of the direction groups.
  var passes: [String] {
    groups.keys.filter {
      $0.split(separator: "/").count == 5 && ($0.hasSuffix("/forward") || $0.hasSuffix("/backward"))
    }.sorted()
  }
}

extension DatasetValue {
  init(mask: [Bool], shape: [Int]) { self.init(.bools(mask), shape: shape) }
}

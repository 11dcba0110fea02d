import Recurrent

/// A layer of the file that is to be one of the network.
struct ChosenLayer {
  var layer: WeightLayer
  var options: LayerOptions
  /// Whether somebody put it in its place by name.
  var isNamed: Bool
}

/// Which layers of a file options are about.
struct LayerSelection {
  /// In the order of the network.
  private(set) var layers: [ChosenLayer] = []

  init(file: WeightFile, options: [LayerOptions]) throws(WeightFileError) {
    guard !file.layers.isEmpty else {
      throw WeightFileError(file: file.file, path: "/", expected: "a recurrent layer", found: "none")
    }
    let named = options.filter { $0.name != nil }
    guard named.isEmpty || named.count == options.count else {
      throw WeightFileError(
        file: file.file, path: "layers", expected: "a name in every entry, or in none",
        found: "\(named.count) of \(options.count) with one")
    }
    if options.isEmpty || options.count == 1 && named.isEmpty {
      let given = options.first ?? LayerOptions()
      layers = file.layers.map { ChosenLayer(layer: $0, options: given, isNamed: false) }
    } else if named.isEmpty {
      guard options.count == file.layers.count else {
        throw WeightFileError(
          file: file.file, path: "layers",
          expected: "\(file.layers.count) entries, for \(Self.names(file))", found: "\(options.count)")
      }
      layers = zip(file.layers, options).map { ChosenLayer(layer: $0, options: $1, isNamed: false) }
    } else {
      for entry in named { layers += try Self.named(entry, in: file) }
    }
  }

  private static func named(
    _ options: LayerOptions, in file: WeightFile
  ) throws(WeightFileError) -> [ChosenLayer] {
    let name = options.name ?? ""
    let exact = file.layers.filter { $0.name == name }
    var found = exact.isEmpty ? file.layers.filter { $0.module == name } : exact
    guard !found.isEmpty else {
      throw WeightFileError(
        file: file.file, path: "layers", expected: "one of \(names(file))", found: "\"\(name)\"")
    }
    guard exact.count < 2 else {
      throw WeightFileError(
        file: file.file, path: "layers", expected: "one layer of the name \"\(name)\"",
        found: "\(exact.count)")
    }
    if let backward = options.backward {
      guard found.count == 1, found[0].passes.count == 1 else {
        throw WeightFileError(
          file: file.file, path: name, expected: "a layer of one direction, where backward is given",
          found: "another")
      }
      guard let other = file.layers.first(where: { $0.name == backward }), other.passes.count == 1,
        other.passes[0].inputSize == found[0].passes[0].inputSize
      else {
        throw WeightFileError(
          file: file.file, path: "layers",
          expected: "backward to be the name of another layer of one direction that reads as much",
          found: "\"\(backward)\"")
      }
      var passes = found[0].passes + other.passes
      for (index, direction) in Direction.allCases.enumerated() {
        if let said = passes[index].said.direction, said != direction {
          throw WeightFileError(
            file: file.file, path: index == 0 ? name : backward,
            expected: "a \(direction.rawValue) direction",
            found: said.rawValue)
        }
        passes[index].said.direction = direction
      }
      found[0].passes = passes
    }
    // A module's own layers are in the order that it has them, or in none.
    return found.enumerated().map { index, layer in
      ChosenLayer(layer: layer, options: options, isNamed: index == 0)
    }
  }

  private static func names(_ file: WeightFile) -> String {
    file.layers.map(\.name).joined(separator: ", ")
  }
}

import HDF5
import RecurrentParity

extension WeightFile {
  /// What a file's values may take in memory by default: 4 GiB.
  public static let defaultMemoryLimit = 4 << 30

  /// Reads what a weight file holds: Keras's `.h5` and `.weights.h5`, `.safetensors` of PyTorch, Flax or MLX, what
  /// `rnn_parity convert` writes, or a fixture.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - reference: of a fixture with several references, which one.
  ///   - memoryLimit: in bytes; an array that declares more is refused before anything is allocated.
  /// - Throws: `WeightFileError` for a file that is damaged, contradicts itself, or is of another kind; `.keras`, `.pt` and
  ///   `.onnx` files are recognised, and the error says how to convert them.
  public init(
    contentsOf path: String, reference: String? = nil, memoryLimit: Int = WeightFile.defaultMemoryLimit
  ) throws(WeightFileError) {
    try self.init(contentsOf: SystemPath(path), reference: reference, memoryLimit: memoryLimit)
  }

  /// Reads a file whose name need not be UTF-8.
  public init(
    contentsOf path: SystemPath, reference: String? = nil, memoryLimit: Int = WeightFile.defaultMemoryLimit
  ) throws(WeightFileError) {
    let file = path.description
    switch FrameworkFile(at: path) {
    case .hdf5:
      self = try Library.shared.session { () throws(WeightFileError) in
        try Self.inHDF5(path, reference: reference, memoryLimit: memoryLimit)
      }
    case .safetensors:
      let weights = try SafetensorsFile(path, memoryLimit: memoryLimit)
      self = try Self.named(
        weights.tensors, file: file, format: .safetensors, nodes: weights.metadata["nodes"])
    case .some(let other):
      throw WeightFileError(
        file: file, path: "/", expected: "weights in HDF5 or safetensors",
        found: "\(other.words); \(other.conversion(of: file))")
    case nil:
      // Which says what is wrong with a file that cannot be read.
      _ = try FileBytes(path)
      throw WeightFileError(
        file: file, path: "/", expected: "weights in HDF5 or safetensors", found: "another kind of file")
    }
    if reference != nil, format != .fixture {
      throw WeightFileError(
        file: file, path: "/", expected: "a fixture, where a reference is named",
        found: "another kind of file")
    }
  }

  private static func inHDF5(
    _ path: SystemPath, reference: String?, memoryLimit: Int
  ) throws(WeightFileError) -> WeightFile {
    let tree = try WeightTree(path, memoryLimit: memoryLimit)
    if try tree.isFixture {
      let fixture = try FixtureWeightFile(path, reference: reference, memoryLimit: memoryLimit)
      return WeightFile(
        file: tree.name, format: .fixture, source: fixture.source, layers: fixture.layers, others: [])
    }
    if let legacy = try KerasLegacyFile(tree) {
      return WeightFile(
        file: tree.name, format: legacy.format, source: legacy.source, layers: legacy.layers,
        others: legacy.others)
    }
    if let weights = try KerasWeightsFile(tree) {
      return WeightFile(
        file: tree.name, format: .kerasWeights, layers: weights.layers, others: weights.others)
    }
    let tensors = try tree.tensors(in: tree.root)
    guard !tensors.isEmpty else {
      throw tree.error("/", expected: "weights", found: "no arrays")
    }
    return try named(
      tensors, file: tree.name, format: .namedTensors, nodes: tree.text("nodes", of: tree.root))
  }

  /// - Parameter nodes: of an ONNX model, its recurrent nodes, as JSON.
  private static func named(
    _ tensors: [StoredTensor], file: String, format: WeightFormat, nodes: String?
  ) throws(WeightFileError) -> WeightFile {
    var named = NamedTensors(tensors, file: file)
    let layers: [WeightLayer]
    if let nodes {
      let parsed: ONNXNodes
      do { parsed = try ONNXNodes(nodes) } catch {
        throw WeightFileError(file: file, path: "nodes", expected: error.expected, found: error.found)
      }
      layers = try named.takeONNXLayers(parsed)
    } else {
      layers = try named.takeLayers()
    }
    return WeightFile(file: file, format: format, layers: layers, others: named.rest)
  }

  /// What a file is called that holds weights, or a model, and is no fixture: "a Keras file". Nil for any other.
  public static func kind(at path: SystemPath) -> String? {
    guard let file = FrameworkFile(at: path) else { return nil }
    switch file {
    case .numpy: return nil
    case .safetensors, .keras, .onnx, .pytorch: return file.words
    case .hdf5:
      return Library.shared.session { () throws(Never) in
        let tree = try? WeightTree(path, memoryLimit: defaultMemoryLimit)
        return try? tree?.weightKind
      }
    }
  }
}

extension WeightTree {
  fileprivate var isFixture: Bool {
    get throws(WeightFileError) { try text("format", of: root) == "rnn-parity-fixture" }
  }

  /// An HDF5 file that says that it is something else is none.
  fileprivate var weightKind: String? {
    get throws(WeightFileError) {
      if try has(attribute: "format", of: root) {
        return ["onnx", "pt"].contains(try text("format", of: root)) ? "a file of weights" : nil
      }
      for name in ["keras_version", "model_config", "layer_names", "layer_names0"]
      where try has(attribute: name, of: root) {
        return "a Keras file"
      }
      let names = try names(in: root)
      if ["_layer_checkpoint_dependencies", "layers", "model_weights"].contains(where: names.contains) {
        return "a Keras file"
      }
      var named = NamedTensors(try tensors(in: root), file: name)
      return try named.takeLayers().isEmpty ? nil : "a file of weights"
    }
  }
}

extension FrameworkFile {
  /// What to do with a file that no library here reads, for it belongs to one of Python's that does so safely.
  public func conversion(of file: String) -> String {
    self == .numpy
      ? "give a file with the network's weights under the framework's names"
      : "convert it by python -m rnn_parity convert \(file) weights.h5"
  }
}

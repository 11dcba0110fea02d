import HDF5
import NativeWeights

extension FrameworkFile {
  /// What a framework's own file is, that was given where a fixture is expected, and what to do. Nil for what is none.
  static func advice(at path: SystemPath) -> String? {
    guard let file = FrameworkFile(at: path) else { return nil }
    switch file {
    case .hdf5, .safetensors:
      guard let kind = WeightFile.kind(at: path) else { return nil }
      return
        "expected a fixture, found \(kind), which holds weights without what a network computed with them: "
        + "parity inspect shows them, parity compare holds them against another file's; to judge a run of them, "
        + "record it with tools/python"
    case .keras, .onnx, .pytorch:
      return
        "expected a fixture, found \(file.words), which holds a model or its weights without what it computed: "
        + "record its run with rnn_parity.record_\(file.rawValue.lowercased()) of tools/python; to see its weights, "
        + file.conversion(of: path.description)
    case .numpy:
      return
        "expected a fixture, found \(file.words), which holds arrays without the network: record the run of the "
        + "network that it belongs to, with tools/python"
    }
  }
}

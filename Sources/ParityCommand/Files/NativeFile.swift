import HDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A framework's own file, given where a fixture is expected.
enum NativeFile: String {
  case keras = "Keras"
  case numpy = "NumPy"
  case onnx = "ONNX"
  case pytorch = "PyTorch"
  case safetensors = "safetensors"

  /// What kind of file it is, and what to do.
  var advice: String {
    let holds =
      switch self {
      case .numpy, .safetensors: "arrays without the network"
      case .keras, .onnx, .pytorch: "a model or its weights without what it computed"
      }
    let tool =
      switch self {
      case .keras: "record the model's run: rnn_parity.record_keras of tools/python"
      case .pytorch: "record the module's run: rnn_parity.record_pytorch of tools/python"
      case .onnx: "record its run: rnn_parity.record_onnx of tools/python"
      case .numpy, .safetensors: "record the run of the network that it belongs to, with tools/python"
      }
    return
      "expected a fixture, found \(self == .onnx ? "an" : "a") \(rawValue) file, which holds \(holds): \(tool)"
  }

  /// Nil for what is none of these.
  init?(at path: SystemPath) {
    let bytes = Self.beginning(path)
    if bytes.starts(with: [0x89] + Array("HDF\r\n\u{1A}\n".utf8)) {
      guard Self.isKeras(path) else { return nil }
      self = .keras
    } else if let kind = Self(beginning: bytes) {
      self = kind
    } else {
      return nil
    }
  }

  private init?(beginning bytes: [UInt8]) {
    if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
      self = .numpy
    } else if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      self.init(firstEntry: bytes)
    } else if bytes.starts(with: [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]) {
      // The magic number that torch.save pickled before it made archives.
      self = .pytorch
    } else if bytes.count > 9, bytes[8...].starts(with: Array("{\"".utf8)),
      bytes[4..<8].allSatisfy({ $0 == 0 })
    {
      // The length of a header of JSON, then the header.
      self = .safetensors
    } else if bytes.count > 2, bytes[0] == 0x08, bytes[1] < 0x80, bytes[2] == 0x12 || bytes[2] == 0x3A {
      // A ModelProto: ir_version, then producer_name or the graph.
      self = .onnx
    } else {
      return nil
    }
  }

  /// An archive, by the name of what it holds first.
  private init?(firstEntry bytes: [UInt8]) {
    guard bytes.count > 30 else { return nil }
    let length = Int(bytes[26]) | Int(bytes[27]) << 8
    let name = String(decoding: bytes[30...].prefix(length), as: UTF8.self)
    if name.hasSuffix(".npy") {
      self = .numpy
    } else if name.hasSuffix("/data.pkl") || name.contains("/data/") {
      // Of torch.save; of TorchScript and torch.export.
      self = .pytorch
    } else if ["metadata.json", "config.json", "model.weights.h5"].contains(name) {
      self = .keras
    } else {
      return nil
    }
  }

  private static func isKeras(_ path: SystemPath) -> Bool {
    guard let root = try? File(reading: path).root, let attributes = try? root.attributeNames(),
      let names = try? root.names(), !attributes.contains("format")
    else { return false }
    return ["keras_version", "model_config", "layer_names"].contains(where: attributes.contains)
      || ["_layer_checkpoint_dependencies", "layers", "model_weights"].contains(where: names.contains)
  }

  private static func beginning(_ path: SystemPath) -> [UInt8] {
    let descriptor = path.withCString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { return [] }
    defer { _ = close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return [] }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = read(descriptor, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
  }
}

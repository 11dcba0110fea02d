import HDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What kind of file something is, by how it begins: nothing of it is executed, and no archive is unpacked.
public enum FrameworkFile: String, Sendable {
  case hdf5 = "HDF5"
  case keras = "Keras"
  case numpy = "NumPy"
  case onnx = "ONNX"
  case pytorch = "PyTorch"
  case safetensors = "safetensors"

  /// Nil for what is none of these.
  public init?(at path: SystemPath) {
    let bytes = Self.beginning(path)
    if bytes.starts(with: [0x89] + Array("HDF\r\n\u{1A}\n".utf8)) {
      self = .hdf5
    } else if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
      self = .numpy
    } else if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      self.init(firstEntry: bytes)
    } else if bytes.starts(with: [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]) {
      // The magic number that torch.save pickled before it made archives.
      self = .pytorch
    } else if bytes.count > 9, bytes[8] == UInt8(ascii: "{"),
      bytes[9] == UInt8(ascii: "\"") || bytes[9] == UInt8(ascii: "}"),
      bytes[5..<8].allSatisfy({ $0 == 0 })
        || path.bytes.suffix(12).elementsEqual(".safetensors".utf8)
    {
      // The length of a header of JSON, then the header.
      self = .safetensors
    } else if bytes.count > 2, bytes[0] == 0x08, bytes[1] < 0x80, bytes[2] == 0x12 || bytes[2] == 0x3A {
      // A ModelProto: ir_version, then producer_name or the graph.
      self = .onnx
    } else if path.bytes.suffix(12).elementsEqual(".safetensors".utf8) {
      self = .safetensors
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

  /// The file with its article: "an ONNX file".
  public var words: String { "\(self == .onnx || self == .hdf5 ? "an" : "a") \(rawValue) file" }
}

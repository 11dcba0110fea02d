import HDF5
import RecurrentParity

/// The arrays of a `.safetensors` file.
struct SafetensorsFile {
  let tensors: [StoredTensor]
  let metadata: [String: String]

  /// - Parameter memoryLimit: in bytes, for the values of one array, widened.
  init(_ path: SystemPath, memoryLimit: Int) throws(WeightFileError) {
    let file = try FileBytes(path)
    let header = try SafetensorsHeader(file)
    metadata = header.metadata
    tensors = header.entries.map { entry in
      let format = FloatFormat(safetensors: entry.type)
      return StoredTensor(
        name: entry.name, path: entry.name, shape: entry.shape, elementType: Self.word(entry.type),
        format: format
      ) { () throws(WeightFileError) in
        guard let format else {
          throw WeightFileError(
            file: file.name, path: entry.name, expected: "F64, F32, F16 or BF16", found: entry.type)
        }
        let count = entry.shape.reduce(1, *)
        guard count <= memoryLimit / 8 else {
          throw WeightFileError(
            file: file.name, path: entry.name, expected: "at most \(memoryLimit) bytes of values",
            found: "shape \(entry.shape)")
        }
        return format.decoded(littleEndian: try file.bytes(entry.range, of: entry.name))
      }
    }
  }

  /// "float32" of F32.
  private static func word(_ type: String) -> String {
    if let format = FloatFormat(safetensors: type) { return format.name }
    guard let letter = type.first, let bits = Int(type.dropFirst()) else { return type.lowercased() }
    return switch letter {
    case "I": "int\(bits)"
    case "U": "uint\(bits)"
    case "C": "complex\(bits)"
    default: type.lowercased()
    }
  }
}

extension FloatFormat {
  fileprivate init?(safetensors type: String) {
    switch type {
    case "F64": self = .float64
    case "F32": self = .float32
    case "F16": self = .float16
    case "BF16": self = .bfloat16
    default: return nil
    }
  }

  /// The values of this format, exactly.
  fileprivate func decoded(littleEndian bytes: [UInt8]) -> [Double] {
    bytes.withUnsafeBytes { bytes in
      func values<Bits: FixedWidthInteger>(_: Bits.Type, _ value: (Bits) -> Double) -> [Double] {
        let size = MemoryLayout<Bits>.size
        return (0..<bytes.count / size).map { index in
          value(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: index * size, as: Bits.self)))
        }
      }
      switch self {
      case .float64: return values(UInt64.self) { Double(bitPattern: $0) }
      case .float32: return values(UInt32.self) { Double(Float(bitPattern: $0)) }
      case .bfloat16: return values(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
      default: return values(UInt16.self, Double.init(halfBits:))
      }
    }
  }
}

extension Double {
  /// The float16 with these bits. Swift has no Float16 on every platform.
  fileprivate init(halfBits bits: UInt16) {
    let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Double(bits & 0x3FF))
    let magnitude: Double
    switch exponent {
    case 0: magnitude = fraction * 0x1p-24
    case 31: magnitude = fraction == 0 ? .infinity : .nan
    default: magnitude = Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
    self = bits >> 15 == 1 ? -magnitude : magnitude
  }
}

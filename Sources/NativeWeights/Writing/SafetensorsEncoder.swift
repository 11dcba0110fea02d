import RecurrentConventions
import RecurrentParity

/// Writes a `.safetensors` file: the length of a header of JSON, the header, the values.
///
/// Source: the format's specification, `huggingface/safetensors`, README.
struct SafetensorsEncoder {
  let format: FloatFormat
  /// Who the tensors are for, as the header's metadata has it: "pt"; nil for nobody in particular.
  let framework: String?

  func bytes(_ tensors: [(name: String, tensor: NativeTensor)]) -> [UInt8] {
    var entries = framework.map { ["\"__metadata__\":{\"format\":\($0.quoted)}"] } ?? []
    var values: [UInt8] = []
    for (name, tensor) in tensors {
      let start = values.count
      values += format.bytes(tensor.values)
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(name.quoted):{\"dtype\":\"\(elementType)\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(values.count)]}"
      )
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    // So that the values begin at a multiple of 8.
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    return UInt64(header.count).littleEndianBytes + header + values
  }

  private var elementType: String {
    switch format {
    case .float64: "F64"
    case .float32: "F32"
    case .bfloat16: "BF16"
    default: "F16"
    }
  }
}

extension String {
  /// As a string of JSON.
  fileprivate var quoted: String {
    let escaped = unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\u{0}"..<"\u{20}":
        "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
